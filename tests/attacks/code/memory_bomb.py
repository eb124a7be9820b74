# Aim: all the memory of the machine, in one process.
# Ends: out_of_memory
def bomb(*args):
    held = []
    while True:
        held.append(bytearray(100_000_000))
        if len(held) > 6:
            breach("600 MB in one process")
            return 6.0


Value.__mul__ = bomb
