"""Making a whole problem set: every student's booklet, key and key files, the manifest, and files for the printer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from answer_keys import in_words
from answer_keys.booklets import make_folders, manifest, printed, write_booklet
from answer_keys.draw_problems import draw_problems, given, on_numbers_of
from answer_keys.order import order_of
from exercises.common.file_names import distinct
from exercises.common.files import write
from exercises.common.output import say
from exercises.common.processes import spread
from exercises.common.stopping import counted
from exercises.printing.merge import merge
from exercises.printing.missing_letters import complaint
from exercises.problems.policy import POLICY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from answer_keys.draw_problems import DrawnProblem
    from answer_keys.drawing_services import DrawingServices
    from answer_keys.owner import Owner
    from answer_keys.set_exercises import Exercise, ProblemSet

ALONE = 8  # so few booklets are made sooner by one process


def produce_set(
    found: ProblemSet, owners: Sequence[Owner], out: Path, services: DrawingServices | None
) -> int:
    """Draw, print and write a set for each owner; how many booklets were made.

    Raises ByhandError where numbers cannot be drawn or a file cannot be written.
    """
    make_folders(out)
    told = complaint(owner.name for owner in owners)
    if told:
        say(told)
    drawn = _drawn(found, owners, services)
    stems = distinct(owner.stem for owner in owners)
    tasks = [(found, *one, out) for one in zip(owners, drawn, stems, strict=True)]
    pairs = _printed(tasks)
    codes = [
        (owner, [one.problem.code if one is not None else "" for one in problems])
        for owner, problems in zip(owners, drawn, strict=True)
    ]
    write(out / "manifest.csv", manifest(found, codes))
    if found.policy:
        write(out / POLICY, found.policy)
    if questions := in_words.written(found):
        write(out / in_words.FILE, questions)
    if len(owners) > 1:
        for name, place in (("all-booklets.pdf", 0), ("all-keys.pdf", 1)):
            names = [owner.title(found.title) for owner in owners]
            merged = merge((pair[place] for pair in pairs), names, title=found.title)
            write(out / name, merged, secret=bool(place))
    return len(owners)


def _drawn(
    found: ProblemSet, owners: Sequence[Owner], services: DrawingServices | None
) -> list[list[DrawnProblem | None]]:
    """Everybody's problems; exercise by exercise, because like problems are drawn together. None is for a question."""
    columns: dict[str, list[DrawnProblem | None]] = {}
    for exercise in found.exercises:
        before = columns.get(exercise.same)
        columns[exercise.name] = _column(found, exercise, owners, services, before)
    return [list(row) for row in zip(*columns.values(), strict=True)]


def _column(
    found: ProblemSet,
    exercise: Exercise,
    owners: Sequence[Owner],
    services: DrawingServices | None,
    before: Sequence[DrawnProblem | None] | None,
) -> list[DrawnProblem | None]:
    """Everybody's problem of one exercise: drawn, or the one that the set gives, or on the numbers of one before."""
    if exercise.words is not None:
        return [None] * len(owners)
    if exercise.given is not None:
        return [given(exercise.given, services)] * len(owners)
    whose = [f"version {owner.version}" if owner.version else owner.id for owner in owners]
    seeds = [found.seed_for(exercise, one) for one in whose]
    order = order_of(exercise.options)
    if before is not None:
        known: dict[str, DrawnProblem] = {}
        for one, seed in zip(before, seeds, strict=True):
            if one is not None and seed not in known:
                known[seed] = on_numbers_of(one.problem, order, seed, services)
        return [known[seed] for seed in seeds]
    made = dict(
        zip(dict.fromkeys(seeds), draw_problems(order, list(dict.fromkeys(seeds)), services), strict=True)
    )
    return [made[seed] for seed in seeds]


def _printed(tasks: list[tuple[Any, ...]]) -> list[tuple[bytes, bytes]]:
    """Print and write every booklet, in order; a bar shows how many are done."""
    rest = "the same command makes the same set from the beginning"
    with counted("printing booklets", len(tasks), rest) as count:
        few = len(tasks) < ALONE
        done = []
        for pair in (print_one(*task) for task in tasks) if few else spread(print_one, tasks):
            done.append(pair)
            count(1)
        return done


def print_one(
    found: ProblemSet, owner: Owner, problems: list[DrawnProblem | None], stem: str, out: Path
) -> tuple[bytes, bytes]:
    """Print and write one booklet and its key; `stem` begins the names of its files."""
    booklet = printed(found, owner, problems)
    write_booklet(booklet, out, stem)
    return booklet.pdf, booklet.key_pdf
