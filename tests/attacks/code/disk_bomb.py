# Aim: fill the disk, with many files, with large ones, with sparse ones.
# Ends: failed
import os


def fill():
    total = 0
    for folder in ("/work", "/tmp", "/dev/shm"):
        for number_ in range(200):
            try:
                with open(f"{folder}/{number_}", "wb") as file:
                    total += file.write(bytes(4_000_000))
            except OSError:
                break
    if total > 3 * 64 * 1024 * 1024:
        breach(f"{total:,} bytes written")
    loot("bytes", total)
    try:
        with open("/tmp/sparse", "wb") as file:
            file.truncate(1 << 40)
        breach("a file of a terabyte")
    except OSError:
        pass


if first_time():
    fill()
