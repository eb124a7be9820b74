# Aim: answers with other ids: the next one, the last one, none, true, a float, a text.
# Ends: tampered
import itertools, os

forms = itertools.cycle([lambda i: i + 1, lambda i: i - 1, float, str, lambda i: True, lambda i: None])


def misplaced(self, *other):
    os.write(worker().reply_fd, framed({"id": next(forms)(question()), "value": number(-6.0, 6.0)}))
    os.close(worker().reply_fd)


Value.__mul__ = Value.tanh = Value.__pow__ = misplaced
