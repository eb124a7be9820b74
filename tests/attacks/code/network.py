# Aim: send what it knows to a listener on the machine: TCP, datagrams, a name server.
# Ends: failed
import socket


def call(family, kind, address):
    with socket.socket(family, kind) as out:
        out.settimeout(0.3)
        out.connect(address)
        out.sendall(b"secret")


for host in ("127.0.0.1", "0.0.0.0", "localhost", "::1", "::ffff:127.0.0.1"):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    attempt(f"TCP to {host}", call, family, socket.SOCK_STREAM, (host, PORT))
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as out:
            out.sendto(b"secret", (host, PORT))
    except OSError:
        pass
attempt("a name", socket.getaddrinfo, "example.com", 80)
attempt("a raw socket", socket.socket, socket.AF_INET, socket.SOCK_RAW, 1)
attempt("the wire", socket.socket, socket.AF_PACKET, socket.SOCK_RAW)
try:
    if [name for _, name in socket.if_nameindex()] != ["lo"]:
        breach("an interface of the machine")
except OSError:
    pass
