"""The reference against the `micrograd` package, against finite differences, and at its limits."""

import ast
import gc
import inspect
import math
import operator
import random
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from micrograd.engine import Value as Theirs

import micrograd_ref
from micrograd_ref import MLP, Layer, Module, Neuron, Value, engine, nn

OPERATORS: dict[str, Callable[..., Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "n+": lambda a, n: n + a,
    "n-": lambda a, n: n - a,
    "n*": lambda a, n: n * a,
    "n/": lambda a, n: n / a,
    "+n": lambda a, n: a + n,
    "-n": lambda a, n: a - n,
    "*n": lambda a, n: a * n,
    "/n": lambda a, n: a / n,
    "**2": lambda a, _: a**2,
    "**3": lambda a, _: a**3,
    "**-1": lambda a, _: a**-1,
    "**0.5": lambda a, _: (a * a + 0.5) ** 0.5,  # of what is positive
    "neg": lambda a, _: -a,
    "relu": lambda a, _: a.relu(),
}
BINARY = ("+", "-", "*", "/")
NUMBERS = st.floats(0.25, 3.0).flatmap(lambda x: st.sampled_from([x, -x]))
STEPS = st.tuples(
    st.sampled_from(sorted(OPERATORS)), st.integers(0, 30), st.integers(0, 30), NUMBERS
)


def run(make: Callable[..., Any], inputs: list[float], steps: list[Any]) -> list[Any]:
    """The nodes of a program: the inputs, then a node for each step."""
    nodes = [make(number) for number in inputs]
    for op, first, second, constant in steps:
        a, b = nodes[first % len(nodes)], nodes[second % len(nodes)]
        nodes.append(OPERATORS[op](a, b if op in BINARY else constant))
    return nodes


def readme(make: Callable[..., Any]) -> tuple[Any, Any, Any]:
    """The expression of micrograd's README, as it stands there."""
    a = make(-4.0)
    b = make(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    return a, b, g


@given(st.lists(NUMBERS, min_size=1, max_size=4), st.lists(STEPS, min_size=1, max_size=14))
def test_a_random_program_gives_the_same_numbers_and_the_same_graph(
    inputs: list[float], steps: list[Any]
) -> None:
    try:
        theirs = run(Theirs, inputs, steps)
    except ArithmeticError as error:
        with pytest.raises(type(error)):
            run(Value, inputs, steps)
        return
    assume(all(math.isfinite(node.data) and abs(node.data) < 1e8 for node in theirs))
    ours = run(Value, inputs, steps)

    assert [node.data for node in theirs] == [node.data for node in ours]
    assert [type(node.data) for node in theirs] == [type(node.data) for node in ours]
    assert [node._op for node in theirs] == [node._op for node in ours]
    assert [repr(node) for node in theirs] == [repr(node) for node in ours]
    assert [positions(node, theirs) for node in theirs] == [positions(node, ours) for node in ours]
    try:
        theirs[-1].backward()
    except ArithmeticError as error:
        with pytest.raises(type(error)):
            ours[-1].backward()
        return
    ours[-1].backward()
    largest = max(1.0, *(abs(node.grad) for node in theirs))
    assert [node.grad for node in ours] == [
        pytest.approx(node.grad, rel=1e-9, abs=1e-9 * largest) for node in theirs
    ]


def positions(node: Any, nodes: list[Any]) -> set[int]:
    """Where a node's operands stand among the nodes; -1 for those without a name."""
    places = {id(n): place for place, n in enumerate(nodes)}
    return {places.get(id(operand), -1) for operand in node._prev}


def test_the_expression_of_micrograds_readme() -> None:
    a, b, g = readme(Value)

    assert f"{g.data:.4f}" == "24.7041"
    assert f"{a.grad:.4f}" == "138.8338"
    assert f"{b.grad:.4f}" == "645.5773"
    theirs = readme(Theirs)
    assert [(x.data, x.grad) for x in theirs] == [
        (x.data, pytest.approx(x.grad, rel=1e-12)) for x in (a, b, g)
    ]


def test_it_has_all_names_of_the_package() -> None:
    def public(thing: Any) -> set[str]:
        return {name for name in dir(thing) if name not in dir(object)}

    assert public(Theirs(1.0)) - {"__dict__", "__module__", "__weakref__"} <= public(Value(1.0))
    theirs = list(inspect.signature(Theirs).parameters.values())
    ours = list(inspect.signature(Value).parameters.values())
    assert [(p.name, p.default) for p in theirs] == [(p.name, p.default) for p in ours[:3]]


def test_a_leaf() -> None:
    leaf = Value(3)

    assert (3, 0, "", "", set()) == (leaf.data, leaf.grad, leaf._op, leaf.label, leaf._prev)
    assert type(leaf.data) is int
    leaf._backward()
    assert repr(leaf) == "Value(data=3, grad=0)"
    assert Value(1.0, label="a").label == "a"


@pytest.mark.parametrize("kind", [tuple, list, set, frozenset, iter])
def test_children_may_come_in_any_collection(kind: Callable[[list[Value]], Any]) -> None:
    a, b = Value(2.0), Value(3.0)
    out = Value(6.0, kind([a, b]), "*")

    assert {a, b} == out._prev
    assert out._prev is out._prev
    assert type(out._prev) is set


def test_the_set_of_operands_can_be_changed_and_replaced() -> None:
    """A program that cuts a graph, or adds an operand by hand, does so here too."""
    a, b = Value(2.0), Value(3.0)
    total = a + a
    total._prev.add(b)
    root = total * 1.0
    seen: list[str] = []
    a._backward, b._backward = (lambda: seen.append("a")), (lambda: seen.append("b"))
    root.backward()

    assert sorted(seen) == ["a", "b"]
    total._prev = set()
    seen.clear()
    root.backward()
    assert seen == []


def test_a_value_is_no_exponent() -> None:
    with pytest.raises(TypeError, match="only int and float exponents are supported"):
        Value(2.0) ** Value(2.0)  # type: ignore[operator]  # that is refused


@pytest.mark.parametrize("x", [-2.0, -0.0, 0.0, 0, 1e-9, 2.0, math.inf, -math.inf, math.nan])
def test_relu_is_that_of_the_package_at_the_kink_and_beyond(x: float) -> None:
    theirs, ours = Theirs(x), Value(x)
    up_theirs, up_ours = theirs.relu(), ours.relu()
    up_theirs.backward()
    up_ours.backward()

    assert repr(up_theirs) == repr(up_ours)
    assert float(theirs.grad) == float(ours.grad)


def test_backward_adds_to_what_was_there() -> None:
    a = Value(2.0)
    a.grad = 10.0
    (a * 3.0).backward()

    assert a.grad == 13.0


def test_the_second_backward_on_a_graph_is_that_of_the_package() -> None:
    def twice(make: Callable[..., Any]) -> float:
        a = make(2.0)
        root = a * a + a
        root.backward()
        root.backward()
        return float(a.grad)

    assert twice(Theirs) == twice(Value)


@pytest.mark.parametrize(
    ("name", "low", "high"), [("exp", -4.0, 4.0), ("tanh", -4.0, 4.0), ("log", 0.1, 20.0)]
)
def test_exp_tanh_and_log_have_the_slope_of_central_differences(
    name: str, low: float, high: float
) -> None:
    function = getattr(math, name)

    @given(st.floats(low, high), st.floats(-3.0, 3.0))
    def check(x: float, upstream: float) -> None:
        leaf = Value(x)
        out = getattr(leaf, name)()
        (out * upstream).backward()
        h = 1e-5 * max(1.0, abs(x))
        slope = (function(x + h) - function(x - h)) / (2 * h)
        assert out.data == function(x)
        assert out._prev == {leaf}
        assert out._op == name
        assert leaf.grad == pytest.approx(upstream * slope, rel=1e-5, abs=1e-8)

    check()


def test_log_is_undefined_at_zero() -> None:
    with pytest.raises(ValueError, match=r"math domain error|expected a positive input"):
        Value(0.0).log()


def test_tanh_of_a_thousand() -> None:
    leaf = Value(1000.0)
    out = leaf.tanh()
    out.backward()

    assert (out.data, leaf.grad) == (1.0, 0.0)


def test_a_chain_of_a_million_nodes_goes_forward_and_backward() -> None:
    leaf = node = Value(0.5)
    gc.disable()  # it would look through all of them again and again, and take half a minute
    try:
        for _ in range(1_000_000):
            node = node.relu()
        node.backward()
    finally:
        gc.enable()

    assert (node.data, leaf.grad) == (0.5, 1.0)


def test_shared_nodes_by_the_thousand_are_entered_once() -> None:
    """A ladder of 2 to the 2,000 paths: the order must not walk paths."""
    leaf = Value(1.0)
    node = leaf
    for _ in range(2_000):
        node = (node + node) * 0.5
    node.backward()

    assert leaf.grad == 1.0


def test_the_order_has_operands_before_results() -> None:
    rng = random.Random(1)
    nodes = [Value(1.0) for _ in range(5)]
    for _ in range(300):
        nodes.append(rng.choice(nodes) * rng.choice(nodes))
    order = nodes[-1]._topological_order()
    place = {node: number for number, node in enumerate(order)}

    assert order[-1] is nodes[-1]
    assert len(order) == len(place)
    assert all(place[operand] < place[node] for node in order for operand in node._prev)


def test_mlp_has_41_parameters() -> None:
    net = MLP(3, [4, 4, 1])

    assert len(net.parameters()) == 41
    assert len({id(p) for p in net.parameters()}) == 41
    assert [len(layer.neurons) for layer in net.layers] == [4, 4, 1]
    assert [len(layer.neurons[0].w) for layer in net.layers] == [3, 4, 4]
    assert all(type(p) is Value for p in net.parameters())
    assert all(-1 <= w.data <= 1 for neuron in net.layers[0].neurons for w in neuron.w)


def test_a_neuron_is_tanh_of_the_weighted_sum() -> None:
    neuron = Neuron(2)
    for weight, number in zip(neuron.w, (-3.0, 1.0), strict=True):
        weight.data = number
    neuron.b.data = 6.88137358
    x = [Value(2.0), Value(0.0)]
    out = neuron(x)
    out.backward()

    assert out.data == pytest.approx(0.7071, abs=5e-5)
    grads = [x[0].grad, neuron.w[0].grad, x[1].grad, neuron.w[1].grad]
    assert grads == [pytest.approx(g, abs=1e-4) for g in (-1.5, 1.0, 0.5, 0.0)]


def test_inputs_may_be_numbers_and_values() -> None:
    random.seed(7)
    net = MLP(2, [3, 2])
    from_numbers = net([1, -0.5])
    from_values = net((Value(1), Value(-0.5)))

    assert isinstance(from_numbers, list)
    assert isinstance(from_values, list)
    assert [v.data for v in from_numbers] == [v.data for v in from_values]
    assert all(-1 < v.data < 1 for v in from_numbers)


def test_a_layer_of_one_neuron_returns_the_value_also_within_a_net() -> None:
    assert type(Layer(2, 1)([1.0, 2.0])) is Value
    assert type(MLP(2, [1, 1])([1.0, 2.0])) is Value
    assert isinstance(MLP(2, [1, 2])([1.0, 2.0]), list)


def test_a_wrong_number_of_inputs_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        Neuron(3)([1.0, 2.0])


def test_zero_grad_forgets_every_gradient() -> None:
    net = MLP(2, [3, 1])
    out = net([1.0, 2.0])
    assert isinstance(out, Value)
    out.backward()
    assert any(p.grad for p in net.parameters())
    net.zero_grad()

    assert all(p.grad == 0 for p in net.parameters())
    assert Module().parameters() == []
    Module().zero_grad()


def test_gradients_of_a_net_are_those_of_central_differences() -> None:
    random.seed(3)
    net = MLP(2, [3, 1])

    def output() -> Value:
        out = net([0.5, -1.0])
        assert isinstance(out, Value)
        return out

    output().backward()
    for parameter in net.parameters():
        number, h = parameter.data, 1e-6
        parameter.data = number + h
        above = output().data
        parameter.data = number - h
        below = output().data
        parameter.data = number
        assert parameter.grad == pytest.approx((above - below) / (2 * h), rel=1e-5, abs=1e-8)


@pytest.mark.parametrize("module", [engine, nn])
def test_each_module_is_read_in_one_sitting(module: ModuleType) -> None:
    assert module.__file__ is not None
    text = Path(module.__file__).read_text("utf-8")

    assert len(text.splitlines()) < 150


def test_it_imports_nothing_of_ours_and_the_standard_library_alone() -> None:
    import sys

    assert micrograd_ref.__file__ is not None
    found = set()
    for path in Path(micrograd_ref.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add((node.module or "").split(".")[0])

    assert found - set(sys.stdlib_module_names) == {"micrograd_ref"}
