"""The reference: a scalar autograd engine and a small neural-network library.

>>> from micrograd_ref import Value
>>> a = Value(3.0)
>>> b = a + a
>>> b.backward()
>>> a.grad
2.0
"""

from micrograd_ref.engine import Value
from micrograd_ref.nn import MLP, Layer, Module, Neuron

__all__ = ["MLP", "Layer", "Module", "Neuron", "Value"]
