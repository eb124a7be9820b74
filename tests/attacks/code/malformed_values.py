# Aim: values of a form that the decoder does not expect.
# Ends: tampered
import itertools, os

forms = itertools.cycle([
    b'{"handle":-1,"type":"Value","callable":false}', b'{"handle":1e3,"type":"x","callable":1}',
    b'{"handle":{},"type":[],"callable":null}', b'{"dict":[[1,2,3]]}', b'{"dict":{"L":1}}',
    b'{"list":5}', b'{"set":[],"list":[]}', b'{"float":"1"}', b'[1,2]', b'{}',
    b'{"dict":[[{"list":[]},1]]}', b'{"__class__":"float"}', b'"\\ud800"', b'{"tuple":[[]]}',
])  # fmt: skip


def malformed(*args):
    content = b'{"id":%d,"value":%s}' % (question(), next(forms))
    os.write(worker().reply_fd, framed(content))
    os._exit(0)


manual_gradients = Value.__mul__ = Value.__pow__ = Value.tanh = Value.relu = malformed
