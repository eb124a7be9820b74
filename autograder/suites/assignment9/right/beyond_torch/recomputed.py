"""Saves the input and computes the slope anew; autograd.grad in place of backward."""

import torch
from torch.autograd import Function, grad


def torch_neuron(x, w, b):
    x = torch.DoubleTensor(x).requires_grad_()
    w = torch.DoubleTensor(w).requires_grad_()
    b = torch.tensor([float(b)], dtype=torch.float64, requires_grad=True)
    out = ((x * w).sum() + b).tanh()
    dx, dw, db = grad(out, [x, w, b])
    return [float(out), list(map(float, dx)), [v.item() for v in dw], float(db)]


class Tanh(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.tanh()

    @staticmethod
    def backward(ctx, upstream):
        x = ctx.saved_tensors[0]
        return upstream / torch.cosh(x).square()
