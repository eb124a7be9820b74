# Aim: examples whose answers are megabytes of markup, and another one each time they are asked.
# Ends: tampered
if me := worker():
    text = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\x1b[2J\u202e" * 20_000
    me.given = getattr(me, "given", 0)

    def example(lines, look):
        me.given += 1
        return {"tuple": [None, f"{me.given}{text[: 10 ** (me.given % 7)]}", True]}

    me.do_example = example
