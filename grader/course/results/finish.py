"""The end of a run: every table and page written, and what a person has to know said on stderr."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from exercises.common.errors import FileError
from exercises.common.files import write
from exercises.common.wording import count
from grader.answers.numbers import clean
from grader.course.people.csv_tables import plain, shown
from grader.course.results import canvas_gradebook, unfinished
from grader.course.results.feedback_pages import FeedbackPages
from grader.course.results.handing_back import hand_back
from grader.course.results.tables import raw, write_tables
from grader.course.work.done_before import JUDGED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from grader.course.placing.answer_sheet import HandedIn
    from grader.course.results.course_file import State
    from grader.course.results.records import Results
    from grader.course.results.unsettled import Unsettled
    from grader.course.work.engine import Engine

COMPLAINTS = 5  # about files that were read otherwise, that are told one by one; files.csv has them all
FEW = 10  # students of whom something is told, one by one
NAMED = 3  # of whom matters of one kind are about, that are named; the table has them all
_ALWAYS = ("not read", "unknown code", "which problem?")  # input that could not be read: each is named
_ODD = "not understood"  # lines of files that were read otherwise


def finish(
    engine: Engine,
    state: State,
    results: Results,
    handed: Sequence[HandedIn],
    *,
    again: bool = False,
) -> list[str]:
    """Write everything into the folder of results, if there is one; sentences about the gradebook.

    What is written is noted before, and every file is replaced whole, pages after all of them are printed: a run
    that is stopped here leaves the old results or the new ones, and is finished by the next.

    again: this is that next run; a gradebook that cannot be filled in any more is only told.

    Raises FileError if something cannot be written; what was done so far is kept for the next run.
    """
    out = engine.out
    if out is None:
        return []
    try:
        book = _gradebook(state, results, out)
    except FileError as error:
        if not again:
            raise
        book = _Book([str(error)])
    answers = "".join(raw(handed))
    unfinished.begin(engine.store, state, answers)
    pages = FeedbackPages(results, engine, out, state.paper, state.forms)
    if state.forms or (out / "feedback").is_dir():
        pages.make(engine.stages.add("feedback", len(results.records) if state.forms else 0))
        pages.publish()
        if state.forms:
            book.said.extend(hand_back(results, pages, engine, out))
    if book.target is not None:
        write(book.target, book.data)
    if told := pages.told():
        book.said.append(told)
    state.save(out, write_tables(results, handed, answers, out))
    engine.store.prune(JUDGED)
    unfinished.end(engine.store)
    return book.said


class _Book(NamedTuple):
    """What is to be said of a gradebook, and where its filled copy goes, if there is one."""

    said: list[str]
    target: Path | None = None
    data: bytes = b""


def _gradebook(state: State, results: Results, out: Path) -> _Book:
    if state.canvas is None:
        return _Book([])
    path, column = Path(state.canvas[0]), state.canvas[1]
    if not path.is_file():  # when marks are recomputed later, perhaps elsewhere
        return _Book([f"{path}: is not there any more, so this gradebook was not filled in again"])
    rows = [row for row in results.rows if row.total is not None]
    filled = canvas_gradebook.fill(
        path, column, [(row.student, row.total) for row in rows if row.total is not None]
    )
    target = out / path.name
    if target.resolve() == path.resolve():
        raise FileError(
            f"{path}: lies in the folder of results, where its filled copy would replace it; move it"
        )
    said = [f"{target}: {count(filled.matched, 'mark')} entered under “{column}”"]
    said += _replaced(filled.changed, target)
    said += _few(
        target,
        [
            f"{student.shown} is excused there (EX), so that the mark {plain(points)} is not entered"
            for student, points in filled.excused
        ],
    )
    said += _few(
        target,
        [
            f"no row for {student.shown}, whose mark is not entered{f': {why}' if why else ''}"
            for student, why in filled.unmatched
        ],
    )
    most = {row.out_of for row in rows}
    if filled.possible is not None and most - {filled.possible}:
        worth = " or ".join(sorted({shown(m) for m in most if m is not None}))
        said.append(
            f"{target}: the column is out of {shown(filled.possible)}, the marks are out of {worth}; "
            "they are entered as they are (points in a manifest would scale them)"
        )
    return _Book(said, target, filled.data)


def _replaced(changed: Sequence[canvas_gradebook.MarkChange], target: Path) -> Iterator[str]:
    """Each mark that stood in the column and is another now: it may have been given by hand."""
    yield from _few(target, [f"{one.student.shown}: {clean(one.old, 40)} → {one.new}" for one in changed])
    if changed:
        stood = "mark that stood there is" if len(changed) == 1 else "marks that stood there are"
        yield f"{target}: {len(changed)} {stood} replaced; your own export is as it was"


def _few(target: Path, lines: Sequence[str]) -> Iterator[str]:
    """What is said of single students and a gradebook, line by line; of many only how many more there are."""
    for line in lines[:FEW]:
        yield f"{target}: {line}"
    if len(lines) > FEW:
        yield f"{target}: … and {len(lines) - FEW} more"


def summary(results: Results, handed: Sequence[HandedIn]) -> Iterator[str]:
    """What was done, for the terminal."""
    people = len({record.student for record in results.records})
    everybody = len(results.students)
    of = "" if results.course.roster.open else f" of {everybody}"
    read = count(len(results.records), "sheet")
    yield f"{read} of {people}{of} {'student' if everybody == 1 else 'students'} graded, from {count(len(handed), 'file')}"


def to_settle(results: Results, handed: Sequence[HandedIn], out: Path | None) -> Iterator[str]:
    """Everything for a person: what could not be read, one line each, then what has to be settled, a line a kind."""
    odd = [file for file in handed if file.sheets and file.complaints]
    said = [sentence for file in odd for sentence in file.complaints]
    if len(said) <= COMPLAINTS:
        yield from said
    everything = results.to_settle()
    yield from (_sentence(matter) for matter in everything if matter.kind in _ALWAYS)
    kinds = Counter(matter.kind for matter in everything if matter.kind not in _ALWAYS)
    wide = max(map(len, (*kinds, _ODD)), default=0)
    if len(said) > COMPLAINTS:
        see = f": {out / 'files.csv'} has each" if out is not None else ""
        yield f"{_ODD:<{wide}} {len(said):>4}  {_named([Path(file.name).name for file in odd])}{see}"
    for kind, total in kinds.items():
        yield f"{kind:<{wide}} {total:>4}  {_about([matter for matter in everything if matter.kind == kind])}"


def _about(matters: Sequence[Unsettled]) -> str:
    """Whom and what matters of one kind are about: everything about a single one, of several the first few names."""
    if len(matters) == 1:
        return _told(matters[0], Path(matters[0].file).name)
    notes = {matter.note for matter in matters}
    return f"{_named(map(_whose, matters))}{f': {notes.pop()}' if len(notes) == 1 else ''}"


def _named(everybody: Iterable[str]) -> str:
    """The first few of names, each once."""
    names = [clean(name, 60) for name in dict.fromkeys(everybody)]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{'; '.join(names[:NAMED])}{more}"


def _whose(matter: Unsettled) -> str:
    return matter.student.shown if matter.student else Path(matter.file).name


def _sentence(matter: Unsettled) -> str:
    if matter.kind == "not read":  # its note says whose it is
        return f"{clean(matter.file, 200)}: {matter.note}"
    return f"{matter.kind}: {_told(matter, matter.file)}"


def _told(matter: Unsettled, file: str) -> str:
    where = f"{file}, {matter.place}" if matter.place else file
    who = matter.student.shown if matter.student else ""
    what = " ".join(part for part in (matter.code, matter.quantity) if part)
    exercise = f"exercise {matter.exercise}" if matter.exercise else ""
    parts = [clean(part, 300) for part in (where, who, exercise, what) if part]
    return f"{', '.join(parts)}: {matter.note}" if parts else matter.note
