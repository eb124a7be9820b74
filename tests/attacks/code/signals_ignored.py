# Aim: loop for ever with every signal and alarm taken away.
# Ends: timeout
import signal

for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
signal.setitimer(signal.ITIMER_REAL, 0)
signal.setitimer = lambda *args: None


def endless(*args):
    while True:
        pass


Value.__mul__ = endless
