"""Showing the page on this very computer: a small web server on the loopback address, and a browser."""

from __future__ import annotations

import webbrowser
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LOOPBACK = "127.0.0.1"


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files, says nothing of each, and has the types that modules need."""

    extensions_map = {  # noqa: RUF012 - as the class above has it
        ".css": "text/css",
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript",
        ".json": "application/json",
        ".mjs": "text/javascript",
        ".svg": "image/svg+xml",
        ".txt": "text/plain; charset=utf-8",
        "": "application/octet-stream",
    }

    def end_headers(self) -> None:
        """What is served may be made anew at any time."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name above
        """Keep still."""


def server(folder: Path, port: int = 0) -> ThreadingHTTPServer:
    """A server of a folder on a free port, or on the one given; it serves once `serve_forever` is called."""
    return ThreadingHTTPServer((LOOPBACK, port), partial(_Quiet, directory=str(folder)))


def serve(folder: Path, tell: Callable[[str], None], *, browser: bool = True) -> None:
    """Serve a folder until somebody stops it, and open it in a browser."""
    with server(folder) as running:
        address = f"http://{LOOPBACK}:{running.server_port}/"
        tell(f"{address} (Ctrl-C stops it)")
        if browser:
            webbrowser.open(address)
        running.serve_forever()
