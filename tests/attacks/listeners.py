"""Canary listeners: sockets that record whether an attack connects to them."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path
from typing import Any, Self


class Listeners:
    """Listening sockets of each kind: a TCP port, a file, an abstract name."""

    def __init__(self, run: Path) -> None:
        self._run = run
        self._sockets: dict[str, socket.socket] = {}
        self.facts = ""

    def __enter__(self) -> Self:
        name = f"canary-{self._run.name}"
        place = str(self._run / "socket")
        addresses: dict[str, tuple[socket.AddressFamily, Any]] = {
            "PORT": (socket.AF_INET, ("127.0.0.1", 0)),
            "SOCKET": (socket.AF_UNIX, place),
            "ABSTRACT": (socket.AF_UNIX, f"\0{name}"),
        }
        for kind, (family, address) in addresses.items():
            listener = self._sockets[kind] = socket.socket(family)
            listener.bind(address)
            listener.listen()
            listener.setblocking(False)
        Path(place).chmod(0o777)
        port = self._sockets["PORT"].getsockname()[1]
        datagrams = self._sockets["DATAGRAMS"] = socket.socket(type=socket.SOCK_DGRAM)
        datagrams.bind(("127.0.0.1", port))
        datagrams.setblocking(False)
        self.facts = f"PORT, SOCKET, ABSTRACT = {port}, {place!r}, {f'{chr(0)}{name}'!r}\n"
        return self

    def __exit__(self, *_: object) -> None:
        for listener in self._sockets.values():
            listener.close()

    def heard(self) -> list[str]:
        """The names of those that were connected to."""
        said = []
        for kind, listener in self._sockets.items():
            with contextlib.suppress(BlockingIOError):
                if kind == "DATAGRAMS":
                    listener.recv(100)
                else:
                    listener.accept()[0].close()
                said.append(f"somebody called {kind}")
        return said
