# Aim: crash the interpreter through ctypes, on reading and on writing.
# Ends: error
import ctypes

Value.__mul__ = lambda *args: ctypes.string_at(0)
Value.tanh = lambda *args: ctypes.memset(1, 0, 100)
