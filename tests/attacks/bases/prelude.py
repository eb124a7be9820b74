# What every attack finds: where the canaries are, and how to boast of what it took.
LOOT = []


def loot(what, taken):
    """What was read is shown in the report, where a secret would be seen."""
    LOOT.append(f"{what}: {str(taken)[:2000]}")


def breach(what):
    """Something succeeded that must not."""
    LOOT.append("BREA" + "CH: " + what)


def attempt(what, action, *arguments):
    """Do what must fail: a success is a breach, a failure is noted."""
    try:
        result = action(*arguments)
    except BaseException as error:
        LOOT.append(f"{what}: refused ({type(error).__name__})")
    else:
        breach(f"{what}: {result!r:.300}")


def show_loot():
    while LOOT:
        print(LOOT.pop(0))


