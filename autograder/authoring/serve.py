"""Serves a site on this machine, to try it."""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_ISOLATING = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""With these headers a page may share memory with its workers, in all current browsers."""


class _Handler(SimpleHTTPRequestHandler):
    extensions_map = {  # noqa: RUF012  as in the base class
        ".css": "text/css",
        ".html": "text/html; charset=utf-8",
        ".ipynb": "application/json",
        ".js": "text/javascript",
        ".json": "application/json",
        ".mjs": "text/javascript",
        ".svg": "image/svg+xml",
        ".wasm": "application/wasm",
        "": "application/octet-stream",
    }
    isolated = True

    def end_headers(self) -> None:
        for name, value in _ISOLATING.items() if self.isolated else ():
            self.send_header(name, value)
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base's name
        """Print nothing: the site's address should stay in sight, and browsers show errors."""


class _Plain(_Handler):
    isolated = False


def server(folder: Path, port: int = 0, *, isolated: bool = True) -> ThreadingHTTPServer:
    """A server for a folder, on the loopback interface only; `serve_forever` runs it.

    Args:
        folder: what it serves.
        port: its port; 0 for any free one.
        isolated: send the headers that let a page share memory with its workers.

    Raises:
        OSError: the port is taken.
    """
    handler = _Handler if isolated else _Plain
    return ThreadingHTTPServer(("127.0.0.1", port), partial(handler, directory=str(folder)))
