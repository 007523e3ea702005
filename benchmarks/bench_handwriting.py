"""How well handwriting is read: sheets filled by writers whom training never saw, captured in four ways.

    python benchmarks/bench_handwriting.py [DATA] [--sheets 4] [--writers 18] [--capture "scan 200" …]

DATA holds `pen.npz` and `mnist.npz`; without it the three writers of `tests/handwriting` must do. Students of
`students.py` work out problems and write 15 % of their lines with a slip; hands and pens of `hands.py` fill printed
sheets, `cameras.py` captures them, and they are found, cut and read as `byhand grade` does it. Neighbouring lines of a
sheet have different samples of a writer's strokes. "One slip away": the picture stays, and the key's number is set one
slip from what is written. `--redrawn N` makes N more sheets of right work of the cells, see `redrawn_sheets.py`.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pypdfium2

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import students  # noqa: E402
from benchmarks.cameras import CAPTURES, capture  # noqa: E402
from benchmarks.hands import PENS, Hand, Mood, hands, into_cells, write_character  # noqa: E402
from benchmarks.redrawn_sheets import POLICIES, Bank, accused, redraw  # noqa: E402
from benchmarks.single_digits import accuracy, mnist_digits, pen_digits  # noqa: E402
from exercises.paper.codes import page_code  # noqa: E402
from exercises.paper.sheet import paper_sheet  # noqa: E402
from exercises.problems.problem_file import from_table  # noqa: E402
from grader.diagnosis.slips import edits  # noqa: E402
from grader.handwriting.expected import ExpectedNumbers, chances  # noqa: E402
from grader.handwriting.network import CLASSES, probabilities  # noqa: E402
from grader.handwriting.reading import decide, join, read, settled  # noqa: E402
from grader.scans.cutting import cut, evened, rows_of  # noqa: E402
from grader.scans.finding import find  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL import Image

    from exercises.problems.problem import Problem
    from grader.scans.cells import AnswerCells

SLIPS = 0.15
SHAPES = (((2, 2, 1), "sigmoid"), ((2, 2, 2), "sigmoid"), ((2, 2, 1), "tanh"), ((2, 2, 2), "tanh"))


@dataclass
class Filled:
    """One sheet on paper: pages, and for each line what is written, where, and what right work would have been."""

    problem: Problem
    pages: list[Image.Image]
    texts: dict[str, str]
    where: dict[str, Any]
    right: bool
    slipped: set[str]


@dataclass
class Tally:
    """Counts of one capture."""

    counts: Counter[str] = field(default_factory=Counter)
    by_writer: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    banks: dict[str, Bank] = field(default_factory=lambda: defaultdict(Bank))

    def add(self, writer: str, **more: float) -> None:
        """Count for a writer."""
        self.counts.update(more)
        self.by_writer[writer].update(more)


@lru_cache(maxsize=8)
def printed(seed: int) -> tuple[dict[str, Any], Problem, list[Image.Image], dict[str, Any]]:
    """A problem, and its sheet as it comes from the printer: pages at 300 dpi, and where each cell lies."""
    shape, activation = SHAPES[seed % len(SHAPES)]
    table = students.wide_problem(random.Random(f"sheet {seed}"), shape, activation, bias=True)
    values = {name: Decimal(repr(v)) for name, v in table["values"].items()}
    problem = from_table({**table, "values": values}, "bench")
    sheet = paper_sheet(problem)
    pdf = pypdfium2.PdfDocument(sheet.pdf)
    pages = [page.render(scale=300 / 72, grayscale=True).to_pil().convert("L") for page in pdf]
    return table, problem, pages, sheet.where["cells"]


def filled(hand: Hand, seed: int, *, slips: bool) -> Filled:
    """A problem, a student's numbers for it, written by one hand with one pen."""
    rng, np_rng = random.Random(f"{hand.name} {seed}"), np.random.default_rng(hash_of(hand.name, seed))
    table, problem, blank, where = printed(seed)
    texts = dict(students.simulate(table, rng.choice(POLICIES), rng).answers)
    slipped_at = set()
    for name, text in list(texts.items()):
        if slips and rng.random() < SLIPS and (near := near_misses(text, where[name])):
            texts[name] = rng.choice(near)
            slipped_at.add(name)
    pen, mood = PENS[rng.choice(sorted(PENS))], Mood.of(np_rng)
    halves = hand.halves()  # a fit to the hand may not see the very strokes that it is tried on
    pages, shown = [page.copy() for page in blank], {}
    for (
        name,
        cells,
    ) in where.items():  # in the order in which they are read, by every second of which hands are learnt
        text = texts.get(name, "")
        written = into_cells(text, len(cells["whole"]), len(cells["places"]))
        if written is None:
            continue
        shown[name] = text
        own = halves[(len(shown) - 1) % 2]
        for character, box in zip(written, boxes_of(cells), strict=True):
            if character != " ":
                write_character(pages[cells["page"] - 1], box, character, own, pen, mood, np_rng)
    return Filled(problem, pages, shown, where, not slips, slipped_at)


def boxes_of(cells: dict[str, Any]) -> list[list[float]]:
    """The cells of an answer from the left."""
    return [cells["sign"], *cells["whole"], *cells["places"], *cells.get("power", ())]


def hash_of(*parts: object) -> int:
    """A seed from anything."""
    return random.Random(repr(parts)).getrandbits(40)


def near_misses(text: str, cells: dict[str, Any]) -> list[str]:
    """The numbers one slip away that the cells can hold, as they are written."""
    whole, places = len(cells["whole"]), len(cells["places"])

    def fits(other: str) -> bool:
        before, point, behind = other.lstrip("-").partition(".")
        plain = not (len(before) > 1 and before[0] == "0") and not (
            other.startswith("-") and not float(other)
        )
        return bool(point) and 1 <= len(before) <= whole and len(behind) == places and plain

    return sorted({other for _, other in edits(text) if fits(other) and float(other) != float(text)})


def captured(
    sheet: Filled, how: str, rng: np.random.Generator, count: Callable[..., None]
) -> list[AnswerCells]:
    """The cells of a sheet as they come back: found, laid flat and cut as `byhand grade` does it."""
    answers = []
    rows = [row for row in rows_of({"cells": sheet.where}) if row.quantity in sheet.texts]
    for number, page in enumerate(sheet.pages, 1):
        picture, _ = capture(page, how, rng)
        begun = time.process_time()
        found = find(np.asarray(picture))
        told = page_code(found.content)
        right = told is not None and (told.problem, told.page) == (sheet.problem.code, number)
        if found.flat is not None:
            answers += cut(evened(found.flat), [row for row in rows if row.page == number])
        count(
            pages=1, found=int(found.flat is not None), told=int(right), mistold=int(told is not None and not right),
            finding=time.process_time() - begun,
        )  # fmt: skip
    return answers


def tidy(text: str) -> str:
    """A number as cells spell it."""
    sign = "-" if text.startswith("-") else ""
    return sign + text.lstrip("-+")


def measure(sheet: Filled, how: str, hand: Hand, tally: Tally, rng: np.random.Generator) -> None:
    """Read one sheet and count."""
    count = partial(tally.add, hand.name)
    answers = captured(sheet, how, rng, count)
    begun = time.process_time()
    posteriors = read(answers)
    named = time.process_time()
    readings = decide(sheet.problem, posteriors)
    tally.banks[hand.name].add(sheet.texts, posteriors)
    done = time.process_time()
    seen_again, certainty, _ = settled(ExpectedNumbers(sheet.problem), posteriors)
    count(seconds=named - begun, joining=done - named)
    for answer, found, again in zip(answers, posteriors, seen_again, strict=True):
        text = tidy(sheet.texts[answer.quantity])
        names = probabilities(answer.cells).argmax(axis=1)
        roles = answer.roles
        written = into_cells(text, roles.count("whole"), roles.count("place"))
        wanted = [CLASSES.index("empty" if c == " " else c) for c in written]
        digits = [(a, b) for a, b in zip(names, wanted, strict=True) if b < 10]
        taken = readings[answer.quantity].text
        best = found.best[0][0] if found.best else ""
        count(
            numbers=1, digits=len(digits), digits_right=sum(int(a == b) for a, b in digits),
            signs=1, signs_right=int(names[0] == wanted[0]),
            alone=int(best == text), own_hand=int(bool(again.best) and again.best[0][0] == text),
            read=int(taken is not None), wrong=int(taken is not None and taken != text),
            slips=int(answer.quantity in sheet.slipped),
            slips_swallowed=int(answer.quantity in sheet.slipped and taken is not None and taken != text),
        )  # fmt: skip
        if taken is not None and taken != text:
            tally.by_writer["wrong"][f"{hand.name}: {text} as {taken} ({how})"] += 1
        near = near_misses(text, sheet.where[answer.quantity])
        one_slip_away(again, text, near, count, rng, certainty)
    if sheet.right:
        tally.add(hand.name, right_sheets=1, accused=int(bool(accused(sheet.problem, readings))))


def one_slip_away(  # noqa: PLR0913, PLR0917 - what was read and written, what might have been, and how to judge it
    found: Any,
    text: str,
    near: list[str],
    count: Callable[..., None],
    rng: np.random.Generator,
    certainty: Any,
) -> None:
    """What if the key had a number one slip away from what is written."""
    if not near:
        return
    worst = max(near, key=found.probability)
    for kind, key in (*(("random", near[k]) for k in rng.integers(len(near), size=4)), ("worst", worst)):
        taken = join(found, chances({key: 1.0}, {}), certainty).text
        count(**{f"{kind}_keys": 1, f"{kind}_swallowed": int(taken == key)})
    taken = join(found, chances({text: 1.0}, {}), certainty).text
    count(right_keys=1, right_read=int(taken == text), right_as_other=int(taken not in {text, None}))


def show(tallies: dict[str, Tally]) -> None:
    """The table."""
    rows = (
        ("page found", "found", "pages"), ("  its code read", "told", "pages"), ("  its code misread", "mistold", "pages"),
        ("digit in its cell", "digits_right", "digits"), ("sign in its cell", "signs_right", "signs"),
        ("whole number, image alone", "alone", "numbers"), ("  by a network fitted to the hand", "own_hand", "numbers"),
        ("read without a person", "read", "numbers"),
        ("  of these wrong", "wrong", "read"), ("slip read as another number", "slips_swallowed", "slips"),
        ("key one random slip away: swallowed", "random_swallowed", "random_keys"),
        ("key at the slip the image likes best", "worst_swallowed", "worst_keys"),
        ("right number, key alone: read", "right_read", "right_keys"),
        ("right number read as another", "right_as_other", "right_keys"),
        ("sheets of right work accused", "accused", "right_sheets"),
    )  # fmt: skip
    print(f"{'':38}" + "".join(f"{how:>20}" for how in tallies))
    for words, part, whole in rows:
        line = f"{words:38}"
        for tally in tallies.values():
            a, b = tally.counts[part], tally.counts[whole]
            line += f"{f'{a}/{b}':>12}{a / max(b, 1):8.2%}"
        print(line)
    for words, key in (
        ("finding and cutting, CPU s a page", "finding"), ("reading, CPU s a page", "seconds"),
        ("joining, CPU s a page", "joining"),
    ):  # fmt: skip
        print(
            f"{words:38}"
            + "".join(f"{t.counts[key] / max(1, t.counts['pages']):20.2f}" for t in tallies.values())
        )
    crops = [7600 * (1 - t.counts["read"] / max(1, t.counts["numbers"])) for t in tallies.values()]
    print(f"{'crops for 200 students of 38 lines':38}" + "".join(f"{c:20.0f}" for c in crops))


def show_digits(data: Path) -> None:
    """Single digits and signs of unseen writers, each in a cell."""
    for how in ("scan 200", "bad phone"):
        for words, source in (("pen", pen_digits), ("MNIST", mnist_digits)):
            if words == "pen" or (data / "mnist.npz").exists():
                right, total = accuracy(source(data), how)
                print(f"single characters, {words}, {how}: {right}/{total} {right / total:.4f}")


def show_writers(tallies: dict[str, Tally]) -> None:
    """By writer: whole number by the image alone, read, wrong."""
    print("\nby writer: image alone / read / wrong")
    for name in sorted({n for t in tallies.values() for n in t.by_writer if n != "wrong"}):
        line = f"{name:24}"
        for tally in tallies.values():
            c = tally.by_writer[name]
            line += f"   {c['alone'] / max(1, c['numbers']):.3f} {c['read'] / max(1, c['numbers']):.3f} {c['wrong']:3}"
        print(line)
    for tally in tallies.values():
        for what in tally.by_writer["wrong"]:
            print("wrong:", what)


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, nargs="?", default=ROOT / "tests/handwriting")
    parser.add_argument("--sheets", type=int, default=4)
    parser.add_argument(
        "--first", type=int, default=0, help="number of the first sheet; every fourth is without slips"
    )
    parser.add_argument("--writers", type=int, default=99)
    parser.add_argument("--part", default="proof")
    parser.add_argument("--capture", nargs="*", default=CAPTURES)
    parser.add_argument(
        "--redrawn", type=int, default=0, help="sheets of right work put together from their cells"
    )
    told = parser.parse_args()
    tallies = {how: Tally() for how in told.capture}
    for hand in hands(told.data, told.part)[: told.writers]:
        for n in range(told.first, told.first + told.sheets):
            sheet = filled(hand, n, slips=n % 4 != 3)
            for how in told.capture:
                measure(sheet, how, hand, tallies[how], np.random.default_rng(hash_of(hand.name, n, how)))
    show(tallies)
    show_digits(told.data)
    show_writers(tallies)
    banks = {(who, how): bank for how, tally in tallies.items() for who, bank in tally.banks.items()}
    if again := redraw(banks, told.redrawn):
        print(f"\nsheets of right work put together from cells: {dict(again)}")
    size = (ROOT / "grader/handwriting/weights.npz").stat().st_size
    print(f"\nweights: {size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
