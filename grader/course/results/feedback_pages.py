"""The pages to hand back: one for each student and exercise, printed again only where something changed."""

from __future__ import annotations

import json
from shutil import rmtree
from typing import TYPE_CHECKING, Any

from exercises.common.errors import FileError
from exercises.common.file_names import distinct
from exercises.common.files import make_folder, write
from exercises.printing.missing_letters import complaint
from exercises.printing.weasy import lacking
from grader.course.people.csv_tables import shown
from grader.course.work.done_before import PAGE, PRINTED, READY, STACK, key
from grader.course.work.judging import problem_of
from grader.handback.feedback_page import HTML_ONLY, person_slug

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from grader.course.people.people import Student
    from grader.course.results.records import Record, Results
    from grader.course.work.done_before import Store
    from grader.course.work.engine import Engine

FOLDER = "feedback"
_BATCH = {True: 4, False: 40}  # pages of a task: with PDFs, and without


def print_pages(
    items: Sequence[tuple[str, str, str, list[str], dict[str, Any]]], paper: Any, forms: Sequence[str]
) -> list[dict[str, bytes]]:
    """Make pages by form: from the problem's text, the student's ID, the record, remarks, and pictures of written lines."""
    from exercises.printing.on_screen import on_screen
    from grader.feedback.report_records import Report
    from grader.handback.feedback_page import feedback_html, feedback_pdf
    from grader.stacks.cutouts import beside

    pages = []
    for text, identity, line, remarks, pictures in items:
        problem, read = problem_of(text), Report.from_json(json.loads(line))
        report = read.with_student_id(identity).with_remarks(remarks)
        cuts = beside(report, pictures) if pictures else {}
        page: dict[str, bytes] = {}
        if "html" in forms:
            page["html"] = on_screen(feedback_html(problem, report, paper, cuts)).encode()
        if "pdf" in forms:
            page["pdf"] = feedback_pdf(problem, report, paper, cuts)
        pages.append(page)
    return pages


class FeedbackPages:
    """Prints what has to be printed, beside the pages that stand there, and then puts it in their place.

    The store tells which page was made from what: those in their place, and those that are ready.
    """

    def __init__(
        self, results: Results, engine: Engine, out: Path, paper: str, forms: tuple[str, ...]
    ) -> None:
        self.results = results
        self.engine = engine
        self.out = out
        self.paper = paper
        self.forms = forms
        self.lacks = ""
        self.printed = out / PRINTED
        self.names = _names(results.records)
        self.known = engine.store.notes(PAGE)
        self.wanted: dict[str, str] = {}
        self.pictures: Mapping[tuple[str, str, str], list[Any]] = {}
        self.first = {record.student: record for record in reversed(results.records)}
        self.totals = dict(_totals(results)) if len(results.exercises) > 1 else {}

    def make(self, done: Callable[[int], None]) -> None:
        """Print every page that is not there yet; none as a PDF where that cannot be.

        Raises FileError if a page cannot be written.
        """
        make_folder(self.printed)
        self.pictures = written_lines(self.engine.store, self.results.records)
        self.wanted = dict(zip(self.names, self._keys(), strict=True))
        old = self._old()
        if "pdf" in self.forms and len(old) < len(self.names) and (lacks := lacking()):
            self.lacks, self.forms = f"{lacks}{HTML_ONLY}", ("html",)
            old = self._old()
        done(len(old))
        todo = [n for n, name in enumerate(self.names) if name not in old]
        batches = list(self._batches(todo))
        for number, pages in self.engine.run(print_pages, map(self._call, batches)):
            for n, page in zip(batches[number], pages, strict=True):
                for form, data in page.items():
                    write(self.printed / f"{self.names[n]}.{form}", data)
            names = [self.names[n] for n in batches[number]]
            self.engine.store.put(READY, ((name, self.wanted[name], b"") for name in names))
            done(len(pages))

    def told(self) -> str:
        """What is to be said of PDFs that could not be made as they should; empty if nothing."""
        if "pdf" not in self.forms:
            return self.lacks
        return complaint(record.student.name for record in self.results.records)

    def publish(self) -> None:
        """Put every new page in its place, one by one, and take away those that belong to nothing any more.

        Meanwhile the store knows nothing of the pages that are replaced. Raises FileError if it cannot be done.
        """
        if self.forms:
            make_folder(self.out / FOLDER)
        new = [name for name, made in self.wanted.items() if not self._is_there(name, made)]
        self.engine.store.put(PAGE, ((name, "", b"") for name in new))
        try:
            for name in new:
                for form in self.forms:
                    (self.printed / f"{name}.{form}").replace(self.out / FOLDER / f"{name}.{form}")
            self._clear()
        except OSError as error:
            raise FileError(f"{self.out / FOLDER}: cannot be written ({error.strerror})") from None
        self.engine.store.set(PAGE, ((name, made, b"") for name, made in self.wanted.items()))
        self.engine.store.set(READY)
        rmtree(self.printed, ignore_errors=True)

    def _keys(self) -> Iterator[str]:
        for record in self.results.records:
            known_problems = self.results.course.known_problems
            text = known_problems.texts[record.placed.code]
            own = [self._written(record)] if record.placed.sheet.read else []
            yield key(text, record.content(), self._remarks(record), self.paper, *own)

    def _old(self) -> set[str]:
        """The pages that are there, or ready."""
        ready = self.engine.store.notes(READY)
        return {
            name
            for name, made in self.wanted.items()
            if self._is_there(name, made) or (ready.get(name) == made and self._are_files(self.printed, name))
        }

    def _is_there(self, name: str, made: str) -> bool:
        return self.known.get(name) == made and self._are_files(self.out / FOLDER, name)

    def _are_files(self, folder: Path, name: str) -> bool:
        return all((folder / f"{name}.{form}").is_file() for form in self.forms)

    def _clear(self) -> None:
        """Delete pages of ours that are out of date or nobody's; what somebody else put there stays."""
        for name, made in self.known.items():
            if self.wanted.get(name) != made:
                for form in {"html", "pdf"} - set(self.forms if name in self.wanted else ()):
                    (self.out / FOLDER / f"{name}.{form}").unlink(missing_ok=True)

    def _batches(self, todo: Sequence[int]) -> Iterator[list[int]]:
        size = _BATCH["pdf" in self.forms]
        for start in range(0, len(todo), size):
            yield list(todo[start : start + size])

    def _call(self, batch: list[int]) -> tuple[Any, ...]:
        known_problems = self.results.course.known_problems
        records = [self.results.records[n] for n in batch]
        items = [
            (
                known_problems.texts[r.placed.code], r.student.id, r.content(), self._remarks(r),
                self._written(r),
            )
            for r in records
        ]  # fmt: skip
        return items, self.paper, self.forms

    def _written(self, record: Record) -> dict[str, Any]:
        """Pictures of the lines of a sheet on paper, by name."""
        own = {
            name: self.pictures.get((line["file"], line["place"], name))
            for name, line in record.placed.sheet.read.items()
        }
        return {name: picture for name, picture in own.items() if picture}

    def _remarks(self, record: Record) -> list[str]:
        """What the page says of the exercise as a part of the whole."""
        several = len(self.results.exercises) > 1
        whole = [self.totals[record.student]] if several and self.first[record.student] is record else []
        plainly = not several and record.points == record.out_of
        if record.earned is None or (plainly and record.share == 1 and record.by_hand is None):
            return whole
        name = f"Exercise {record.placed.exercise}: " if several else ""
        return [*whole, f"{name}{shown(record.earned)} of {shown(record.points)} points{self._why(record)}."]

    def _why(self, record: Record) -> str:
        """Why the points are others than the lines on the page amount to."""
        if record.by_hand is not None:
            return ", given by a person"
        if record.share == 1:
            return ""
        late = record.placed.late
        if record.share == self.results.course.policy.share(late):
            return f" ({late} {'day' if late == 1 else 'days'} late: {100 * record.share:g} % of what was reached)"
        return f" (fewer than {self.results.course.policy.least_lines} lines hold an answer)"


def written_lines(store: Store, records: Sequence[Record]) -> dict[tuple[str, str, str], list[Any]]:
    """Pictures of lines of sheets on paper, by file, place and name, as they were kept when they were read."""
    if not any(record.placed.sheet.read for record in records):
        return {}
    found: dict[tuple[str, str, str], list[Any]] = {}
    for name in store.notes(STACK):
        kept = store.get(STACK, name)
        for quantity, line in (json.loads(kept[1]).get("lines", {}) if kept else {}).items():
            found[line["file"], line["place"], quantity] = line["picture"]
    return found


def _totals(results: Results) -> Iterator[tuple[Student, str]]:
    """What each student reached in all, for the top of their first page."""
    for row in results.rows:
        earned = ((name, row.earned[name]) for name in results.exercises if name in row.earned)
        parts = [f"exercise {name}: {shown(points)}" for name, points in earned]
        of = "" if row.out_of is None else f" of {shown(row.out_of)}"
        still = "; not final yet" if row.waits else ""
        if row.total is not None:
            yield row.student, f"In all {shown(row.total)}{of} points ({', '.join(parts)}{still})."
        else:
            yield row.student, "No points yet."


def _names(records: Sequence[Record]) -> list[str]:
    """A file name for each page, each once: name, id, exercise where there are several, code."""
    several = len({record.placed.exercise for record in records}) > 1
    stems = []
    for record in records:
        parts = [record.student.name, record.student.id, record.placed.exercise if several else ""]
        stems.append("-".join([*(person_slug(part) for part in parts if part), record.placed.code]))
    return distinct(stems)
