# Aim: two answers to one question, the second one right.
# Ends: tampered
import os


def twice(self, other):
    me, answer = worker(), {"id": question(), "value": [number(-6.0, -3.0), number(-6.0, 7.5)]}
    os.write(me.reply_fd, framed(answer) + framed(answer))
    return mul(self, other)


Value.__mul__ = twice
