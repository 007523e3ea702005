"""Writing files: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from exercises.common.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterable


def make_folder(folder: Path) -> None:
    """Make an output folder. Raises FileError, naming it, if that cannot be done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"{folder}: cannot be made a folder for output ({error.strerror})") from None
    if not os.access(folder, os.W_OK):
        raise FileError(f"{folder}: no permission to write here; choose another folder with --out")


def write(path: Path, content: str | bytes | Iterable[str]) -> None:
    """Write a file by way of a temporary one beside it, so that nobody ever sees half of it.

    content: all of it, or its parts one after another where they would fill the memory.
    Raises FileError, naming the file, if it cannot be written; what stood there before is left as it was.
    """
    parts = [content] if isinstance(content, (str, bytes)) else content
    partial = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".byhand-", delete=False) as handle:
            partial = Path(handle.name)
            for part in parts:
                handle.write(part.encode() if isinstance(part, str) else part)
        partial.chmod(0o666 & ~_umask())
        partial.replace(path)
    except BaseException as error:
        if partial is not None:
            partial.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise FileError(f"{path}: cannot be written ({error.strerror})") from None
        raise


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
