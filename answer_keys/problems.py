"""Finding a problem: a problem file, an answer key, or the name of a shipped exercise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from answer_keys import keyfile, published
from exercises.common.errors import FileError
from exercises.problems import problem_file

if TYPE_CHECKING:
    from exercises.problems.problem import Problem

MAX_PATH = 250  # longer names no file system takes


def load(named: str) -> Problem:
    """The problem that `named` means. Raises FileError or ProblemError with one sentence for each fault."""
    path = Path(named[:MAX_PATH])
    if named in published.names() and not path.exists():
        return problem_file.parse(published.text(named), named)
    if len(named) > MAX_PATH or not path.exists():
        shipped = ", ".join(published.names())
        raise FileError(
            f"{named[:200]}: neither a file nor a shipped exercise; the shipped ones are {shipped}"
        )
    return keyfile.read(path) if path.suffix.lower() == ".json" else problem_file.read(path)
