"""Writing files: whole or not at all."""

from __future__ import annotations

import hashlib
import os
import platform
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from exercises.common.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterable

_SITE = ("site.json", "sw.js")  # files of every practice page
_SECRET = ("*-key.json", "*-key.pdf", "all-keys.pdf", "keys", "booklet-keys", "answers.jsonl")
_MACHINE = hashlib.blake2b(platform.node().encode(), digest_size=4).hexdigest()
_OURS = f".byhand-{_MACHINE}-"  # how the names of files begin that are being written on this machine


def make_folder(folder: Path) -> None:
    """Make an output folder. Raises FileError, naming it, if that cannot be done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"{folder}: cannot be made a folder for output ({error.strerror})") from None
    if not os.access(folder, os.W_OK):
        raise FileError(f"{folder}: no permission to write here; choose another folder with --out")
    _tidy(folder)


def make_secret_folder(folder: Path) -> None:
    """Make an output folder for what students must not see. Raises FileError, also in a page for a web server."""
    for above in (folder, *folder.resolve().parents):
        if all((above / name).is_file() for name in _SITE):
            raise FileError(
                f"{above}: a practice page, which is put on a web server; choose another folder with --out"
            )
    make_folder(folder)


def make_public_folder(folder: Path) -> None:
    """Make an output folder that will be put on a web server. Raises FileError, also where answer keys lie in it."""
    keys = next((path for pattern in _SECRET for path in sorted(folder.glob(pattern))), None)
    if keys is not None:
        raise FileError(
            f"{folder}: holds {keys.name}, which students must not see; choose another folder with --out"
        )
    make_folder(folder)


def write(path: Path, content: str | bytes | Iterable[str], *, secret: bool = False) -> None:
    """Write a file by way of a temporary one beside it, so that nobody ever sees half of it.

    content: all of it, or its parts one after another where they would fill the memory.
    secret:  whether nobody else on this machine may read it.

    Raises FileError, naming the file, if it cannot be written; what stood there before is left as it was.
    """
    parts = [content] if isinstance(content, (str, bytes)) else content
    partial = None
    try:
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=f"{_OURS}{os.getpid()}-", delete=False
        ) as handle:
            partial = Path(handle.name)
            for part in parts:
                handle.write(part.encode() if isinstance(part, str) else part)
        partial.chmod(0o600 if secret else 0o666 & ~_umask())
        partial.replace(path)
    except BaseException as error:
        if partial is not None:
            partial.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise FileError(f"{path}: cannot be written ({error.strerror})") from None
        raise


def _tidy(folder: Path) -> None:
    """Delete what programs left half written that are not there any more: on this machine, where their numbers tell."""
    for path in list(folder.glob(f"{_OURS}*")):
        number = path.name.removeprefix(_OURS).partition("-")[0]
        try:
            if number.isdecimal() and not _lives(int(number)):
                path.unlink(missing_ok=True)
        except OSError:
            continue


def _lives(process: int) -> bool:
    """Whether there is a process of this number; where nobody can ask without harm, that there is."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
