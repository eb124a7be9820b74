"""The rooms of a learner's process, as tests of what crosses have them."""

from tests.remote.conftest import limited, sandboxed

__all__ = ["limited", "sandboxed"]
