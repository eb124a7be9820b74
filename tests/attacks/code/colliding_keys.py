# Aim: dictionaries whose keys all have the same hash, to keep the grader busy for minutes.
# Ends: failed, error, tampered
# May: error, tampered, failed, timeout
keys = [(2**61 - 1) * number for number in range(1, 20_000)]
big = {"dict": [[key, 0] for key in keys]}
manual_gradients = lambda *args: dict.fromkeys(keys, 1.0)

if me := worker():
    encode = me.encode_collection
    # without the worker's own cap, many of them in one answer
    me.encode_collection = lambda value, depth: {"list": [big, big, big, big, big]}
