"""The worksheet PDF with its form filled in; the fields bear canonical names."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from grader.numbers import clean
from grader.submission import Names, Reading, Submission, is_student_key, student_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from exercises.quantity import Quantity

MAX_FIELDS = 5_000
MAX_DEPTH = 20
_CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b")
_OTHER_FIELDS = {"student_id", "date", "studentid"}


def read(data: bytes, path: Path, names: Names) -> Reading:
    """The filled form of one worksheet."""
    import pikepdf

    shown = clean(str(path), 200)
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            fields = dict(_fields(pdf))
            code = _code(pdf)
    except pikepdf.PasswordError:
        return Reading(complaints=[f"{shown}: the PDF is encrypted; save it without a password"])
    except Exception as error:  # noqa: BLE001 - a hostile file may fail anywhere inside the library
        return Reading(complaints=[f"{shown}: not a readable PDF ({clean(str(error), 80)})"])
    return _submission(fields, code, path, names)


def _submission(fields: dict[str, str], code: str, path: Path, names: Names) -> Reading:
    shown = clean(str(path), 200)
    student = ""
    texts: dict[Quantity, str] = {}
    complaints: list[str] = []
    for name, value in fields.items():
        if is_student_key(name):
            student = value
        elif (quantity := names.find(name)) is not None:
            texts[quantity] = value
        elif value.strip() and name not in _OTHER_FIELDS:
            complaints.append(f"{shown}, field {clean(name, 40)}: {names.unknown(name)}")
    if not texts:
        return Reading(complaints=[f"{shown}: no form fields of a byhand worksheet in this PDF"])
    submission = Submission(student_name(student, path), str(path), texts, code)
    return Reading([submission], complaints)


def _fields(pdf: Any) -> Iterator[tuple[str, str]]:
    """Every text field's full name and value; capped against loops and floods."""
    form = pdf.Root.get("/AcroForm")
    if form is None:
        return
    stack = [(field, "", 0) for field in list(form.get("/Fields", []))[:MAX_FIELDS]]
    seen = 0
    while stack and seen < MAX_FIELDS:
        field, prefix, depth = stack.pop()
        seen += 1
        part = str(field.get("/T", ""))[:200]
        name = f"{prefix}.{part}" if prefix and part else prefix or part
        if name and "/V" in field:
            yield name, str(field.V)[:2_000]
        elif name and "/Kids" not in field:
            yield name, ""
        if depth < MAX_DEPTH and "/V" not in field:
            stack += [(kid, name, depth + 1) for kid in list(field.get("/Kids", []))[:MAX_FIELDS]]


def _code(pdf: Any) -> str:
    """The problem code that the sheet was printed with."""
    info = pdf.docinfo
    found = _CODE.search(
        " ".join(str(info.get(key, "")) for key in ("/Keywords", "/Subject", "/Title"))[:2_000]
    )
    return found.group() if found else ""
