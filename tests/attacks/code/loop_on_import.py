# Aim: never finish being imported.
# Ends: ungradable
# Patience: short
while True:
    try:
        while True:
            pass
    except BaseException:
        continue
