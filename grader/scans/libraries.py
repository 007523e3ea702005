"""The libraries that read pictures, imported when the first picture comes; they belong to the extra `scan`."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from importlib import import_module
from typing import Any

MISSING = "reading scans and photographs needs more libraries; install them with: pip install 'byhand[scan]'"


@lru_cache
def library(name: str) -> Any:
    """One of them by its name. Raises ValueError with a sentence that says what to install."""
    try:
        return import_module(name)
    except ImportError:
        raise ValueError(MISSING) from None


def load() -> None:
    """Import what cuts pages, where it is there: before the memory of a file is counted, which they are no part of."""
    with suppress(ValueError):
        cv().resize(library("numpy").zeros((9, 9), "uint8"), (3, 3))


def load_all() -> None:
    """Import what opens files and finds pages in them as well, for the same reason."""
    for name in ("PIL.Image", "PIL.ImageOps", "pypdfium2", "zxingcpp"):
        with suppress(ValueError):
            library(name)
    load()


def cv() -> Any:
    """OpenCV, on one thread: files are read side by side."""
    found = library("cv2")
    found.setNumThreads(1)
    return found
