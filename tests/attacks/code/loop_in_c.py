# Aim: a loop in C that no Python signal handler interrupts, and a regular expression that explodes.
# Ends: timeout
import re


def in_c(*args):
    return 9 ** (9**9)


def explode(*args):
    return re.match(r"(a|a)*$", "a" * 60 + "b")


Value.__mul__, Value.tanh = in_c, explode
