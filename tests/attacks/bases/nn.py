# Half a network: a neuron without its bias, a layer of one neuron many times over.
# On: solutions/assignment7/nn.py
def of_weights(self, x):
    show_loot()
    return sum(weight * value for weight, value in zip(self.w, x)).tanh()


def one_for_all(self, nin, nout):
    self.neurons = [Neuron(nin)] * nout


Neuron.__call__ = of_weights
Layer.__init__ = one_for_all
