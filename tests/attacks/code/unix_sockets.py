# Aim: reach a service of the machine by a socket in the file system, or by an abstract name.
# Ends: failed
import socket


def call(kind, address):
    with socket.socket(socket.AF_UNIX, kind) as out:
        out.settimeout(0.3)
        out.connect(address)
        out.sendall(b"secret")


for address in (SOCKET, ABSTRACT, "/run/docker.sock", "/run/dbus/system_bus_socket", "/dev/log",
                "/run/systemd/private", "\0/tmp/.X11-unix/X0", f"/proc/self/root{SOCKET}"):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        attempt(f"connect to {address!r}", call, kind, address)
