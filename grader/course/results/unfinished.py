"""A note of what is about to be written, kept until all of it stands: whoever comes next finishes what was stopped.

The note holds the course's state and the answers, from which everything else follows. It is there before the first
table or page is replaced, and goes when the last one is: between the two, the folder may hold some of either.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from exercises.common.errors import ByhandError
from exercises.common.files import make_folder, write
from grader.course.results import course_file as states
from grader.course.results.tables import raw, read_raw_text
from grader.course.work.done_before import HIDDEN
from grader.course.work.sealed import DAMAGE, seal, unseal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from grader.course.placing.answer_sheet import HandedIn
    from grader.course.results.course_file import State

NAME = f"{HIDDEN}/unfinished"
STOPPED = "the last run was stopped while it wrote its results"


def begin(out: Path, state: State, handed: Sequence[HandedIn]) -> None:
    """Note what is to be written. Raises FileError if that fails."""
    make_folder(out / HIDDEN)
    head = json.dumps(state.as_json(), ensure_ascii=False)
    write(out / NAME, seal("".join((head, "\n", *raw(handed))).encode()))


def end(out: Path) -> None:
    """Everything is written."""
    (out / NAME).unlink(missing_ok=True)


def is_there(out: Path) -> bool:
    """Whether a run was stopped while it wrote."""
    return (out / NAME).is_file()


def read(out: Path) -> tuple[State, list[HandedIn]] | None:
    """What a run that was stopped was to write; None where there is none, or the note is not as it was written."""
    try:
        content = unseal((out / NAME).read_bytes())
        if content is None:
            return None
        head, _, answers = content.decode().partition("\n")
        return states.from_json(json.loads(head), str(out / NAME)), read_raw_text(answers)
    except (OSError, ByhandError, *DAMAGE):
        return None
