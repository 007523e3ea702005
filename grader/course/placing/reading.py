"""Reading files that do not say beforehand which problem they belong to. Runs in any process: plain data in and out.

A sheet tells its problem by its code: in the PDF's keywords or fields, on a line `code: 0H39-T9CV`, in a column,
or in the file's name. Without one it is read as whichever kind of problem most of its names belong to.
"""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from exercises.problems import problem_file
from grader.answers.names import Names
from grader.answers.numbers import clean
from grader.course.people.manifest import CODE
from grader.course.placing import from_paper
from grader.course.placing.answer_sheet import AnswerSheet, by_name
from grader.course.placing.several_problems import parts
from grader.files import read
from grader.files.extraction import decode
from grader.files.extraction.source import Answers, Source, SourceTable
from grader.files.extraction.submission import Reading
from grader.files.forms import flat_pdf, keys, pdf_form
from grader.files.guarded.cap import TooCostlyError, capped
from grader.files.guarded.guard import unpack
from grader.files.labels.headings import PersonPart, who
from grader.files.labels.identity import code_in
from grader.files.registry import LINES, form_of
from grader.scans import libraries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from grader.files.extraction.submission import Submission
    from grader.files.registry import FileForm

MOST_CODES = 60  # problems that one text may answer; a set has 40 exercises at most
HEADING = 80  # characters of a line that may be a heading
_ENDS = '"\t >*#-`|'  # around a name at the beginning of a line
_ANYWHERE = re.compile(
    r"\b(?:problem[ _-]?code|code|problem)\W{1,8}([0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4})\b",
    re.IGNORECASE,
)
_PREFIXED = re.compile(rf"(?:.*\.)?({CODE.pattern}):(.+)")


@dataclass(frozen=True)
class Library:
    """The problems of a course in this process, made from their texts when they are asked for."""

    texts: dict[str, str]
    kinds: dict[str, str]
    papers: dict[str, Any]

    def source(self, code: str, file: str) -> Source:
        """What a reader is handed to read a file for one problem."""
        problem, names, _ = _known(self.texts[code], code)
        return Source(Path(file), problem, names)

    def spoken(self, code: str) -> dict[Any, str]:
        """The canonical name of each line of a problem, and of each question's answer."""
        return _known(self.texts[code], code)[2]

    @property
    def stand_ins(self) -> list[str]:
        """A code of each kind."""
        return list(dict.fromkeys(self.kinds.values()))


@lru_cache(maxsize=32)
def _known(text: str, code: str) -> tuple[Any, Names, dict[Any, str]]:
    problem = problem_file.parse(text, code)
    return problem, Names(problem), {quantity: name for name, quantity in by_name(problem).items()}


@lru_cache(maxsize=2)
def _library(packed: bytes) -> Library:
    return Library(*json.loads(zlib.decompress(packed)))


def pack(texts: dict[str, str], kinds: dict[str, str], papers: dict[str, Any]) -> bytes:
    """The problems as `read_files` wants them, small enough to be sent along with every few files."""
    return zlib.compress(json.dumps([texts, kinds, papers]).encode())


def read_files(packed: bytes, files: Sequence[tuple[str, bytes]]) -> list[str]:
    """Read files, each a name and its bytes. A line of JSON for each: its sheets and complaints."""
    library = _library(packed)
    lines = []
    if library.papers:
        libraries.load()
    for name, data in files:
        try:
            with capped():
                sheets, complaints = read_file(name, data, library)
        except TooCostlyError as error:
            sheets, complaints = [], [f"{clean(name, 200)}: {error}"]
        except Exception as error:  # noqa: BLE001 - one file must not take the others with it
            sheets, complaints = [], [f"{clean(name, 200)}: {read.not_read(error)}"]
        content = {"sheets": [sheet.as_json() for sheet in sheets], "complaints": complaints}
        lines.append(json.dumps(content, ensure_ascii=False))
    return lines


def read_file(name: str, data: bytes, library: Library) -> tuple[list[AnswerSheet], list[str]]:
    """The sheets in one file, and what could not be read of it."""
    file = _File(name, Path(name).suffix.lower(), library)
    form, refused = form_of(file.suffix), read.refused(data, file.suffix)
    if form is None or refused:
        found = [_as(file, data, [])]
    elif a_key := read.key_in(data, file.suffix):
        found = [([], [f"{clean(name, 200)}: {a_key}"])]
    elif from_paper.is_paper(form, data, library.papers):
        found = [from_paper.pages_in(file.name, data, library.papers, library.kinds)]
    elif form.holds == "pages" and data.startswith(form.begins):
        found = list(_pdf(file, data))
    elif form.holds == "lines":
        found = list(_text(file, data, form))
    else:
        several = parts(form, data, library.kinds)
        if several.kinds:
            found = [_part(file, kind, read) for kind, read in several.kinds]
            strange = [AnswerSheet(file.name, place=at, code=code) for code, at in several.strangers.items()]
            return _together([*found, (strange, [])])
        told = _told_in_name(file)
        if not told and form.plain:
            told = list(dict.fromkeys(code.upper() for code in _ANYWHERE.findall(decode.decode(data))))
        found = [_as(file, data, told if len(told) == 1 else [])]
    return _together(found)


def _together(found: Iterable[_Found]) -> _Found:
    both = list(found)
    return [sheet for sheets, _ in both for sheet in sheets], [c for _, said in both for c in said]


def _part(file: _File, kind: str, read: Callable[[Source], Reading]) -> _Found:
    """What one kind of problem has of a file that holds several."""
    reading = read(file.problems.source(kind, file.name))
    return [_sheet(file, s, kind, "", told=False) for s in reading.submissions], reading.complaints


_Found = tuple[list[AnswerSheet], list[str]]


class _File(NamedTuple):
    """A file while it is read."""

    name: str
    suffix: str
    problems: Library


def _told_in_name(file: _File) -> list[str]:
    return [code for code in CODE.findall(Path(file.name).stem.upper()) if code in file.problems.texts]


def _as(file: _File, data: bytes, told: Sequence[str], owner: tuple[str, str] = ("", "")) -> _Found:
    """Read bytes for the problem that was told, or as the kind that most of the names belong to.

    owner: the name and the ID that the sheet gives, as far as they are known already.
    """
    library = file.problems
    if told and told[0] not in library.texts:
        return _of_unknown(told[0], owner, _as(file, data, [], owner)[0] or [AnswerSheet(file.name)]), []
    tried = [(code, _read(file, data, code)) for code in told or library.stand_ins]
    best, reading = max(
        tried, key=lambda p: (sum(len(s.texts) for s in p[1].submissions), -len(p[1].complaints))
    )
    own = {s.code for s in reading.submissions} - {"", best}
    if len(own) == 1 and not told and (code := own.pop()) in library.texts and library.kinds[code] != best:
        best, reading = code, _read(file, data, code)
    sheets = [_sheet(file, s, best, owner[1], told=bool(told)) for s in reading.submissions]
    return sheets, reading.complaints


def _of_unknown(code: str, owner: tuple[str, str], sheets: Sequence[AnswerSheet]) -> list[AnswerSheet]:
    """Sheets under a code of which there is no key: read as their kind, for whoever settles what they belong to."""
    student, identity = (clean(text, 80) for text in owner)
    return [
        replace(sheet, code=code, student=student or sheet.student, student_id=identity or sheet.student_id)
        for sheet in sheets
    ]


def _read(file: _File, data: bytes, code: str) -> Reading:
    source = file.problems.source(code, file.name)
    return read.read_bytes(data, file.suffix, source)


def _sheet(file: _File, read: Submission, like: str, identity: str, *, told: bool) -> AnswerSheet:
    """A submission as plain data.

    like: the code of the problem that it was read for; told: whether the file says that it belongs to it.
    """
    names = file.problems.spoken(like)
    place = read.origin.removeprefix(str(Path(file.name))).removeprefix(", ")
    return AnswerSheet(
        file=file.name,
        place=place,
        student=read.student,
        student_id=clean(identity or read.student_id, 80),
        code=like if told else read.code,
        like=like,
        answers={names[q]: text for q, text in read.texts.items() if q in names and text.strip()},
        remarks=read.remarks,
        places={names[q]: where for q, where in read.places.items() if q in names and q in read.texts},
        left_over=tuple((one.text, one.where) for one in read.left_over),
        by=read.by,
    )


def _text(file: _File, data: bytes, form: FileForm) -> Iterator[_Found]:
    """Lines, which may go over to another problem with a line `code: …` or a heading with a known code."""
    lines = form.text(data).splitlines()
    said = [_says(line) for line in lines]
    starts = [
        (n, code)
        for n, (kind, text) in enumerate(said)
        if (code := code_in(text) if kind is PersonPart.CODE else _heads(file, lines[n]))
    ]
    owner = (_first(said, PersonPart.FULL), _first(said, PersonPart.ID))
    codes = list(dict.fromkeys(code for _, code in starts))
    if len(codes) > MOST_CODES:
        said_of_it = f"names {len(codes)} problems; a sheet answers {MOST_CODES} at most; not read"
        yield [], [f"{clean(file.name, 200)}: {said_of_it}"]
        return
    if len(codes) < 2:  # noqa: PLR2004
        yield _as(file, data, codes or _told_in_name(file)[:1], owner)
        return
    ends = [n for n, _ in starts[1:]] + [len(lines)]
    head = [line if said[n][0] is not None else "" for n, line in enumerate(lines[: starts[0][0]])]
    if any("=" in line for line, kept in zip(lines, head, strict=False) if not kept):
        unread = "what stands before the first code belongs to no problem; not read"
        yield [], [f"{clean(file.name, 200)}: {unread}"]
    plainly = file._replace(suffix=LINES.suffixes[0])
    for code in codes:
        part = list(head) + [""] * (len(lines) - len(head))
        for (start, own), end in zip(starts, ends, strict=True):
            if own == code:
                part[start:end] = lines[start:end]
        yield _as(plainly, ("\n".join(part) + "\n \n").encode(), [code], owner)


def _says(line: str) -> tuple[PersonPart | None, str]:
    """What a line says of the student or of the problem, if it does."""
    name, mark, text = line[:200].partition(":") if ":" in line[:80] else line[:200].partition("=")
    kind = who(name.strip(_ENDS)) if mark else None
    return (None if kind is PersonPart.META else kind), text.strip(_ENDS)


def _heads(file: _File, line: str) -> str:
    """The code of a problem of this course in a line that gives no answer, such as “Exercise 2 (0H39-T9CV)”."""
    code = code_in(line) if len(line) < HEADING and "=" not in line else ""
    return code if code in file.problems.texts else ""


def _first(said: Sequence[tuple[PersonPart | None, str]], wanted: PersonPart) -> str:
    return next((text for kind, text in said[:200] if kind is wanted and text), "")


def _pdf(file: _File, data: bytes) -> Iterator[_Found]:
    """A filled form of one worksheet, or of a booklet whose fields are called `CODE:delta3`."""
    content = unpack("pdf", data)
    if isinstance(content, str):
        yield [], [f"{clean(file.name, 200)}: {content}"]
        return
    if a_key := keys.in_pdf(content, data):
        yield [], [f"{clean(file.name, 200)}: {a_key}"]
        return
    fields: list[tuple[str, str]] = [(str(key), str(value)) for key, value in content["fields"]]
    said = [(who(key.rpartition(".")[2]), value.strip()) for key, value in fields]
    student, identity = _first(said, PersonPart.FULL), _first(said, PersonPart.ID)
    exercises: dict[str, list[tuple[str, str]]] = {}
    for key, value in fields:
        if match := _PREFIXED.fullmatch(key):
            exercises.setdefault(match[1], []).append((match[2], value))
    known = [file.problems.source(code, file.name) for code in exercises if code in file.problems.texts]
    drawn = flat_pdf.by_code(flat_pdf.drawn_on(content, data, known))
    for code, part in exercises.items():
        yield _booklet_part(file, code, part, (student, identity), drawn.get(code, []))
    blank = not exercises and not any(value.strip() for _, value in fields)
    if flattened := list(_flattened(file, data)) if blank else []:
        yield from flattened
    elif not exercises:
        yield _as(file, data, (CODE.findall(content["info"]) or _told_in_name(file))[:1], (student, identity))


def _flattened(file: _File, data: bytes) -> Iterator[_Found]:
    """The exercises of a booklet whose form is gone: by the codes on its pages; nothing where there are not several."""
    pages = flat_pdf.by_code(flat_pdf.pages_of(data))
    if len([code for code in pages if code in file.problems.texts]) < 2:  # noqa: PLR2004
        return
    for code, own in pages.items():
        if code not in file.problems.texts:
            yield [AnswerSheet(file.name, code=code)], []
            continue
        source, reading = file.problems.source(code, file.name), Reading()
        flat_pdf.read_pages(own, code, source, reading)
        sheets = [_sheet(file, s, code, "", told=True) for s in reading.submissions]
        # A booklet's pages have the owner printed where a single worksheet has fields for it: the code tells.
        unnamed = clean(Path(file.name).stem, 80)
        yield [replace(sheet, student=unnamed, student_id="") for sheet in sheets], reading.complaints


def _booklet_part(
    file: _File, code: str, fields: list[tuple[str, str]], owner: tuple[str, str], drawn: list[Any]
) -> _Found:
    """The fields of one exercise of a booklet, and what is drawn on its pages. A blank never replaces an answer."""
    student, identity = (clean(text, 80) for text in owner)
    if code not in file.problems.texts:
        tried = [_booklet_part(file, other, fields, owner, [])[0] for other in file.problems.stand_ins]
        return _of_unknown(code, owner, max(tried, key=lambda sheets: len(sheets[0].answers))), []
    source, reading = file.problems.source(code, file.name), Reading()
    answers = Answers(source, student)
    for written, value in fields:
        if (quantity := source.names.find(written)) is None:
            if value.strip() and who(written) is None:
                pdf_form.unknown(written, value, answers, reading)
        elif value.strip() or quantity not in answers.texts:
            answers.put(quantity, value)
    if drawn:  # on whose pages the owner is printed where a single worksheet has fields for it
        flat_pdf.read_beside(drawn, answers, SourceTable(source, reading))
        answers.told.clear()
    return [_sheet(file, answers.submission(code=code), code, identity, told=True)], reading.complaints
