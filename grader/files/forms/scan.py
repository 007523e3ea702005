"""Scans and photographs of sheets for paper: each page stands for itself by the code that is printed on it."""

from __future__ import annotations

import base64
import hashlib
import zlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.common.metrics import CELL_FRAME
from exercises.paper.codes import COVER, page_code
from grader.answers.numbers import clean
from grader.files.extraction.submission import Reading
from grader.files.guarded.cap import renew
from grader.files.guarded.guard import USUAL, spent, unpack
from grader.scans.cutting import AnswerRow, cut, evened, rows_of, window
from grader.scans.finding import SCALE
from grader.scans.parts import SheetPart

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from exercises.paper.codes import PageCode
    from grader.files.extraction.source import Source
    from grader.scans.cells import Role

    Grey = NDArray[np.uint8]
    Papers = Mapping[str, Mapping[str, Any]]

_LOST = "lost"
_FREE, _EACH = 8.0, 3.0  # seconds of the processor for a file, and more for each page of ours in it
_LEAST = 1.0  # seconds that must be left for another page; one takes half of that
_FAINT = 0.12  # of a page's rows, at the median; less clear frames were not found
_ID = "student_id"


@dataclass(slots=True)
class PaperStack:
    """What was found in one file: parts of sheets, small as `SheetPart.as_json` makes them; and complaints.

    strangers: codes of sheets that are here but are no problem's of those that were asked for, each with a place.
    covers:    how many pages are covers of booklets, on which nothing is asked.
    """

    file: str
    parts: list[dict[str, Any]] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    strangers: dict[str, str] = field(default_factory=dict)
    covers: int = 0


def is_scan(data: bytes) -> bool:
    """Whether the pages of a PDF are pictures."""
    found = unpack("scan", data)
    return not isinstance(found, str) and bool(found["pictures"])


def read(data: bytes, source: Source) -> Reading:
    """The pages of one problem's sheets."""
    code = source.problem.code
    stack = read_stack(data, source.shown, {code: source.paper} if source.paper else {})
    reading = Reading(complaints=stack.complaints, parts=stack.parts)
    for other, place in stack.strangers.items():
        why = f"this sheet belongs to problem {other}, not to {code}; not graded"
        if other == code:
            why = "a sheet for paper is graded with the key that was made with it; name that key"
        source.complain(reading, place, why)
    return reading


def read_stack(data: bytes, file: str, papers: Papers) -> PaperStack:
    """Read every page of a file.

    papers: for the code of each problem where everything lies on its sheet, as in the table `paper` of its key.
    """
    stack = PaperStack(file)
    opened = unpack("scan", data)
    if isinstance(opened, str):
        stack.complaints.append(f"{file}: {opened}")
        return stack
    count, most = opened["pages"], opened["most"]
    if count > most:
        stack.complaints.append(f"{file}: only the first {most} of {count} pages were read")
    begun = spent()
    ours = 0
    for number in range(1, min(count, most) + 1):
        renew()
        place = f"page {number}" if count > 1 else ""
        left = _FREE + _EACH * ours - (spent() - begun)
        if left < _LEAST:
            what = "and those after it take too long; not read, a person must look"
            stack.complaints.append(f"{_at(file, place)}: this page {what}")
            break
        found = _page(data, number, min(left, USUAL))
        if isinstance(found, str):
            stack.complaints.append(f"{_at(file, place)}: {found}")
        elif not found["blank"]:
            ours += page_code(found["content"]) is not None
            _take(stack, found, place, papers)
    return stack


def _at(file: str, place: str) -> str:
    return f"{file}, {place}" if place else file


def _page(data: bytes, number: int, seconds: float) -> dict[str, Any] | str:
    """A page of a file, which may cost so much; it is opened again where the other process has ended meanwhile."""
    wanted = f"{number} {hashlib.sha256(data).hexdigest()}".encode()
    found = unpack("scan-page", wanted, most=seconds)
    if found == _LOST:
        again = unpack("scan", data, afresh=True)
        found = again if isinstance(again, str) else unpack("scan-page", wanted, afresh=True, most=seconds)
    return found


def _take(stack: PaperStack, found: dict[str, Any], place: str, papers: Papers) -> None:
    """Take what a page has into the stack."""
    at = _at(stack.file, place)
    said = page_code(found["content"])
    if found["content"] == COVER:
        stack.covers += 1
        return
    if said is None:
        stack.complaints.append(f"{at}: {_asked_again(found['note'], None)}")
        return
    if found["note"]:
        stack.complaints.append(f"{at}: {_asked_again(found['note'], said)}")
        return
    where = papers.get(said.problem)
    if where is None:
        stack.strangers.setdefault(said.problem, place)
        return
    try:
        part = _cut(said, found, where)
    except (KeyError, TypeError, ValueError, IndexError):
        stack.complaints.append(f"{at}: its key does not say where the cells of {said.problem} lie")
        return
    part = replace(part, file=stack.file, place=place)
    if part.answers and float(np.median([one.sharpness for one in part.answers])) < _FAINT:
        note = "the cells are not to be found on it, blurred or bent as it is"
        stack.complaints.append(f"{at}: {_asked_again(note, said)}")
        return
    stack.parts.append(part.as_json())


def _asked_again(note: str, said: PageCode | None) -> str:
    """What to say of a page that could not be read."""
    which = f"page {said.page} of {said.problem}" if said else "this page"
    return f"{which} could not be read: {clean(note, 200)}; scan or photograph it again"


def _cut(said: PageCode, found: dict[str, Any], where: Mapping[str, Any]) -> SheetPart:
    """Cut everything out that is written on a page."""
    shape = tuple(found["shape"])
    flat = np.frombuffer(zlib.decompress(base64.b64decode(found["flat"])), np.uint8).reshape(shape)
    even = evened(flat)
    rows = [row for row in rows_of(where) if row.page == said.page]
    identity = where.get("id")
    if identity and identity["page"] == said.page:
        cells = tuple(identity["cells"])
        rows.append(AnswerRow(_ID, said.page, _figures(len(cells)), cells, None))
    answers = cut(even, rows)
    own = answers.pop() if answers and answers[-1].quantity == _ID else None
    boxes = {
        name: window(even, *(round(v * SCALE) for v in _roomy(box["box"])))
        for name, box in where.get("boxes", {}).items()
        if box["page"] == said.page
    }
    return SheetPart(
        said.problem, said.page, int(where["pages"]), said.owner, "", "", tuple(answers), boxes, own
    )


def _figures(count: int) -> tuple[Role, ...]:
    """The cells of an ID are for figures only."""
    return tuple("whole" for _ in range(count))


def _roomy(box: list[float]) -> tuple[float, float, float, float]:
    """A box with a little of what is around it."""
    x, y, wide, high = box
    more = 10 * CELL_FRAME
    return x - more, y - more, wide + 2 * more, high + 2 * more
