# Aim: numbers with millions of digits, huge exponents, and the constants that are not JSON.
# Ends: tampered
import itertools, os

numbers = itertools.cycle([b"9" * 3_000_000, b"1e999999", b"NaN", b"Infinity", b"-" + b"1" * 400,
                           b"0." + b"3" * 3_000_000, b"1E+400", b'{"float": "1.0"}'])


def odd(*args):
    head = b'{"id":%d,"value":{"tuple":[{"dict":[["L",' % question()
    os.write(worker().reply_fd, framed(head + next(numbers) + b']]},{"list":[]}]}}'))
    os._exit(0)


manual_gradients = Value.__mul__ = odd
