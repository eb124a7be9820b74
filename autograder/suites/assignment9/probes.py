"""assignment9: what log, softmax and nll are asked to tell one mistake from another."""

LOGITS = [0.5, 3.0, -2.0, 1.25]


def logarithm(number, factor=1.0):
    """The logarithm of a number, and its slope under a factor."""

    def probe(learner):
        a = learner.Value(number)
        b = learner.log(a)
        if not learner.is_instance(b, "Value"):
            return ["no Value", b]
        (b * factor).backward()
        return [b.data, a.grad]

    return probe


def method(learner):
    """The logarithm as a method."""
    return learner.Value(2.5).log().data


def summed(learner):
    """The slope of a logarithm that is used twice."""
    a = learner.Value(2.5)
    (learner.log(a) + learner.log(a)).backward()
    return a.grad


def numbers(answer):
    return [item if isinstance(item, (int, float)) else item.data for item in answer]


def softmax(logits):
    """The probabilities, and what the logits are afterwards."""

    def probe(learner):
        values = [learner.Value(number) for number in logits]
        answer = learner.softmax(values)
        return [numbers(answer), [value.data for value in values]]

    return probe


def softmax_slopes(learner):
    """The slopes of the second probability."""
    values = [learner.Value(number) for number in LOGITS]
    learner.softmax(values)[1].backward()
    return [value.grad for value in values]


def loss(logits, target):
    """The loss, and its slopes."""

    def probe(learner):
        values = [learner.Value(number) for number in logits]
        answer = learner.nll(values, target)
        answer.backward()
        return [answer.data, [value.grad for value in values]]

    return probe


PROBES = {
    "log": logarithm(2.5),
    "log of a small number": logarithm(0.25),
    "log from above": logarithm(2.5, -3.0),
    "log as a method": method,
    "log twice": summed,
    "softmax": softmax(LOGITS),
    "softmax of other numbers": softmax([-1.5, -0.5, -3.0]),
    "softmax of large numbers": softmax([1000.0, 998.0, 999.5]),
    "softmax of very negative numbers": softmax([-1000.0, -998.0, -999.5]),
    "softmax of a wide range": softmax([-800.0, 3.0, 0.5]),
    "slopes of softmax": softmax_slopes,
    "nll": loss(LOGITS, 3),
    "nll of the first": loss(LOGITS, 0),
    "nll of the second": loss(LOGITS, 1),
}
