"""Links among files that were handed in, or among problems: none is followed out of its folder, and each is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.answers.numbers import clean
from grader.files.folders import is_pipe

if TYPE_CHECKING:
    from pathlib import Path


def leads_out(path: Path, top: Path) -> str:
    """What is to be said of a link below a folder that leads out of it, or nowhere; empty for anything else."""
    if not path.is_symlink():
        return ""
    try:
        target, home = path.resolve(), top.resolve()
        to = clean(str(path.readlink()), 200)
        if not target.exists():
            return f"a link to {to}, which is not there; not followed"
    except (OSError, RuntimeError):  # a circle
        return "a link that leads nowhere; not followed"
    return (
        "" if target.is_relative_to(home) else f"a link that leads out of this folder, to {to}; not followed"
    )


def refused(path: Path, top: Path) -> str:
    """Why something below a folder that was handed in is not read: any link, or what is no file; empty if it is read."""
    if path.is_symlink():
        to = clean(str(path.readlink()), 200)
        return leads_out(path, top) or f"a link to {to} in the same folder; not followed"
    return "" if path.is_file() else "not a file that can be read; passed over"


def named(path: Path, of: int) -> str:
    """Why one of several paths on the command line is not read: `returned/*` names links too. A single one is meant."""
    if is_pipe(path):
        return "a named pipe, no file; passed over"
    wrong = leads_out(path, path.parent) if of > 1 else ""
    if not wrong or not (path.is_file() or path.is_dir()):  # a pipe of the shell
        return ""
    return f"{wrong}; name what it leads to if you mean it"
