"""Runs the learner's code and answers one question at a time in plain data.

Started as `python -c … REQUEST_FD REPLY_FD LIMITS` in an empty folder. It imports only the standard
library, the table of operators, the recorder and the stand-ins for plotting. Nothing it says is
trusted: the process that asks reaches the verdict. It is one long file so that it can be audited
from top to bottom: with those three modules it is all of our code that the learner's code meets.
"""

from __future__ import annotations

# Only the C parts of signal and json: importing the whole modules doubles the time to start.
import _signal as signal  # type: ignore[import-not-found]  # typeshed lacks it
import builtins
import math
import operator
import os
import struct
import sys
import types
from _json import encode_basestring, make_encoder, make_scanner

from autograder import recorder
from autograder.operators import apply, values_of
from autograder.worker.inert import BUILTINS, Inert, stand_in

TYPE_CHECKING = False  # from `typing`, which takes its time to import
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Step = tuple[str, str, list[str | float]]

VERSION = 1
HEADER = struct.Struct(">I")
MAX_FRAME = 4 * 1024 * 1024  # bytes of one message, either way
MAX_ITEMS = 20_000  # of one collection
MAX_DEPTH = 12  # of collections within collections
MAX_CONTAINERS = 100_000  # JSON lists and objects in one message: decoding each costs time
MAX_PAIRS = 1_000  # of one dictionary
MAX_KEY_BITS = 60  # of an integer key: up to this size no two have the same hash
MAX_NAMES = 2_000  # that a module defines; also the most errors of skipped cells
MAX_TEXT = 20_000  # characters of one text
MAX_INT_BITS = 1024  # the range of a float
MAX_LINES = 8  # of a traceback
COMPREHENSIONS = ("<listcomp>", "<setcomp>", "<dictcomp>")  # frames of their own before 3.12
FIRST_HASH = 1_000_003
ORDERS = (1, -1, 3, 5)  # see fixed_hash; of small sets one is the reverse of another
RESERVE = 1024 * 1024  # bytes reserved for reporting that memory has run out

_read, _write = os.read, os.write


class _Strict:
    """The settings with which `json.loads` reads by default."""

    strict, object_hook, object_pairs_hook = True, None, None
    parse_float, parse_int, parse_constant = float, int, float

    def __init__(self) -> None:
        self.memo: dict[str, str] = {}


def _refuse(value: object) -> object:
    raise TypeError(f"{type(value).__name__} is no plain data")


_scan = make_scanner(_Strict())  # type: ignore[arg-type]  # that is what it takes
_chunks = make_encoder(None, _refuse, encode_basestring, None, ":", ",", False, False, True)


def _loads(text: str) -> Any:
    """`json.loads(text)`, for a text without surrounding whitespace."""
    return _scan(text, 0)[0]


def _dumps(message: object) -> str:
    """`json.dumps(message, ensure_ascii=False)`, without spaces."""
    return "".join(_chunks(message, 0))


class DeadlinePassed(BaseException):
    """The learner's code did not answer in time."""


class NotAValue(Exception):
    """A step of an expression gave something other than a Value."""


def run_steps(steps: list[Step], names: dict[str, Any]) -> Any:
    """Compute `steps`, each [name, op, operands], into `names`; return the last result."""
    result = None
    for name, op, operands in steps:
        result = apply(op, values_of(operands, names))
        names[name] = result
    return result


def reachable(root: Any) -> list[Any]:
    """Every node reachable through `_prev`, root first; nodes are compared by identity.

    Raises:
        RuntimeError: there are more than `MAX_ITEMS`.
    """
    found: dict[int, Any] = {}
    pending = [root]
    while pending:
        node = pending.pop()
        if id(node) not in found:
            found[id(node)] = node
            pending.extend(node._prev)
            if len(found) > MAX_ITEMS:
                raise RuntimeError(f"the graph has more than {MAX_ITEMS} nodes, or no end")
    return list(found.values())


def operands_first(root: Any) -> list[Any]:
    """The nodes reachable from root, each after its operands; raises RuntimeError for a cycle."""
    order: list[Any] = []
    state: dict[int, str] = {}
    pending: list[tuple[Any, Any]] = [(root, None)]
    while pending:
        node, operands = pending.pop()
        if operands is None:
            if id(node) in state:
                if state[id(node)] == "open":
                    raise RuntimeError("the graph has a cycle: a node is its own operand")
                continue
            state[id(node)] = "open"
            operands = iter(list(node._prev))
        for operand in operands:
            if state.get(id(operand)) == "open":
                raise RuntimeError("the graph has a cycle: a node is its own operand")
            if id(operand) not in state:
                pending.append((node, operands))
                pending.append((operand, None))
                break
        else:
            state[id(node)] = "done"
            order.append(node)
    return order


def graph(root: Any) -> tuple[list[Any], list[list[int]]]:
    """The nodes reachable from root, and the edges [operand, result] as positions among them."""
    nodes = reachable(root)
    index = {id(node): number for number, node in enumerate(nodes)}
    return nodes, [[index[id(o)], index[id(n)]] for n in nodes for o in list(n._prev)]


class RefusedImports:
    """The last import finder: plotting packages get a stand-in, all others a clear refusal."""

    def __init__(self, allowed: str, packages: list[str], module: Callable[[], Any]) -> None:
        self.allowed, self.packages, self.module = allowed, packages, module

    def find_spec(self, name: str, path: object = None, target: object = None) -> Any:
        if path is None and name in self.packages:
            raise ModuleNotFoundError(f"`{name}` is not installed here.", name=name)
        if (spec := stand_in(name, self.module)) is not None:
            return spec
        if path is None:
            raise ModuleNotFoundError(
                f"`{name}` cannot be imported here. Allowed: {self.allowed}.", name=name
            )
        return None


class fixed_hash:  # noqa: N801  it makes a method
    """Hashes objects by the order in which they are first seen, not by their memory address.

    Args:
        factor: multiplies the numbers, so that sets iterate in a different order.
    """

    def __init__(self, factor: int) -> None:
        self.numbers: dict[int, tuple[int, Any]] = {}

        def method(met: Any) -> int:
            known = self.numbers.get(id(met))
            if known is None:  # kept alive, or another object could get its id
                known = self.numbers[id(met)] = (FIRST_HASH + len(self.numbers) * factor, met)
            return known[0]

        self.method = method


def containers(data: bytes) -> int:
    """An upper bound on the number of lists and objects in this JSON."""
    return data.count(b"[") + data.count(b"{")


class Worker:
    """Answers requests until the other side hangs up."""

    def __init__(self, request_fd: int, reply_fd: int) -> None:
        self.request_fd, self.reply_fd = request_fd, reply_fd
        self.objects: dict[int, Any] = {}
        self.handles: dict[int, int] = {}
        self.module: Any = None
        self.first: Any = None
        self.name = self.until = ""
        self.blocks: list[tuple[str, str, bool]] = []
        self.hashed = fixed_hash(ORDERS[0])
        self.own_modules: set[str] = set()
        self.own_files: set[str] = set()
        self.provided: list[str] = []
        self.packages: list[str] = []
        self.seed = 0
        self.functions: list[list[list[Any]]] = []
        self.replaced: list[Callable[[], None]] = []
        self.reserve: bytearray | None = None

    # --- frames -----------------------------------------------------------------------------

    def read_exactly(self, count: int) -> bytes:
        parts = []
        while count:
            part = _read(self.request_fd, count)
            if not part:
                os._exit(0)
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def send(self, message: dict[str, Any]) -> None:
        data = _dumps(message).encode("utf-8", "replace")
        if len(data) > MAX_FRAME or containers(data) > MAX_CONTAINERS:
            error = ValueError("the answer is too large to look at")
            self.send({"id": message["id"], "error": self.describe(error)})
            return
        data = HEADER.pack(len(data)) + data
        while data:
            data = data[_write(self.reply_fd, data) :]

    def serve(self) -> None:
        self.send({"hello": VERSION})
        while True:
            (size,) = HEADER.unpack(self.read_exactly(HEADER.size))
            request = _loads(self.read_exactly(size).decode())
            self.send(self.answer(request))

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        reply: dict[str, Any] = {"id": request["id"]}
        self.functions = []
        try:
            self.reserve = self.reserve or bytearray(RESERVE)
            signal.setitimer(signal.ITIMER_REAL, request["seconds"])
            try:
                if "anew" in request:
                    self.reset()
                reply["value"] = getattr(self, "do_" + request["op"])(**request["args"])
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
        except BaseException as error:  # the learner's code may raise SystemExit, too
            self.reserve = None
            reply["error"] = self.describe(error)
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BaseException:  # the learner may have closed or replaced it
                continue
        return reply

    # --- plain data -------------------------------------------------------------------------

    def encode(self, value: Any, depth: int = 0) -> Any:
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is float:
            return value if math.isfinite(value) else {"float": str(value)}
        if kind is int:
            return value if value.bit_length() <= MAX_INT_BITS else self.handle(value)
        if kind is str:
            return value[:MAX_TEXT]
        if kind.__module__ in self.own_modules and not issubclass(kind, str):
            return self.handle(value)
        if isinstance(value, (list, tuple, set, frozenset, dict)):
            return self.encode_collection(value, depth + 1)
        plain = self.plain(value)
        return self.handle(value) if plain is None else self.encode(plain, depth)

    def encode_collection(self, value: Any, depth: int) -> dict[str, Any]:
        most = MAX_PAIRS if isinstance(value, dict) else MAX_ITEMS
        if len(value) > most or depth > MAX_DEPTH:
            raise ValueError("the collection is too large to look at")
        if isinstance(value, dict):
            pairs = list(value.items())
            if any(type(k) is int and k.bit_length() > MAX_KEY_BITS for k, _ in pairs):
                raise ValueError("a key is too large to look at")
            return {"dict": [[self.encode(k, depth), self.encode(v, depth)] for k, v in pairs]}
        items = [self.encode(item, depth) for item in list(value)]
        if isinstance(value, (list, tuple)):
            return {"list" if isinstance(value, list) else "tuple": items}
        return {"set": items}

    def plain(self, value: Any) -> Any:
        """A number or text of another type (numpy's, an enum's) as Python's own, else None."""
        if isinstance(value, int):
            return int.__int__(value)
        if isinstance(value, float):
            return float.__float__(value)
        if isinstance(value, str):
            return str.__str__(value)
        if type(value).__module__ == "numpy" and getattr(value, "ndim", None) == 0:
            item = value.item()
            return item if type(item) in (bool, int, float) else None
        return None

    def handle(self, value: Any) -> dict[str, Any]:
        number = self.handles.get(id(value))
        if number is None:
            number = self.handles[id(value)] = len(self.objects)
            self.objects[number] = value
        return {"handle": number, "type": type(value).__name__, "callable": callable(value)}

    def decode(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        ((kind, content),) = value.items()
        if kind == "handle":
            return self.objects[content]
        if kind == "name":
            return self.look_up(content)
        if kind == "float":
            return float(content)
        if kind in ("list", "tuple", "set"):
            items = [self.decode(item) for item in content]
            return {"list": list, "tuple": tuple, "set": set}[kind](items)
        if kind == "dict":
            return {self.decode(k): self.decode(v) for k, v in content}
        if kind == "function":
            return self.function(**content)
        if kind == "engine":
            del content
            return self.engine(value)
        raise ValueError(f"unknown kind of value: {kind}")

    def look_up(self, name: str) -> Any:
        """The object of this name: the learner's, else a provided module's, else a package."""
        if not hasattr(self.module, name):
            for module in self.provided:
                provided = __import__(module)
                if hasattr(provided, name):
                    return getattr(provided, name)
            if name in self.packages:
                return __import__(name)
        return getattr(self.module, name)

    def function(
        self,
        parameters: list[str],
        captured: list[tuple[str, Any]],
        steps: list[Step],
        result: str,
    ) -> Callable[..., Any]:
        """A callable that computes an expression and records the points at which it was called."""
        points: list[list[Any]] = []
        self.functions.append(points)

        def function(*args: Any) -> Any:
            if len(args) != len(parameters):
                raise TypeError(f"f takes {len(parameters)} arguments, got {len(args)}")
            if len(points) < MAX_ITEMS:
                points.append(list(args))
            names = {name: self.decode(value) for name, value in captured}
            names.update(zip(parameters, args, strict=True))
            run_steps(steps, names)
            return names[result]

        function.__name__ = function.__qualname__ = "f"
        return function

    def engine(self, value: dict[str, str]) -> Any:
        """The class `Value` of an engine given as source, which the learner's code cannot find."""
        module = types.ModuleType("engine")
        module.__file__ = "engine.py"
        code = compile(value.pop("engine"), "engine.py", "exec", dont_inherit=True)
        exec(code, module.__dict__)
        return module.Value

    def describe(self, error: BaseException) -> dict[str, Any]:
        """An exception as plain data: type, message, and the places in the learner's own files."""
        places: list[list[Any]] = []
        trace = error.__traceback__
        while trace is not None:
            code = trace.tb_frame.f_code
            if code.co_filename in self.own_files:
                if code.co_name in COMPREHENSIONS and places:
                    places[-1][1] = trace.tb_lineno
                else:
                    places.append([code.co_filename, trace.tb_lineno, code.co_name])
            trace = trace.tb_next
        try:
            message = str(error)
        except BaseException:  # a learner's __str__ may raise anything
            message = ""
        described: dict[str, Any] = {
            "type": type(error).__name__[:200],
            "message": message[:MAX_TEXT],
            "places": places[-MAX_LINES:],
        }
        if isinstance(error, SyntaxError) and error.filename in self.own_files:
            described["message"] = str(error.msg)
            described["syntax"] = [error.filename, error.lineno, error.offset]
        return described

    # --- requests ---------------------------------------------------------------------------

    def do_load(
        self,
        module: str,
        files: list[tuple[str, str]],
        blocks: list[tuple[str, str, bool]],
        folders: list[str],
        packages: list[str],
        allowed: str,
        seed: int,
        until: str,
    ) -> dict[str, Any]:
        """Run the learner's file as a module, in a folder with it and the provided modules.

        `until`: stop after the block that assigns a graph to this name; empty: run all of them.
        """
        for name, text in files:
            with open(name, "w", encoding="utf-8") as file:
                file.write(text)
        sys.path[:0] = [os.getcwd(), *folders]
        sys.meta_path.append(RefusedImports(allowed, packages, lambda: self.module))
        sys.argv = [module + ".py"]
        self.seed = seed
        self.own_modules = {module, *(name.removesuffix(".py") for name, _ in files)}
        self.own_files = {where for where, _, _ in blocks}
        self.provided = [name.removesuffix(".py") for name, _ in files[1:]]
        self.packages = packages
        texts = [text for _, text, _ in blocks] + [text for _, text in files]
        if any("random" in text for text in texts):
            __import__("random").seed(seed)
            if "numpy" in packages and any("numpy" in text for text in texts):
                try:
                    __import__("numpy").random.seed(seed)
                except ImportError:  # allowed, but not installed
                    pass
        self.name, self.blocks, self.until = module, blocks, until
        skipped = self.run_file()
        self.first = self.module
        names = [name for name in vars(self.module) if not name.startswith("__")]
        return {"names": names[:MAX_NAMES], "skipped": skipped[:MAX_NAMES]}

    def run_file(self) -> list[dict[str, Any]]:
        """Run the learner's file as a new module; returns what its tolerant blocks raised."""
        self.module = sys.modules[self.name] = types.ModuleType(self.name)
        self.module.__file__ = self.name + ".py"
        skipped, future = [], 0
        for where, text, tolerant in self.blocks:
            try:
                code = compile(text, where, "exec", future, dont_inherit=True)
                future |= code.co_flags & annotations.compiler_flag  # holds in later cells too
                exec(code, self.module.__dict__)
            except (Exception, SystemExit) as error:  # as in a notebook, exit ends its cell
                if not tolerant:
                    raise
                skipped.append(self.describe(error))
            if hasattr(vars(self.module).get(self.until), "_prev"):
                break
        return skipped

    def do_run_anew(self, order: int) -> None:
        """Run the file again, and use the new module in place of the first until the next reset.

        Its objects, and those of the provided modules, come out of sets in a fixed order, a
        different one for each `order`, unless their class defines its own hash.
        """
        theirs = [name for name in (*self.provided, self.name) if name in sys.modules]
        first = {name: sys.modules.pop(name) for name in theirs}
        self.replaced.append(lambda: sys.modules.update(first))
        self.run_file()
        owners = [self.module, *(sys.modules[n] for n in self.provided if n in sys.modules)]
        self.hashed = fixed_hash(ORDERS[order])
        kinds: list[Any] = [k for owner in owners for k in vars(owner).values()]
        for kind in kinds:
            own = isinstance(kind, type) and kind.__module__ in self.own_modules
            if own and kind.__hash__ is object.__hash__:
                kind.__hash__ = self.hashed.method

    def do_example(self, lines: str, look: str) -> dict[str, Any]:
        """Run an example's lines with the names of the learner's module, then evaluate `look`.

        Returns its value if it is a number, its text as `print` shows it, and whether the fixed
        order of sets played a part.
        """
        names = {**vars(self.module)}
        names |= {name: getattr(recorder, name) for name in ("below", "calls", "names")}
        before = len(self.hashed.numbers)
        exec(compile(lines, "example.py", "exec", dont_inherit=True), names)
        value = eval(compile(look, "example.py", "eval", dont_inherit=True), names)  # noqa: S307  ours
        plain = value if type(value) in (int, float) else None
        return {
            "tuple": [self.encode(plain), str(value)[:MAX_TEXT], len(self.hashed.numbers) > before]
        }

    def reset(self) -> None:
        """Forget the last test's objects, undo its replacements and reseed the random numbers."""
        self.objects, self.handles = {}, {}
        while self.replaced:
            self.replaced.pop()()
        self.module = self.first
        if "random" in sys.modules:
            sys.modules["random"].seed(self.seed)
        if "numpy" in sys.modules:
            sys.modules["numpy"].random.seed(self.seed)

    def do_replace(self, source: str, places: list[str]) -> None:
        """Replace names of the learner's module with what a source of ours defines.

        A place is a name of the module or, with a dot, an attribute of one of its objects. The
        source sees the module's names. The next reset undoes it.
        """
        names: dict[str, Any] = {}
        for module in self.provided:
            names.update(vars(__import__(module)))
        names.update(vars(self.module))
        ours: dict[str, Any] = {}
        exec(compile(source, "ours.py", "exec", dont_inherit=True), names, ours)
        names.update(ours)
        for place in places:
            *path, name = place.split(".")
            owner = self.look_up(*path) if path else self.module
            self.replaced.append(restoring(owner, name))
            setattr(owner, name, ours[name])

    def do_call(self, target: Any, args: list[Any], kwargs: Any) -> dict[str, Any]:
        function = self.decode(target)
        args = [self.decode(arg) for arg in args]
        kwargs = {name: self.decode(value) for name, value in kwargs}
        value = self.encode(function(*args, **kwargs))
        points = [{"list": [self.encode(x) for x in point]} for f in self.functions for point in f]
        return {"tuple": [value, {"list": points}]}

    def do_operator(self, name: str, args: list[Any]) -> Any:
        """Apply a function of the module `operator`, by its name: `+=` and `[…]` have one, too."""
        return self.encode(getattr(operator, name)(*[self.decode(arg) for arg in args]))

    def do_getattr(self, target: Any, name: str) -> Any:
        return self.encode(getattr(self.decode(target), name))

    def do_setattr(self, target: Any, name: str, value: Any) -> None:
        setattr(self.decode(target), name, self.decode(value))

    def do_getattrs(self, targets: list[Any], name: str) -> dict[str, Any]:
        return {"list": [self.encode(getattr(self.decode(target), name)) for target in targets]}

    def do_setattrs(self, targets: list[Any], name: str, values: list[Any]) -> None:
        for target, value in zip(targets, values, strict=True):
            setattr(self.decode(target), name, self.decode(value))

    def do_keep(self, value: Any) -> dict[str, Any]:
        return self.handle(self.decode(value))

    def do_hasattr(self, target: Any, name: str) -> bool:
        return hasattr(self.decode(target), name)

    def do_isinstance(self, target: Any, kind: Any) -> bool:
        return isinstance(self.decode(target), self.decode(kind)) is True

    def do_len(self, target: Any) -> Any:
        return self.encode(len(self.decode(target)))

    def do_iterate(self, target: Any) -> dict[str, Any]:
        items = []
        for item in self.decode(target):
            items.append(self.encode(item))
            if len(items) > MAX_ITEMS:
                raise ValueError("the iteration does not seem to end")
        return {"list": items}

    def do_repr(self, target: Any) -> str:
        return repr(self.decode(target))[:MAX_TEXT]

    def inputs(
        self, inputs: list[tuple[str, float]], spread: int
    ) -> tuple[dict[str, Any], list[Any]]:
        """An expression's inputs by name, and the spare objects made before them: `spread` each."""
        names, spares = {}, []
        for name, value in inputs:
            spares += self.spares(spread)
            names[name] = self.look_up("Value")(value)
        return names, spares

    def spares(self, count: int) -> list[Any]:
        """Unused Values, which spread others out in memory for as long as they are referenced."""
        return [self.look_up("Value")(0.0) for _ in range(count)]

    def do_evaluate(
        self,
        inputs: list[tuple[str, float]],
        steps: list[Step],
        backward: str | None,
        upstream: float,
        every_gradient: bool,  # noqa: FBT001  they come by name
        spread: int,
        made: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Compute an expression with the learner's Value; see `Expression` on the other side.

        `backward`: None; "closures", to call each `_backward` by hand, results first; or
        "backward", to call the root's own. `spread`: the number of spare objects between nodes.
        `made`: the inputs, if they already exist.
        """
        names, spares = (dict(made), []) if made else self.inputs(inputs, spread)
        data: dict[str, Any] = {}
        grads: dict[str, Any] = {}
        failed: str | None = None
        try:
            for position, (name, op, operands) in enumerate(steps):
                failed = name
                spares += self.spares(spread and spread + position % 3)
                names[name] = out = apply(op, values_of(operands, names))
                if not hasattr(out, "data"):
                    raise NotAValue(type(out).__name__)
                data[name] = self.encode(out.data)
            failed = "backward"
            if backward is not None:
                self.run_backward(names[steps[-1][0]], backward, upstream)
                for name in names if every_gradient else dict(inputs):
                    grads[name] = self.encode(names[name].grad)
            failed = None
        except Exception as error:
            return {"data": data, "grads": {}, "failed": failed, "error": self.describe(error)}
        return {"data": data, "grads": grads, "failed": None, "error": None}

    def do_evaluate_each(
        self, upstreams: list[float], spread: int, **question: Any
    ) -> list[dict[str, Any]]:
        """Evaluate an expression anew for each upstream gradient, more spread out each time."""
        return [
            self.do_evaluate(upstream=upstream, spread=spread + turn, **question)
            for turn, upstream in enumerate(upstreams)
        ]

    def do_evaluate_all(self, questions: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
        """Evaluate several expressions, each for all of its upstream gradients."""
        return [self.do_evaluate_each(**question) for question in questions]

    def do_evaluate_again(self, questions: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
        """Evaluate expressions with new inputs, and with inputs that held other numbers before."""
        return [self.answers_again(**question) for question in questions]

    def answers_again(self, numbers: list[float], **question: Any) -> list[dict[str, Any]]:
        """An expression's results for these numbers, in new inputs and in reused ones."""
        made, _spares = self.inputs(question["inputs"], question["spread"])
        self.do_evaluate(**question, made=made)
        for node, number in zip(made.values(), numbers, strict=True):
            node.data, node.grad = number, self.look_up("Value")(number).grad
        again = self.do_evaluate(**question, made=made)
        question["inputs"] = list(zip(made, numbers, strict=True))
        return [self.do_evaluate(**question), again]

    def do_evaluations(
        self,
        function: str,
        backward: str,
        inputs: list[tuple[str, float]],
        steps: list[Step],
        **_: Any,
    ) -> list[int]:
        """How often an expression's backward pass calls the function in math, and in cmath."""
        names = {name: self.look_up("Value")(value) for name, value in inputs}
        root, counts = run_steps(steps, names), {"math": 0, "cmath": 0}

        def count(_: object, event: str, called: Any) -> None:
            if event == "c_call" and getattr(called, "__name__", "") == function:
                counts[called.__module__] = counts.get(called.__module__, 0) + 1

        sys.setprofile(count)
        try:
            self.run_backward(root, backward, 1.0)
        finally:
            sys.setprofile(None)
        return [counts["math"], counts["cmath"]]

    def run_backward(self, root: Any, how: str, upstream: float) -> None:
        if how == "backward":
            root.backward()
            return
        root.grad = upstream
        for node in reversed(operands_first(root)):
            if node._prev:
                node._backward()

    def do_graph(self, root: Any) -> dict[str, Any]:
        """The nodes reachable through `_prev`, and the edges from operand to result."""
        nodes, edges = graph(self.decode(root))
        return {"nodes": [self.encode(node) for node in nodes], "edges": edges}

    def do_make(self, inputs: list[tuple[str, float]], steps: list[Step], spread: int) -> Any:
        """The nodes of an expression, inputs first, with spare objects between them."""
        names, spares = self.inputs(inputs, spread)
        for position, step in enumerate(steps):
            spares += self.spares(spread and spread + position % 3)
            run_steps([step], names)
        return {"list": [self.encode(node) for node in names.values()]}

    def do_record_backward(
        self,
        root: Any,
        known: list[tuple[Any, list[Any]]],
        seed: float | None,
        order: list[Any] | None,
    ) -> dict[str, Any]:
        """Call root.backward() and record on which nodes `_backward` was called, in order.

        `known`: nodes with operands of theirs, whatever `_prev` says. `seed`: what the root's
        gradient is set to first. `order`: what topological_order returns meanwhile.
        """
        root = self.decode(root)
        try:
            reached = reachable(root)
            below = {id(node): list(node._prev) for node in reached}
        except Exception:  # their `_prev` is broken; the known nodes are enough
            reached, below = [root], {}
        nodes = {id(node): node for node in reached}
        for handle, more in known:
            node = self.decode(handle)
            nodes[id(node)] = node
            below.setdefault(id(node), []).extend(self.decode(each) for each in more)
        operands = [
            list({id(o): o for o in below.get(number, ()) if id(o) != number}.values())
            for number in nodes
        ]
        sums = recorder.Sums(list(nodes.values()), operands)
        if seed is not None:
            root.grad = seed
        own = getattr(self.module, "topological_order", None)
        try:
            for node in nodes.values():
                sums.watch(node)
            if order is not None and own is not None:
                given = [self.decode(each) for each in order]
                self.module.topological_order = lambda *_, **__: list(given)
            root.backward()
        finally:
            sums.take_back()
            if order is not None and own is not None:
                self.module.topological_order = own
        return {
            "nodes": [self.encode(node) for node in nodes.values()],
            "edges": [
                [sums.index[id(o)], number]
                for number, each in enumerate(operands)
                for o in each
                if id(o) in sums.index
            ],
            "calls": sums.calls[:MAX_ITEMS],
            "grads": [self.encode(getattr(node, "grad", None)) for node in nodes.values()],
        }

    def do_walk(self, root: Any, most: int) -> dict[str, Any]:
        """Record the backward pass from root, step by step; see `recorder.walk`.

        If root has no `backward`, the closures are called by hand, results first.
        """
        root = self.decode(root)
        nodes, operands = recorder.nearest_first(root, MAX_ITEMS)
        names = recorder.names_of(nodes, vars(self.module))
        how = "backward" if hasattr(root, "backward") else "closures"
        return self.walk(root, how, 1.0, nodes, operands, names, most)

    def do_walk_expression(
        self,
        inputs: list[tuple[str, float]],
        steps: list[Step],
        backward: str,
        upstream: float,
        most: int,
    ) -> dict[str, Any]:
        """The same for an expression of the learner's Values; arguments as for evaluate."""
        make = self.look_up("Value")
        made: dict[str, Any] = {name: make(value) for name, value in inputs}
        root = run_steps(steps, made)
        nodes, operands = recorder.nearest_first(root, MAX_ITEMS)
        names = {id(node): name for name, node in made.items()}
        return self.walk(root, backward, upstream, nodes, operands, names, most)

    def walk(
        self,
        root: Any,
        how: str,
        upstream: float,
        nodes: list[Any],
        operands: list[list[int]],
        names: dict[int, str],
        most: int,
    ) -> dict[str, Any]:
        if how == "backward":
            return recorder.walk(nodes, operands, root.backward, names, most)
        order = [number for number in recorder.operands_first(operands) if operands[number]]
        results_first = [nodes[number] for number in reversed(order)]
        by_hand = recorder.by_hand(root, results_first, upstream)
        return recorder.walk(nodes, operands, by_hand, names, most)


def restoring(owner: Any, name: str) -> Callable[[], None]:
    """A function that restores this attribute of a module or class, or deletes a new one."""
    if name in vars(owner):
        original = vars(owner)[name]
        return lambda: setattr(owner, name, original)
    return lambda: delattr(owner, name)


def forbid(name: str) -> Callable[..., Any]:
    """A replacement for a function that waits for someone at the keyboard."""

    def refuse(*args: object, **kwargs: object) -> None:
        raise RuntimeError(
            f"{name}() cannot be answered while your work is graded. "
            "Run the file itself instead: python " + sys.argv[0]
        )

    return refuse


def set_limits(limits: dict[str, int]) -> None:
    """Lower this process's resource limits for good; limits that the system lacks are skipped."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for name, value in limits.items():
        try:
            resource.setrlimit(getattr(resource, name), (value, value))
        except (AttributeError, ValueError, OSError):  # macOS lacks some
            continue


def deadline_passed(signum: int, frame: object) -> None:
    raise DeadlinePassed


def prepare() -> None:
    """Set the interpreter up for the learner's code, except for its resource limits."""
    signal.signal(signal.SIGALRM, deadline_passed)
    for name in BUILTINS:
        setattr(builtins, name, Inert())
    builtins.input = forbid("input")
    builtins.exit = builtins.quit = sys.exit  # type: ignore[assignment]  # as site has them
    sys.breakpointhook = forbid("breakpoint")


def main() -> None:
    request_fd, reply_fd, limits = int(sys.argv[1]), int(sys.argv[2]), _loads(sys.argv[3])
    os.set_inheritable(request_fd, False)
    os.set_inheritable(reply_fd, False)
    set_limits(limits)
    prepare()
    Worker(request_fd, reply_fd).serve()
