"""What goes back to students in one piece: a file for each with every exercise, ZIPs for Moodle and Canvas, a table."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from exercises.common.errors import FileError
from exercises.common.file_names import distinct
from exercises.common.files import make_folder, write
from exercises.common.wording import count
from exercises.printing.booklet import BookletPart, bind
from grader.course.people.csv_tables import shown, table_text
from grader.course.results.feedback_pages import FOLDER
from grader.course.work.done_before import WHOLE, key
from grader.handback.feedback_page import person_slug

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from grader.course.people.people import Roster, Student
    from grader.course.results.feedback_pages import FeedbackPages
    from grader.course.results.records import Record, Results
    from grader.course.work.engine import Engine

WHOLES = "feedback-whole"  # the folder of one file for each student
MERGE = "mail-merge.csv"
ZIPS = {"moodle": "feedback-moodle.zip", "canvas": "feedback-canvas.zip"}
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
# As the systems name what students handed in, and take back what belongs to it: in a folder or in a file's name.
_NAMED = {
    "moodle": re.compile(r"(?:.*/)?([^/]+_\d+_assignsubmission_file_?)(?:/[^/]*|[^/]*)"),
    "canvas": re.compile(r"(?:.*/)?([a-z0-9]+_(?:LATE_)?\d+_\d+_)([^/]*)\.[^./]+"),
}
_BODY = re.compile(r"<style>(?P<widths>[^<]*)</style>\s*</head>\s*<body[^>]*>(?P<body>.*)</body>", re.DOTALL)


class Whole(NamedTuple):
    """One student's file: whose, its path in the folder of results, and the records in it."""

    student: Student
    path: str
    records: list[Record]


def hand_back(results: Results, pages: FeedbackPages, engine: Engine, out: Path) -> list[str]:
    """Write all of it; sentences that say what there is. Raises FileError if something cannot be written."""
    form = "pdf" if "pdf" in pages.forms else "html"
    by_student: dict[Student, list[tuple[Record, str]]] = {}
    for record, name in zip(results.records, pages.names, strict=True):
        by_student.setdefault(record.student, []).append((record, name))
    if len(results.exercises) > 1:
        wholes = _wholes(by_student, form, pages, engine, out)
    else:
        _clear(engine, out, {})
        wholes = [
            Whole(who, f"{FOLDER}/{mine[0][1]}.{form}", [mine[0][0]]) for who, mine in by_student.items()
        ]
    write(out / MERGE, _merge(results, {one.student: one.path for one in wholes}))
    return list(_zips(wholes, results.course.roster, out))


def _wholes(
    by_student: dict[Student, list[tuple[Record, str]]],
    form: str,
    pages: FeedbackPages,
    engine: Engine,
    out: Path,
) -> list[Whole]:
    """A file for each student, bound from the pages that stand there; only where one of them is another than before."""
    make_folder(out / WHOLES)
    stems = distinct("-".join(person_slug(part) for part in (who.name, who.id) if part) for who in by_student)
    wholes = [
        Whole(who, f"{WHOLES}/{stem}.{form}", [record for record, _ in mine])
        for stem, (who, mine) in zip(stems, by_student.items(), strict=True)
    ]
    wanted = {
        one.path: key(form, *(pages.wanted[name] for _, name in by_student[one.student])) for one in wholes
    }
    known = engine.store.notes(WHOLE)
    todo = [
        one for one in wholes if known.get(one.path) != wanted[one.path] or not (out / one.path).is_file()
    ]
    done = engine.stages.add("binding", len(todo))
    _clear(engine, out, wanted)

    def calls() -> Iterator[tuple[Any, ...]]:
        for one in todo:
            files = [out / FOLDER / f"{name}.{form}" for _, name in by_student[one.student]]
            yield (
                form,
                pages.paper,
                one.student.shown,
                [file.read_bytes() for file in files],
                [r.placed.exercise for r in one.records],
            )

    for number, data in engine.run(bound, calls()):
        write(out / todo[number].path, data)
        done(1)
    engine.store.set(WHOLE, ((path, made, b"") for path, made in wanted.items()))
    return wholes


def _clear(engine: Engine, out: Path, wanted: dict[str, str]) -> None:
    """Take away those that belong to nobody any more; what somebody else put there stays."""
    for path in engine.store.notes(WHOLE):
        if path not in wanted:
            try:
                (out / path).unlink(missing_ok=True)
            except OSError as error:
                raise FileError(f"{out / path}: cannot be deleted ({error.strerror})") from None
    if not wanted:
        engine.store.set(WHOLE)


def bound(form: str, paper: str, title: str, pages: Sequence[bytes], exercises: Sequence[str]) -> bytes:
    """One file of several pages to hand back, as a PDF numbered through."""
    if form == "pdf":
        parts = [
            BookletPart(page, f"Exercise {name}", paper=paper)
            for page, name in zip(pages, exercises, strict=True)
        ]
        return bind(parts, f"Feedback, {title}", cover=False)
    first, *rest = (page.decode() for page in pages)
    more = []
    for number, page in enumerate(rest, 2):
        match = _BODY.search(page)
        if match is None:
            raise ValueError(page[:200])
        scope = f"page-{number}"
        more.append(
            f'<style>#{scope} {{ {match["widths"]} }}</style>\n<div id="{scope}"><hr/>{match["body"]}</div>\n'
        )
    return first.replace("</body>", "".join(more) + "</body>").encode()


def _merge(results: Results, paths: dict[Student, str]) -> str:
    """A row for each student, as programs for form letters and e-mail take it."""
    names = results.exercises
    header = ["name", "email", "id", "total", "out_of", *(names if len(names) > 1 else ()), "file", "open"]
    rows = []
    for row in results.rows:
        marks = (row.earned.get(name) for name in names) if len(names) > 1 else ()
        rows.append(
            [
                row.student.name, row.student.email, row.student.id, _shown(row.total), _shown(row.out_of),
                *map(_shown, marks), paths.get(row.student, ""), row.needs if row.waits else "",
            ]
        )  # fmt: skip
    return table_text(header, rows)


def _shown(value: float | None) -> str | None:
    return None if value is None else shown(value)


def _zips(wholes: Sequence[Whole], roster: Roster, out: Path) -> Iterator[str]:
    """The ZIPs in which Moodle and Canvas take feedback back, if what was handed in bears their names.

    Of those who handed in together the file goes to whom its name names; the others' pages are theirs alone.
    """
    for system, pattern in _NAMED.items():
        whose: dict[str, list[Whole]] = {}
        named: dict[str, list[Student]] = {}
        for one in wholes:
            match = next((m for r in one.records if (m := pattern.fullmatch(r.placed.sheet.file))), None)
            if match is None:
                continue
            inside = f"{match[1]}/feedback" if system == "moodle" else f"{match[1]}{match[2] or 'feedback'}"
            entry = f"{inside}.{one.path.rpartition('.')[2]}"
            whose.setdefault(entry, []).append(one)
            named[entry] = roster.in_file_name(match.string)
        files = {
            entry: one.path
            for entry, many in whose.items()
            for one in many
            if named[entry] == [one.student]
            or (len(many) == 1 and one.student in (named[entry] or [one.student]))
        }
        target = out / ZIPS[system]
        if not files:
            target.unlink(missing_ok=True)
            continue
        data = BytesIO()
        with ZipFile(data, "w", ZIP_STORED) as archive:
            for name in sorted(files):
                archive.writestr(ZipInfo(name, _LONG_AGO), (out / files[name]).read_bytes())
        write(target, data.getvalue())
        yield f"{target}: feedback for {count(len(files), 'student')}, to be uploaded to {system.capitalize()} as it is"
