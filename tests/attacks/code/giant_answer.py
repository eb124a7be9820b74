# Aim: answers just below every cap, with as many objects in them as fit.
# Ends: tampered
import os


def giant(*args):
    content = b'{"id":%d,"value":{"tuple":[' % question() + b"{\"list\":[]}," * 300_000
    os.write(worker().reply_fd, framed(content + b"null]}}"))
    os._exit(0)


Value.__mul__ = manual_gradients = Value.tanh = giant
