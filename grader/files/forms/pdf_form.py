"""The worksheet PDF with its form filled in; the fields bear canonical names.

Also one saved by a browser or viewer, which may hang the fields elsewhere, and a flattened one, see `flat`.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from grader.answers.numbers import clean
from grader.files.extraction.accounted import is_answer_like
from grader.files.extraction.decode import MAX_BYTES
from grader.files.extraction.source import Answers, SourceTable
from grader.files.extraction.submission import Reading
from grader.files.forms import flat_pdf, keys, pdf_marks, scan
from grader.files.guarded.guard import unpack
from grader.files.labels.identity import CODE

if TYPE_CHECKING:
    from grader.files.extraction.source import Source

_ADDED = re.compile(r"[_ #.-]\d{1,3}$")
_FEWEST = 4  # fields with the same end
_OTHER_FIELDS = {"date"}


def read(data: bytes, source: Source) -> Reading:
    """The filled form of one worksheet."""
    reading = Reading()
    if is_stack(data, expected=source.paper is not None):
        return scan.read(data, source)
    content = unpack("pdf", data)
    if isinstance(content, str):
        source.complain(reading, "", content)
        return reading
    if a_key := keys.in_pdf(content, data):
        source.complain(reading, "", a_key)
        return reading
    told = CODE.search(content["info"])
    code = told.group() if told else ""
    answers = Answers(source)
    for name, value in _renamed_back([(str(name), str(value)) for name, value in content["fields"]], source):
        _field(name, value, answers, reading)
    if answers.texts:
        pdf_marks.read(content["marks"], data, answers, reading)
        if code in ("", source.problem.code) and (pages := flat_pdf.drawn_on(content, data, [source])):
            flat_pdf.read_beside(pages, answers, SourceTable(source, reading))
    else:
        reading.complaints.clear()
        flat_pdf.read(data, code, source, reading)
        return reading
    reading.submissions.append(
        answers.submission(code=code or flat_pdf.printed_code(flat_pdf.pages_of(data), source))
    )
    return reading


def _renamed_back(fields: list[tuple[str, str]], source: Source) -> list[tuple[str, str]]:
    """The fields under their own names, where a tool that puts files together called all of them `a3_2` and so on."""
    names = source.names
    strange = [name for name, _ in fields if names.find(name.rpartition(".")[2], strict=True) is None]
    ends = Counter(found[0] for name in strange if (found := _ADDED.search(name)))
    end, count = max(ends.items(), key=lambda pair: pair[1], default=("", 0))
    if count < _FEWEST or 2 * count < len(fields):
        return fields
    return [(name.removesuffix(end), value) for name, value in fields]


def is_stack(data: bytes, *, expected: bool) -> bool:
    """Whether a PDF has no form, but pages that are pictures; so much is nothing else anyway.

    expected: whether there are sheets for paper at all; if not, one with text on it is none.
    """
    if len(data) > MAX_BYTES:
        return True
    content = unpack("pdf", data)
    if isinstance(content, str) or content["fields"] or CODE.search(content["info"]):
        return False
    return (expected or not any(page["words"] for page in flat_pdf.pages_of(data))) and scan.is_scan(data)


def _field(name: str, value: str, answers: Answers, reading: Reading) -> None:
    """One field; a viewer may have put the form's name before it. A blank never replaces an answer."""
    source = answers.source
    answers.here = f"field {clean(name, 40)}"
    for written in (name, name.rpartition(".")[2]):
        quantity = source.names.find(written)
        if quantity is not None:
            if value.strip() or quantity not in answers.texts:
                old = answers.texts.get(quantity, "").strip()
                if not old or old == value.strip():
                    answers.texts.pop(quantity, None)
                answers.put(quantity, value)
            return
        if answers.named(written, value):
            return
    if value.strip() and name not in _OTHER_FIELDS:
        unknown(name, value, answers, reading)


def unknown(name: str, value: str, answers: Answers, reading: Reading) -> None:
    """Say that a field is of no line, and leave what stands in it to a person if it looks like an answer."""
    place = f"field {clean(name, 40)}"
    answers.source.unknown(reading, place, name)
    if is_answer_like(value, answers.source):
        answers.leave(f"{name}: {value}", place)
