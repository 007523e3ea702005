"""What was put on a worksheet in a viewer: typed notes are read by their places, a pen's strokes are for a person.

Text that became a part of the page itself is read by `flat_pdf`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader.answers.numbers import PEN
from grader.files.guarded.guard import unpack

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.files.extraction.source import Answers, Source
    from grader.files.extraction.submission import Reading

    Box = Sequence[float]
    Marks = Sequence[Sequence[Any]]

TYPED = "FreeText"
_COMMENT = "Text"  # a note that is folded up to a symbol


def read(marks: Marks, data: bytes, answers: Answers, reading: Reading) -> None:
    """Read typed notes into the fields that they lie on; say that a person must look where somebody wrote with a pen."""
    if not marks:
        return
    content = unpack("words", data)
    fields = [] if isinstance(content, str) else content["fields"]
    for number, kind, text, box in marks:
        on = list(_under(number, box, fields))
        quantities = [q for name in on if (q := _line(name, answers)) is not None]
        place = f"page {number + 1}"
        if kind == TYPED and len(quantities) == 1:
            _put(answers, quantities[0], text.strip(), place)
        elif kind == TYPED and text.strip():
            if not (on and answers.named(on[0], text)):
                answers.leave(text, place)
        elif kind != _COMMENT:
            for q in quantities:
                if not answers.texts.get(q, "").strip():
                    _put(answers, q, PEN, place)
    told(marks, answers.source, reading)


def told(marks: Marks, source: Source, reading: Reading) -> bool:
    """Say that a person must look where somebody wrote with a pen; whether somebody did."""
    strokes = sum(kind not in (TYPED, _COMMENT) for _, kind, *_ in marks)
    if strokes:
        what = f"somebody wrote on these pages with a pen or put stamps there ({strokes} marks); a person must look"
        source.complain(reading, "", what)
    return strokes > 0


def _put(answers: Answers, q: Any, text: str, place: str) -> None:
    """Keep an answer in a field that is blank; one that is not has two."""
    if not answers.texts.get(q, "").strip():
        answers.texts.pop(q, None)
    answers.put(q, text, place)


def _under(number: int, box: Box, fields: Sequence[Sequence[Any]]) -> Iterator[str]:
    """The names of the fields that a mark lies on: those that hold its middle, else all that it touches."""
    here = [(str(name), rectangle) for page, name, rectangle in fields if page == number]
    middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    inside = [name for name, one in here if _overlap((*middle, *middle), one)]
    yield from inside or [name for name, one in here if _overlap(box, one)]


def _overlap(one: Box, other: Box) -> bool:
    return all(
        min(one[i], one[i + 2]) <= max(other[i], other[i + 2])
        and min(other[i], other[i + 2]) <= max(one[i], one[i + 2])
        for i in (0, 1)
    )


def _line(name: str, answers: Answers) -> Any:
    names = answers.source.names
    return names.find(name) or names.find(name.rpartition(".")[2])
