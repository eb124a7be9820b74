# Aim: the worker answers with handles that say that they are floats.
# Ends: failed
if me := worker():
    liar = {"handle": 0, "type": "float", "callable": False}
    me.encode = lambda value, depth=0: liar
