# Aim: answer the question that is asked first while the file is still being imported.
# Ends: ungradable
# Forged: on import
import os, time

if me := worker():
    os.write(me.reply_fd, framed({"id": question(), "value": {"names": ["Value"], "skipped": []}}))
    os.write(me.reply_fd, framed({"id": question() + 1, "value": None}))
    time.sleep(0.2)
