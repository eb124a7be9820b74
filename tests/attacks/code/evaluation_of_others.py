# Aim: an evaluation that failed at a step that there is not, with an error that is none.
# Ends: tampered
import itertools

forms = itertools.cycle([
    {"data": {}, "grads": {}, "failed": "zzz", "error": {"type": "E", "message": "", "places": []}},
    {"data": {}, "grads": {}, "failed": "backward", "error": None},
    {"data": [], "grads": {}, "failed": None, "error": None},
    {"data": {}, "grads": {}, "failed": "backward", "error": {"type": 5}},
    {"data": {}, "failed": None}, None, [], "passed", True,
])
if me := worker():
    me.do_evaluate = lambda **question: next(forms)
    me.do_evaluate_each = lambda upstreams, **question: [next(forms) for _ in upstreams]
