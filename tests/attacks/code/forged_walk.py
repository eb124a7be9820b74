# Aim: a walk to be drawn of thousands of steps and edges, with long markup and escapes for names.
# Ends: failed, tampered
if me := worker():
    name = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\x1b[2J\u202e" * 20
    nodes = [[name, name, name, [0] * 100, 10**15]] + [[name, name, 1.0, [], 0]] * 50
    walks = [
        {"nodes": nodes, "steps": [], "left_out": 10**15},
        {"nodes": nodes, "steps": [[0, 2.0, [], "called"]] * 15_000, "left_out": 10**15},
        {"nodes": nodes, "steps": [[0, name, [[1, 0.0, name, False]], "called"]] * 100, "left_out": 0},
        {"nodes": [[name, name, name, [0] * 20_000, 0]], "steps": [], "left_out": 0},
    ]
    me.given = getattr(me, "given", 0)

    def forged(**question):
        me.given += 1
        return walks[me.given % len(walks)]

    me.do_walk_expression = forged
