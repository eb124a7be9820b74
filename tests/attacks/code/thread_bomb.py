# Aim: threads without end.
# Ends: failed
import threading

stop, started = threading.Event(), 0
try:
    while started < 10_000:
        threading.Thread(target=stop.wait, daemon=True).start()
        started += 1
    breach(f"{started} threads")
except RuntimeError:
    loot("threads", started)
