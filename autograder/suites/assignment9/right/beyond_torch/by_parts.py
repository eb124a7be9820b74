"""Default type double, numpy at the end, tanh from exponentials, an attribute of ctx."""

import numpy as np
import torch as th

th.set_default_dtype(th.float64)


def leaf(numbers):
    return th.tensor(np.asarray(numbers, dtype=np.float64), requires_grad=True)


def torch_neuron(x, w, b):
    tx, tw, tb = leaf(x), leaf(w), leaf(b)
    total = tb
    for one, other in zip(tx, tw):
        total = total + one * other
    Tanh.apply(total).backward()
    output = np.tanh(total.detach().numpy())
    return float(output), tx.grad.numpy().tolist(), tw.grad.numpy().tolist(), tb.grad.item()


class Tanh(th.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        e = th.exp(2 * x)
        ctx.y = (e - 1) / (e + 1)
        return ctx.y.clone()

    @staticmethod
    def backward(ctx, grad):
        return th.ops.aten.tanh_backward(grad, ctx.y)
