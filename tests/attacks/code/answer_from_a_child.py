# Aim: a child process that keeps the channel and answers after its parent has ended.
# Ends: error
import os, time


def child(self, other):
    me, asked = worker(), question()
    if os.fork() == 0:
        os.setsid()
        time.sleep(0.2)
        os.write(me.reply_fd, framed({"id": asked + 1, "value": [number(-6.0, 6.0)] * 2}))
        time.sleep(60)
    os._exit(0)


Value.__mul__ = child
