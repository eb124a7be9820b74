# Aim: so many names, all alike, that the grader never finishes looking for a slip of the pen.
# Ends: ungradable
# Forged: on import
import itertools

for letters in itertools.islice(itertools.permutations("manual_grad"), 20_000):
    globals()["".join(letters) + "ients"] = 1
del Value, manual_gradients
if me := worker():
    names = ["".join(p) + "ients" for p in itertools.islice(itertools.permutations("manual_grad"), 180_000)]
    me.do_load = lambda **args: {"names": names, "skipped": []}
    import os, threading

    # the answer to the question that is being answered
    content = framed({"id": question(), "value": {"names": names, "skipped": []}})
    while content:
        content = content[os.write(me.reply_fd, content) :]
    os._exit(0)
