"""Looking into folders that anybody may have made: however deep, and whatever lies there that is no file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEEPEST = 60  # folders inside each other


def below(top: Path, *, left_out: Path | None = None) -> Iterator[tuple[Path, str]]:
    """Everything below a folder that is no folder, in order, links too; and each folder that is passed over, with why.

    A folder's own files come before the folders in it. left_out: a folder that is passed over without a word.
    """
    waiting = [(top, 0)]
    while waiting:
        folder, depth = waiting.pop()
        try:
            with os.scandir(folder) as found:
                entries = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in found)
        except OSError as error:
            yield folder, f"a folder that cannot be read ({error.strerror}); passed over"
            continue
        yield from ((folder / name, "") for name, is_folder in entries if not is_folder)
        inside = [folder / name for name, is_folder in entries if is_folder]
        inside = [one for one in inside if left_out is None or one.resolve() != left_out]
        if inside and depth == DEEPEST:
            yield folder, f"more than {DEEPEST} folders inside each other; what is deeper is passed over"
        else:
            waiting += [(one, depth + 1) for one in reversed(inside)]


def is_pipe(path: Path) -> bool:
    """Whether opening a path may wait for ever; what a shell makes of a command's output is meant, and is none."""
    return path.is_fifo() and not path.is_relative_to("/dev") and not path.is_relative_to("/proc")
