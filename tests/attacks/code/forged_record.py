# Aim: a record of tens of thousands of nodes and calls, over which the grader is to sit for minutes.
# Base: toposort
# Ends: tampered
if me := worker():
    MANY = 19_000
    nodes = [{"handle": n, "type": "Value", "callable": False} for n in range(MANY)]
    record = {
        "nodes": nodes,
        "edges": [[n, n + 1] for n in range(MANY - 1)],
        "calls": list(range(MANY)) * 3,
        "grads": [1.0] * MANY,
    }
    me.do_record_backward = lambda **question: record
    me.do_graph = lambda **question: {"nodes": nodes, "edges": record["edges"]}
