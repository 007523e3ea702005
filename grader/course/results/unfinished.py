"""A note of what is about to be written, kept until all of it stands: whoever comes next finishes what was stopped.

The note holds the course's state and the answers, from which everything else follows. It is there before the first
table or page is replaced, and goes when the last one is: between the two, the folder may hold some of either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.common.errors import ByhandError
from grader.course.results import course_file as states
from grader.course.results.tables import read_raw_text
from grader.course.work.done_before import UNFINISHED, squeezed
from grader.course.work.sealed import DAMAGE

if TYPE_CHECKING:
    from grader.course.placing.answer_sheet import HandedIn
    from grader.course.results.course_file import State
    from grader.course.work.done_before import Store

STOPPED = "the last run was stopped while it wrote its results"


def begin(store: Store, state: State, answers: str) -> None:
    """Note what is to be written; the answers as `raw` has them. Raises FileError if that fails."""
    store.set(UNFINISHED, [("", state.as_json(), squeezed(answers))])


def end(store: Store) -> None:
    """Everything is written."""
    store.set(UNFINISHED)


def is_there(store: Store) -> bool:
    """Whether a run was stopped while it wrote."""
    return store.has(UNFINISHED)


def read(store: Store) -> tuple[State, list[HandedIn]] | None:
    """What a run that was stopped was to write; None where there is none, or the note is not as it was written."""
    kept = store.get(UNFINISHED, "")
    try:
        return (states.from_json(kept[0], store.where), read_raw_text(kept[1])) if kept is not None else None
    except (ByhandError, *DAMAGE):
        return None
