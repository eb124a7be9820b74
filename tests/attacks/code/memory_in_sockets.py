# Aim: memory in the buffers of sockets, which no limit of a process counts.
# Ends: failed
import socket

attempt("a pair of sockets", socket.socketpair)
for family in (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK):
    attempt(f"a socket of {family.name}", socket.socket, family, socket.SOCK_DGRAM)
