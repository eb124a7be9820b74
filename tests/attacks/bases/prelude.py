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


def first_time():
    """Whether this process runs the file for the first time: a suite has it run dozens of times."""
    import sys

    again = hasattr(sys, "ran_before")
    sys.ran_before = True
    return not again


def show_loot():
    LOOT.sort(key=lambda line: "BREA" + "CH" not in line)  # what is printed is cut at its end
    while LOOT:
        print(LOOT.pop(0))
def worker():
    """The object that answers the grader, found on the stack."""
    import sys

    frame = sys._getframe()
    while frame is not None:
        found = frame.f_locals.get("self")
        if hasattr(found, "reply_fd"):
            return found
        frame = frame.f_back


def question():
    """The id of the question that is being answered, found on the stack."""
    import sys

    frame = sys._getframe()
    while "request" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["request"]["id"]


def framed(content):
    import json

    content = content if isinstance(content, bytes) else json.dumps(content).encode()
    return len(content).to_bytes(4, "big") + content


def number(data=0.0, grad=0.0):
    """A worker's answer to an evaluation of a few steps: everything is that."""
    names = [*"abcdefghijklmnopqrstuvwxyz", "L"]
    return {
        "data": {name: data for name in names},
        "grads": {name: grad for name in names},
        "failed": None,
        "error": None,
    }


