"""The pages of a scan or photograph, found and laid flat, one at a time.

Runs in the other process of `guard`: it may take all its time or crash. The file that was opened last is kept here, so
that it is handed over once and its pages are asked for by number.
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from typing import Any

from grader.scans.finding import find
from grader.scans.opening import MOST_PAGES, OpenedFile

CALLED = "scan"  # in complaints
LOST = "lost"  # what is said when a page is asked for of a file that is not open
_open: dict[str, OpenedFile] = {}


def unpack(data: bytes) -> dict[str, Any]:
    """Open a file: how many pages it has, and whether they are pictures. Raises ValueError with one sentence."""
    _open.clear()
    found = OpenedFile(data)
    _open[hashlib.sha256(data).hexdigest()] = found
    return {"pages": found.count, "pictures": found.pictures, "most": MOST_PAGES}


def page(data: bytes) -> dict[str, Any]:
    """A page, by its number and the file's digest. Raises ValueError with one sentence."""
    number, digest = data.decode().split()
    if digest not in _open:
        raise ValueError(LOST)
    found = find(_open[digest].page(int(number)))
    flat = None if found.flat is None else base64.b64encode(zlib.compress(found.flat.tobytes(), 1)).decode()
    shape = [] if found.flat is None else list(found.flat.shape)
    return {
        "content": found.content,
        "flat": flat,
        "shape": shape,
        "size": list(found.size),
        "blank": found.blank,
        "note": found.note,
    }
