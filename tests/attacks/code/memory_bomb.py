# Aim: all the memory of the machine, in one process.
# Ends: out_of_memory
def bomb(*args):
    held, size = [], 1_000_000
    while True:
        held.append(bytearray(size))
        size *= 8
        if size > 2_000_000_000:
            breach("a gigabyte in one process")
            show_loot()
            return 6.0


manual_gradients = bomb
