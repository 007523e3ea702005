"""Writing files: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from exercises.errors import FileError


def make_folder(folder: Path) -> None:
    """Make an output folder. Raises FileError, naming it, if that cannot be done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"{folder}: cannot be made a folder for output ({error.strerror})") from None
    if not os.access(folder, os.W_OK):
        raise FileError(f"{folder}: no permission to write here; choose another folder with --out")


def write(path: Path, content: str | bytes) -> None:
    """Write a file by way of a temporary one beside it, so that nobody ever sees half of it.

    Raises FileError, naming the file, if it cannot be written; what stood there before is left as it was.
    """
    data = content.encode() if isinstance(content, str) else content
    partial = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".byhand-", delete=False) as handle:
            partial = Path(handle.name)
            handle.write(data)
        partial.chmod(0o666 & ~_umask())
        partial.replace(path)
    except OSError as error:
        if partial is not None:
            partial.unlink(missing_ok=True)
        raise FileError(f"{path}: cannot be written ({error.strerror})") from None


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
