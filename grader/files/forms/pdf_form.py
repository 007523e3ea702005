"""The worksheet PDF with its form filled in; the fields bear canonical names.

Also one saved by a browser or viewer, which may hang the fields elsewhere, and a flattened one, see `flat`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.answers.numbers import clean
from grader.files.extraction.source import Answers
from grader.files.extraction.submission import MAX_BYTES, Reading
from grader.files.forms import flat_pdf, keys, scan
from grader.files.guarded.guard import unpack
from grader.files.labels.identity import CODE

if TYPE_CHECKING:
    from grader.files.extraction.source import Source

_OTHER_FIELDS = {"date"}


def read(data: bytes, source: Source) -> Reading:
    """The filled form of one worksheet."""
    reading = Reading()
    if is_stack(data):
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
    for name, value in content["fields"]:
        _field(name, value, answers, reading)
    if not answers.texts:
        reading.complaints.clear()
        flat_pdf.read(data, code, source, reading)
        return reading
    reading.submissions.append(answers.submission(code=code or _printed(data, source)))
    return reading


def is_stack(data: bytes) -> bool:
    """Whether a PDF has no form, but pages that are pictures; so much is nothing else anyway."""
    if len(data) > MAX_BYTES:
        return True
    content = unpack("pdf", data)
    plain = not isinstance(content, str) and not content["fields"] and not CODE.search(content["info"])
    return plain and scan.is_scan(data)


def _printed(data: bytes, source: Source) -> str:
    """The code on the pages, for a file whose own information was lost when it was saved."""
    content = unpack("words", data)
    return "" if isinstance(content, str) else flat_pdf.printed_code(content["pages"], source)


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
        source.unknown(reading, f"field {clean(name, 40)}", name)
