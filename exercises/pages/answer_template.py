"""A sheet to type into, beside a worksheet: its lines by name, in its order and sections, as a text or a table.

What is typed behind a name or beside it is read back whole.
"""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING, Literal
from xml.sax.saxutils import escape

from exercises.common.csv_cells import safe
from exercises.pages.sheet_sections import sections

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exercises.problems.problem import Problem

TemplateForm = Literal["txt", "csv", "xlsx", "md"]
_HEAD = ("quantity", "answer", "remark")
_ABOUT = ("name", "id")
_CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
    '.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument'
    '.spreadsheetml.worksheet+xml"/></Types>'
)
_OF = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/'
    'package/2006/relationships"><Relationship Id="r1" Type="{type}" Target="{target}"/></Relationships>'
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def template(problem: Problem, form: TemplateForm) -> bytes:
    """The bytes of the sheet in one form."""
    return _FORMS[form](problem)


def _rows(problem: Problem) -> Iterator[tuple[str, ...]]:
    """The rows of a table: a title by itself, or a name, room for the answer, and what the sheet calls it."""
    for section in sections(problem):
        yield (section.title,)
        for step in section.steps:
            yield step.quantity.name, "", problem.label(step.quantity).text
    if problem.questions:
        yield ("Questions",)
        for question in problem.questions:
            yield question.name, "", ""


def _example(problem: Problem) -> str:
    """A given value, which is no answer, as an example."""
    first = next(iter(problem.values))
    return f"{first.name} = {problem.values[first]:f}"


def _heading(problem: Problem) -> str:
    return problem.title or f"Problem {problem.code}"


def _text(problem: Problem) -> bytes:
    out = [_heading(problem), "", *(f"{name}: " for name in _ABOUT), f"code: {problem.code}", ""]
    out += [
        "Type a number, or the working that leads to it, behind each sign, as here:",
        f"    {_example(problem)}",
    ]
    for row in _rows(problem):
        out += [f"{row[0]} = "] if len(row) > 1 else ["", f"# {row[0]}"]
    return ("\n".join(out) + "\n").encode()


def _markdown(problem: Problem) -> bytes:
    out = [f"# {_heading(problem)}", "", *(f"{name}: " for name in _ABOUT), f"code: {problem.code}", ""]
    said = "Type a number, or the working that leads to it, between the bars, as here:"
    out += [said, "", f"    {_example(problem)}"]
    for row in _rows(problem):
        if len(row) == 1:
            out += ["", f"## {row[0]}", "", f"| {' | '.join(_HEAD)} |", "|---|---|---|"]
        else:
            out.append(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |")
    return ("\n".join(out) + "\n").encode()


def _table(problem: Problem) -> list[tuple[str, ...]]:
    example = f"type a number, or the working that leads to it, as in {_example(problem)}"
    about = [(name, "") for name in _ABOUT]
    return [*about, ("code", problem.code), ("", "", example), _HEAD, *_rows(problem)]


def _csv(problem: Problem) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([safe(cell) for cell in row] for row in _table(problem))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _workbook(problem: Problem) -> bytes:
    """A workbook of one sheet, whose column for the answers takes texts, so that every digit is kept as typed."""
    cell = '<c t="inlineStr"><is><t>{}</t></is></c>'
    rows = "".join(
        f"<row>{''.join(cell.format(escape(text)) for text in row)}</row>" for row in _table(problem)
    )
    wide = '<cols><col min="1" max="2" width="24" customWidth="1"/><col min="3" max="3" width="60" customWidth="1"/></cols>'
    sheet = f'<worksheet xmlns="{_MAIN}">{wide}<sheetData>{rows}</sheetData></worksheet>'
    sheets = '<sheets><sheet name="answers" sheetId="1" r:id="r1"/></sheets>'
    book = f'<workbook xmlns="{_MAIN}" xmlns:r="{_OF}">{sheets}</workbook>'
    parts = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _RELATIONS.format(type=f"{_OF}/officeDocument", target="xl/workbook.xml"),
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": _RELATIONS.format(
            type=f"{_OF}/worksheet", target="worksheets/sheet1.xml"
        ),
        "xl/worksheets/sheet1.xml": sheet,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(
                zipfile.ZipInfo(name), text
            )  # without a time, so that the bytes are always the same
    return out.getvalue()


_FORMS: dict[TemplateForm, Callable[[Problem], bytes]] = {
    "txt": _text,
    "csv": _csv,
    "xlsx": _workbook,
    "md": _markdown,
}
