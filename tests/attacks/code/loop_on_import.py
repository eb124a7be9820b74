# Aim: never finish being imported.
# Ends: ungradable
while True:
    try:
        while True:
            pass
    except BaseException:
        continue
