"""What was read of one sheet: an answer for each line that it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.answers.answer import Working, commas, read_answer
from grader.answers.numbers import Typed, Unreadable, read_plain
from grader.answers.unsure import seen_only

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exercises.formulas.quantity import Quantity
    from grader.answers.name_spellings import Lookup


ReadAnswer = Typed | Unreadable | None


@dataclass(frozen=True)
class ReadSheet:
    """What was read on one sheet.

    answers: the number on each line, or why there is none.
    working: the way to it, where one was written.
    """

    answers: dict[Quantity, ReadAnswer]
    working: dict[Quantity, Working]


def read_sheet(texts: Mapping[Quantity, str], name: Lookup) -> ReadSheet:
    """Read every typed text; an empty one counts as left blank.

    name: finds what a name inside working stands for, given ones included.
    """
    answers: dict[Quantity, ReadAnswer] = {}
    working: dict[Quantity, Working] = {}
    comma: bool | None = None
    asked = False
    for q, text in texts.items():
        found: Typed | Working | Unreadable | None = read_plain(text) if text.strip() else None
        if found is None and text.strip():
            if not asked:
                comma, asked = commas(texts.values()), True
            found = seen_only(text) or read_answer(text, name, comma)
        if isinstance(found, Working):
            working[q], found = found, found.answer
        answers[q] = found
    return ReadSheet(answers, working)


def read_answers(texts: Mapping[Quantity, str]) -> dict[Quantity, ReadAnswer]:
    """Read every typed text; an empty one counts as left blank."""
    return read_sheet(texts, lambda _: None).answers
