# Aim: bytes after the answer, half a frame, a frame of nothing.
# Ends: tampered
import itertools, os

if me := worker():
    extras = itertools.cycle([b"x", b"\0\0\0\0", b"\0\0\1\0half", b"\0" * 5000])
    send = me.send

    def more(message):
        send(message)
        os.write(me.reply_fd, next(extras))

    Value.__mul__ = Value.tanh = lambda self, *other: setattr(me, "send", more)
