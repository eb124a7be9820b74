# Aim: put other things in the places of the worker's descriptors.
# Ends: error
import os


def swap(*args):
    me, (read, write) = worker(), os.pipe()
    os.dup2(write, me.reply_fd)
    os.dup2(read, me.request_fd)
    os.dup2(os.open("/dev/zero", os.O_RDONLY), 0)
    os.dup2(os.open("/dev/full", os.O_WRONLY), 1)
    os.close(read), os.close(write)


manual_gradients = swap
