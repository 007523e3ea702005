"""Sheets on paper: the pages that came in whatever files put together and read, each sheet once."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from exercises.common.wording import without_addresses
from exercises.problems import problem_file
from grader.answers.numbers import clean
from grader.course.placing.answer_sheet import COVER, AnswerSheet
from grader.files.forms import pdf_form, scan
from grader.scans.parts import SheetPart
from grader.stacks.grouping import grouped
from grader.stacks.lines import read_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.course.placing.answer_sheet import HandedIn
    from grader.course.placing.placed import Course
    from grader.files.registry import FileForm
    from grader.stacks.grouping import PaperPages

Work = tuple[str, list[dict[str, Any]], tuple[str, ...], str, dict[str, int]]


def is_paper(form: FileForm, data: bytes, papers: Mapping[str, Any]) -> bool:
    """Whether a file holds pictures of pages."""
    return form.holds == "pictures" or (
        form.holds == "pages" and pdf_form.is_stack(data, expected=bool(papers))
    )


def pages_in(
    name: str, data: bytes, papers: Mapping[str, Any], kinds: Mapping[str, str]
) -> tuple[list[AnswerSheet], list[str]]:
    """The pages of sheets on paper in one file, one by one, and complaints: they are put together when all are read."""
    stack = scan.read_stack(data, name, papers)
    sheets = [
        AnswerSheet(name, part["place"], code=part["code"], like=kinds[part["code"]], part=part)
        for part in stack.parts
    ]
    shown = clean(name, 200)
    said = [f"{shown}{one.removeprefix(name)}" for one in stack.complaints]
    for code, place in stack.strangers.items():
        if code in kinds:
            said.append(f"{shown}, {place or code}: the key of {code} does not say where its cells lie")
        else:
            sheets.append(AnswerSheet(name, place, code=code))
    if stack.covers and not sheets and not said:
        said.append(f"{shown}: {COVER}")
    return sheets, said


def sheets_in(course: Course, handed: Sequence[HandedIn]) -> list[PaperPages]:
    """The sheets that the pages in these files make."""
    parts = [SheetPart.from_json(sheet.part) for file in handed for sheet in file.sheets if sheet.part]
    return grouped(parts, lambda part: _whose(course, part))


def _whose(course: Course, part: SheetPart) -> str:
    """The ID of whoever a page's sheet belongs to, by its code; empty where that does not tell."""
    if part.owner:
        named = {student.id.upper(): student.id for student in course.roster.students}
        return named.get(part.owner, part.owner)
    owners = {entry.student_id for entry in course.manifest.owners(part.code)}
    return owners.pop() if len(owners) == 1 else ""


def task(course: Course, sheet: PaperPages) -> Work:
    """What another process needs to read a sheet."""
    lost = sheet.lost(course.known_problems.papers[sheet.code])
    text = course.known_problems.texts[sheet.code]
    return text, [part.as_json() for part in sheet.parts], sheet.remarks, sheet.owner, lost


def read_paper(work: Sequence[Work]) -> list[str]:
    """Read sheets, in any process: a line of JSON for each."""
    return [json.dumps(_read(*one), ensure_ascii=False) for one in work]


def _read(
    text: str, parts: list[dict[str, Any]], remarks: Sequence[str], owner: str, lost: dict[str, int]
) -> dict[str, Any]:
    from grader.stacks.grouping import PaperPages

    pages = tuple(SheetPart.from_json(part) for part in parts)
    sheet = PaperPages(pages[0].code, owner, pages, tuple(remarks))
    try:
        found = read_lines(problem_file.parse(text, sheet.code), sheet, lost)
    except Exception as error:  # noqa: BLE001 - one sheet must not take the others with it
        said = f"byhand stumbled over this sheet ({type(error).__name__}: {without_addresses(error)}); please report it"
        return {"complaints": [f"{pages[0].where}: {clean(said, 300)}"]}
    return found.as_json()


def as_sheet(sheet: PaperPages, found: Mapping[str, Any]) -> AnswerSheet:
    """A sheet that was read, for placing and judging."""
    first = sheet.parts[0].file
    return AnswerSheet(
        first,
        sheet.place,
        clean(PurePath(first).stem, 80),
        sheet.owner or found["identity"],
        sheet.code,
        sheet.code,
        {name: line["text"] for name, line in found["lines"].items() if line["text"]},
        sheet.remarks,
        places={name: line["place"] or f"page {line['page']}" for name, line in found["lines"].items()},
        by="scan",
        read={name: _told(line) for name, line in found["lines"].items()},
    )


def _told(line: Mapping[str, Any]) -> dict[str, Any]:
    """How an answer was read, without its picture."""
    return {name: line[name] for name in ("candidates", "file", "place", "page")}


def whole(
    handed: Sequence[HandedIn], sheets: Sequence[PaperPages], found: Sequence[Mapping[str, Any]]
) -> tuple[list[HandedIn], dict[tuple[str, str], Any]]:
    """The files with whole sheets in place of pages, each with the file of its first page; and the lines of each sheet.

    A file all of whose pages are parts of sheets that begin elsewhere is told with those.
    """
    own: dict[str, list[AnswerSheet]] = {}
    lines: dict[tuple[str, str], Any] = {}
    said: dict[str, list[str]] = {}
    for pages, one in zip(sheets, found, strict=True):
        said.setdefault(pages.parts[0].file, []).extend(one["complaints"])
        if "lines" in one:
            sheet = as_sheet(pages, one)
            own.setdefault(sheet.file, []).append(sheet)
            lines[sheet.file, sheet.place] = one["lines"]
    out = []
    for file in handed:
        if not any(sheet.part for sheet in file.sheets):
            out.append(file)
            continue
        rest = [sheet for sheet in file.sheets if not sheet.part]
        complaints = (*file.complaints, *said.get(file.name, ()))
        if rest or file.name in own or complaints:
            out.append(replace(file, sheets=(*rest, *own.get(file.name, ())), complaints=complaints))
    return out, lines
