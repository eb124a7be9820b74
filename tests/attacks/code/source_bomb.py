# Aim: a source that crashes or never ends in whoever parses it.
# Ends: ungradable
exec(compile("(" * 100 + ")" * 100, "closures.py", "exec"))
deep = "-" * 300_000 + "1"
try:
    eval(deep)
except (RecursionError, MemoryError, SyntaxError):
    pass
exec("x = " + "[" * 150 + "]" * 150)
eval("(" + "a." * 90_000 + "a)")
raise SystemExit
