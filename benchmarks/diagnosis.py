"""How often the diagnosis is right, on simulated students who share nothing with the grader.

    python benchmarks/diagnosis.py                the tables of docs/measured.md, about a quarter of an hour
    python benchmarks/diagnosis.py --size 2000    a tenth of the sheets

Beside it, in the same run and on the same sheets: fixed ±1 % against the reference, and the same with the
student's own earlier numbers carried forward. Faults that nobody could see (`students.py` states the rule)
are counted apart, never dropped silently.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from benchmarks import gaming, students
from benchmarks.naming import CODES, SIGN
from exercises.drawing.draw import Order, draw
from exercises.formulas.algebras import ArrayAlgebra
from exercises.formulas.formula import fold
from exercises.formulas.quantity import parse_name
from exercises.networks.network import Network
from exercises.problems import problem_file, problem_writer
from exercises.problems.problem_file import from_table
from grader.answers.read_sheet import read_answers
from grader.diagnosis.diagnose import Diagnosis, diagnose
from grader.judging.batch import gather
from grader.services import make_scorer

if TYPE_CHECKING:
    from exercises.problems.problem import Problem

SHAPES = ((2, 2, 1), (2, 2, 2))
CELLS = [(s, a, b) for s in SHAPES for a in ("sigmoid", "tanh") for b in (True, False)]
KINDS = {  # policy, None for any that gives every line: what is on the sheet, and the aim
    None: ("every line given", "≥ 0.97"),
    "no-path-lines": ("no path lines", "≥ 0.93"),
    "total-loss-only": ("the total loss only", "≥ 0.93"),
    "only-deltas-and-weights": ("outputs, deltas and final weights only", "≥ 0.90"),
    "only-weights": ("final weights only", "–"),
}


@dataclass
class Case:
    """One simulated sheet with the grader's problem and what was found."""

    problem: Problem
    plain: dict[str, Any]
    sheet: students.Sheet
    seed: int = 0
    found: Diagnosis | None = None
    order: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> list[str]:
        """The lines called wrong, in order."""
        return [q.name for q, line in self.found.judged.lines.items() if line.verdict[self.found.column] == 2]

    @property
    def first_true(self) -> str | None:
        """Where an ideal grader would put the first error."""
        visible = set(self.sheet.visible)
        return next((name for name in self.order if name in visible), None)

    def named(self) -> tuple[str | None, float]:
        """The code named first at the first wrong line, and its probability."""
        first = parse_name(self.wrong[0])
        explanation = self.found.explained.get(first)
        if explanation is None:
            return None, 0.0
        if explanation.causes:
            return explanation.causes[0].hypothesis.mistake.code, explanation.causes[0].probability
        if explanation.slip is not None and explanation.slip.kind == SIGN:
            return SIGN, 0.0
        return None, 0.0


def problem_of(plain: dict[str, Any]) -> Problem:
    """The grader's problem for a simulated student's."""
    values = {k: Decimal(str(v)) for k, v in plain["values"].items()}
    return from_table({**plain, "shape": list(plain["shape"]), "values": values}, "simulated")


def plain_of(problem: Problem) -> dict[str, Any]:
    """The simulated student's problem for one that was drawn."""
    net = problem.network
    return {
        "shape": list(net.shape),
        "activation": list(net.activations),
        "loss": net.loss,
        "bias": {"yes": True, "no": False, "fixed": "fixed"}[net.bias],
        "notation": problem.notation,
        "delta": problem.delta,
        "places": problem.places,
        "values": {q.name: float(v) for q, v in problem.values.items()},
    }


class Source:
    """Draws problems of every cell in turn: `drawn` as by `byhand generate`, or `wide` as typed by hand."""

    def __init__(self, kind: str, rng: random.Random) -> None:
        self.kind, self.rng, self.cache = kind, rng, {}

    def problems(self, cell: tuple[Any, str, bool], count: int) -> list[tuple[Problem, dict[str, Any]]]:
        """Different problems of one cell; a few hundred drawn ones are used again and again."""
        shape, activation, bias = cell
        if self.kind == "wide":
            plains = [students.wide_problem(self.rng, shape, activation, bias) for _ in range(count)]
            return [(problem_of(p), p) for p in plains]
        pool = self.cache.setdefault(cell, [])
        while len(pool) < min(count, 150):
            net = Network(
                shape, (activation,) * (len(shape) - 1), "half-squared-error", "yes" if bias else "no"
            )
            sign = self.rng.choice(["gradient", "negative-gradient"])
            problem = draw(Order(net, delta=sign), f"bench/{self.rng.random()}", make_scorer)
            pool.append((problem, plain_of(problem)))
        return [pool[i % len(pool)] for i in range(count)]


def run(cases: list[Case]) -> None:
    """Diagnose cases, batch by batch of one graph."""
    groups: dict[Any, list[Case]] = {}
    for case in cases:
        net = case.problem.network
        groups.setdefault((net, case.problem.delta), []).append(case)
    for members in groups.values():
        graph = members[0].problem.graph
        answers = [read_answers({parse_name(k): v for k, v in c.sheet.answers.items()}) for c in members]
        sheets = gather(
            graph, [c.problem.values for c in members], answers, [c.problem.precision for c in members]
        )
        order = [s.quantity.name for s in graph.steps]
        for case, found in zip(members, diagnose(sheets), strict=True):
            case.found, case.order = found, order


def make(source: Source, size: int, policy: str | None, faults: Any) -> list[Case]:
    """Simulated sheets, spread evenly over the cells. `faults(problem, rng, policy)` gives what is done."""
    cases = []
    for cell in CELLS:
        for problem, plain in source.problems(cell, size // len(CELLS)):
            known = students.applicable_policies(plain)
            name = policy or source.rng.choice([p for p in FULL if p in known])
            if name not in known:
                continue
            seed = source.rng.getrandbits(32)
            sheet = students.simulate(plain, name, random.Random(seed), faults(plain, source.rng, name))
            cases.append(Case(problem, plain, sheet, seed))
    return cases


FULL = ("half-up", "half-even", "cut-off", "remembered", "mixed", "rounded-products", "six-places")


def one(**kind: Any) -> Any:
    """A single fault of some kind."""
    return lambda p, rng, policy: [students.random_fault(p, rng, policy=policy, **kind)]


def none(_: Any, __: Any, ___: Any) -> list[Any]:
    """Correct work."""
    return []


# The two usual ways, on the same sheets.


def fixed(case: Case, *, carried: bool) -> str | None:
    """The first line that ±1 % rejects: against the reference, or against the own earlier numbers."""
    algebra, typed = ArrayAlgebra(), {q: float(v) for q, v in case.problem.values.items()}
    exact = dict(typed)
    for step in case.problem.graph.steps:
        q = step.quantity
        exact[q] = float(fold(step.formula, algebra, exact.__getitem__))
        expected = float(fold(step.formula, algebra, typed.__getitem__)) if carried else exact[q]
        text = case.sheet.answers.get(q.name)
        typed[q] = float(text) if text is not None else expected
        if text is not None and abs(typed[q] - expected) > 0.01 * abs(expected):
            return q.name
    return None


def table_row(name: str, value: str, aim: str) -> None:
    """One printed row."""
    print(f"| {name} | {value} | {aim} |", flush=True)


def accused(source: Source, size: int, policies: list[str]) -> None:
    """Correct work under every policy: how much of it is called wrong."""
    print("\nCorrect sheets accused (lines not assessed in brackets), and by the two usual ways\n")
    print("| policy | sheets | accused | ±1 % | ±1 % carried |\n|---|---|---|---|---|")
    for policy in policies:
        cases = make(source, size, policy, none)
        if not cases:
            continue
        run(cases)
        bad = sum(bool(c.wrong) for c in cases)
        unsure = sum(
            int(line.verdict[c.found.column] == 5) for c in cases for line in c.found.judged.lines.values()
        )
        sample = cases[:: max(1, len(cases) // 400)]
        usual = [sum(fixed(c, carried=k) is not None for c in sample) / len(sample) for k in (False, True)]
        print(
            f"| {policy} | {len(cases)} | {bad} ({unsure / len(cases):.2f} a sheet) | "
            f"{usual[0]:.1%} | {usual[1]:.1%} |",
            flush=True,
        )


def f1(source: Source, size: int) -> None:
    """First error right on wrong sheets, all clear on correct ones: their harmonic mean."""
    right = make(source, size // 2, None, none)
    wrong = make(source, size // 2, None, one())
    run(right), run(wrong)
    seen = [c for c in wrong if c.sheet.truth and c.sheet.detectable]

    def score(first: Any) -> float:
        hit = np.mean([first(c) == c.first_true for c in seen])
        clear = np.mean([first(c) is None for c in right])
        return float(2 * hit * clear / (hit + clear)) if hit + clear else 0.0

    own = score(lambda c: c.wrong[0] if c.wrong else None)
    usual = [score(lambda c, k=k: fixed(c, carried=k)) for k in (False, True)]
    aim = "≥ 0.99" if source.kind == "drawn" else "≥ 0.98"
    hidden = len(wrong) - len(seen)
    table_row(
        f"F1 of first error and all-clear, {source.kind} "
        f"({len(seen)} + {len(right)} sheets, {hidden} faults invisible)",
        f"**{own:.4f}** (±1 %: {usual[0]:.3f}; carried: {usual[1]:.3f})",
        aim,
    )


def acceptable(case: Case) -> set[str]:
    """The codes that name this fault, or one that gives the very same number at this line."""
    fault = case.sheet.truth[0]
    ids = {fault.id} | students.equivalents(case.plain, case.sheet, fault)
    return set().union(*(CODES.get(i, set()) for i in ids))


def same_sheet(case: Case, *, systematic: bool = False) -> set[str]:
    """The codes of every fault that makes this student hand in the very same sheet: nobody could tell."""
    out: set[str] = set()
    for fault in students.possible_faults(case.plain, systematic=systematic):
        other = students.simulate(case.plain, case.sheet.policy, random.Random(case.seed), [fault])
        if other.answers == case.sheet.answers:
            out |= CODES.get(fault.id, set())
    return out


def is_named(case: Case, code: str | None) -> bool:
    """Whether the fault, or one that cannot be told from it on this sheet, is named first."""
    if case.found.convention is not None and not case.wrong:
        return case.sheet.truth[0].id in FACTOR  # the sheet of another convention, and called so
    return code in acceptable(case) or (code is not None and code in same_sheet(case))


SURELY = 0.8
FACTOR = ("loss slope/two-kept", "loss slope/half-kept")


def naming(source: Source, size: int, policy: str | None, misses: Counter[Any]) -> None:
    """The mistake named first."""
    name, aim = KINDS[policy]
    cases = make(source, size, policy, one())
    run(cases)
    seen = [c for c in cases if c.sheet.truth and c.sheet.detectable]
    good, forecasts = 0, []
    for case in seen:
        code, probability = case.named() if case.wrong else (None, 0.0)
        hit = is_named(case, code)
        good += hit
        if code is not None and code != SIGN:
            forecasts.append((probability, hit))
        if not hit:
            misses[case.sheet.truth[0].id, code or ("unnamed" if case.wrong else "nothing wrong")] += 1
    table_row(
        f"mistake named first, {name}, {source.kind} ({len(seen)} of {len(cases)} visible)",
        f"**{good / len(seen):.4f}**",
        aim,
    )
    FORECASTS.extend(forecasts)


FORECASTS: list[tuple[float, bool]] = []


def calibration(forecasts: list[tuple[float, bool]]) -> float:
    """Expected calibration error over ten bins of equal width."""
    total = 0.0
    for low in np.arange(0, 1, 0.1):
        members = [(p, h) for p, h in forecasts if low <= p < low + 0.1 or (low == 0.9 and p == 1)]
        if members:
            p, h = np.mean([m[0] for m in members]), np.mean([m[1] for m in members])
            total += abs(p - h) * len(members)
    return total / max(1, len(forecasts))


def sparse(source: Source, size: int, misses: Counter[Any]) -> None:
    """One mistake made at all like lines, on sheets with few lines: named first, and taken for one mistake."""
    for policy in [name for name in KINDS if name is not None]:
        cases = make(source, size, policy, one(systematic=True))
        run(cases)
        seen = [c for c in cases if c.sheet.truth and c.sheet.detectable]
        named, once, false = 0, 0, 0
        for case in seen:
            code, probability = case.named() if case.wrong else (None, 0.0)
            hit = is_named(case, code) or (code is not None and code in same_sheet(case, systematic=True))
            causes = [case.found.explained[parse_name(name)].causes for name in case.wrong]
            first = {c[0].hypothesis.mistake.name if c else "" for c in causes}
            named, once = named + hit, once + (hit and len(first) <= 1)
            false += not hit and code is not None and probability >= SURELY
            if not hit:
                misses[case.sheet.truth[0].id, code or ("unnamed" if case.wrong else "nothing wrong")] += 1
        table_row(
            f"systematic mistake named, {KINDS[policy][0]}, {source.kind} ({len(seen)} of {len(cases)} visible)",
            f"**{named / len(seen):.4f}**; and as one mistake {once / len(seen):.4f}; wrongly named at p ≥ "
            f"{SURELY}: {false / len(seen):.4f}",
            "≥ 0.95",
        )


def final_slips(source: Source, size: int) -> None:
    """A slip in one of the new weights, on sheets of these alone: told as a slip, or as a sign or another number."""
    cases = make(source, size, "only-weights", final_slip)
    run(cases)
    seen = [c for c in cases if c.sheet.truth and c.sheet.detectable and c.wrong]
    found = [c.found.explained[parse_name(c.wrong[0])] for c in seen]
    told = sum(e.slip is not None or e.copied is not None for e in found)
    false = sum(bool(e.causes) and e.causes[0].probability >= SURELY for e in found)
    table_row(
        f"slip in a final weight told as one, {source.kind} ({len(seen)} visible)",
        f"**{told / len(seen):.4f}**; called a misconception at p ≥ {SURELY}: {false / len(seen):.4f}",
        "–",
    )


def final_slip(problem: dict[str, Any], rng: random.Random, policy: str) -> list[Any]:
    """A slip in one of the new weights."""
    while True:
        fault = students.random_fault(problem, rng, policy=policy, slip=True)
        if fault.quantity.startswith(("W", "b")):
            return [fault]


def two(source: Source, size: int) -> None:
    """Two independent mistakes: how often exactly the broken lines are found."""
    cases = make(source, size, None, lambda p, rng, policy: students.two_faults(p, rng, policy=policy))
    run(cases)
    seen = [c for c in cases if len(c.sheet.truth) == 2 and all(f.detectable for f in c.sheet.truth)]
    exact = sum(set(c.wrong) == set(c.sheet.visible) for c in seen)
    table_row(
        f"two mistakes: exact set of broken steps, {source.kind} ({len(seen)} visible)",
        f"**{exact / len(seen):.4f}**",
        "≥ 0.97",
    )


def exotic(source: Source, size: int) -> None:
    """A mistake that the catalogue lacks: how often the right step is blamed."""
    cases = make(source, size, None, one(exotic=True))
    run(cases)
    seen = [c for c in cases if c.sheet.truth and c.sheet.detectable]
    hit = sum(bool(c.wrong) and c.wrong[0] == c.first_true for c in seen)
    table_row(
        f"a mistake that the catalogue lacks: right step, {source.kind} ({len(seen)} visible)",
        f"**{hit / len(seen):.4f}**",
        "≥ 0.98",
    )


def slips(source: Source, size: int, misses: Counter[Any]) -> None:
    """Slips of the pen: how many are called a misconception."""
    cases = make(source, size, None, one(slip=True))
    run(cases)
    seen = [c for c in cases if c.sheet.truth and c.sheet.detectable and c.wrong]
    called = 0
    tied = 0
    for case in seen:
        code, _ = case.named()
        copied = case.found.explained[parse_name(case.wrong[0])].copied is not None  # "is the number of …"
        if code not in (None, SIGN) and not copied:
            tie = students.equivalents(case.plain, case.sheet, case.sheet.truth[0])
            tied += bool(tie)
            called += not tie
            if not tie:
                misses[case.sheet.truth[0].id, code] += 1
    table_row(
        f"slips called a misconception, {source.kind} ({len(seen)} visible; "
        f"{tied / len(seen):.4f} more give the number of a mistake exactly)",
        f"**{called / len(seen):.4f}**",
        "≤ 0.01",
    )


def retyped(case: Case, rng: random.Random, *, off: int) -> tuple[Case, str]:
    """The same sheet with one line typed to one or two places: rounded, or so many units and more away from it."""
    exact = {q.name: float(line.key[case.found.column]) for q, line in case.found.judged.lines.items()}
    while True:
        name, places = rng.choice(case.order), rng.choice((1, 2))
        unit = Decimal(1).scaleb(-places)
        value = Decimal(repr(exact[name])).quantize(unit)
        value += rng.choice((-1, 1)) * off * unit
        if value and (not off or abs(float(value) - exact[name]) > float(unit)):
            break
    answers = {**case.sheet.answers, name: f"{value:f}"}
    return Case(case.problem, case.plain, replace(case.sheet, answers=answers), case.seed), name


def coarse(source: Source, size: int) -> None:
    """One line of a right sheet typed to one or two places: more than a unit off it is wrong, rounded it is not."""
    right = make(source, size, "half-up", none)
    run(right)
    for off, aim in ((0, "0 called wrong"), (2, "0 pass"), (5, "0 pass")):
        cases, names = zip(*(retyped(case, source.rng, off=off) for case in right), strict=True)
        run(list(cases))
        wrong = sum(name in case.wrong for case, name in zip(cases, names, strict=True))
        missed = wrong if not off else len(cases) - wrong
        what = f"{off} units off" if off else "rounded"
        table_row(
            f"one line at 1 or 2 places, {what}, {source.kind} ({len(cases)} sheets)", f"**{missed}**", aim
        )


CHUNK = 2_500  # sheets judged at once; more would only take more memory


def speed(source: Source, size: int) -> None:
    """Judge and explain 2-2-2 sheets, every other one wrong, in a process of their own on one core."""
    rows = []
    for cell in [c for c in CELLS if c[0] == (2, 2, 2)]:
        for i, (problem, plain) in enumerate(source.problems(cell, size // 4)):
            faults = [students.random_fault(plain, source.rng, policy="half-up")] if i % 2 else []
            rows.append(
                [
                    problem_writer.write(problem),
                    students.simulate(plain, "half-up", source.rng, faults).answers,
                ]
            )
    rows.sort(key=lambda row: row[0].partition("[values]")[0].partition("\n")[2])  # like sheets together
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheets.json"
        path.write_text(json.dumps(rows))
        command = [sys.executable, __file__, "--judge", str(path)]
        out = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    seconds, megabytes = out.split()
    table_row(
        f"{len(rows)} sheets of 2-2-2 judged and explained, one core",
        f"**{float(seconds):.1f} s**, {megabytes} MB",
        "≤ 20 s, under 500 MB",
    )


def judge_file(path: str) -> None:
    """The child of `speed`: read, judge and explain every sheet; print CPU seconds and peak memory in MB."""
    rows = json.loads(Path(path).read_text())
    known: dict[str, Problem] = {}
    taken = 0.0
    for start in range(0, len(rows), CHUNK):
        groups: dict[Any, list[tuple[Problem, dict[str, str]]]] = {}
        for text, answers in rows[start : start + CHUNK]:
            if text not in known:
                known[text] = problem_file.parse(text, "sheet")
            problem = known[text]
            groups.setdefault((problem.network, problem.delta), []).append((problem, answers))
        before = time.process_time()
        for members in groups.values():
            graph = members[0][0].graph
            read = [read_answers({parse_name(k): v for k, v in answers.items()}) for _, answers in members]
            diagnose(gather(graph, [p.values for p, _ in members], read, [p.precision for p, _ in members]))
        taken += time.process_time() - before
    print(taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def main() -> None:  # noqa: C901 - one place for all the options
    """Print every table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=20_000, help="sheets for each figure")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--only",
        default="",
        help="parts: accused, f1, naming, sparse, final-slips, two, exotic, slips, coarse, gaming, speed",
    )
    parser.add_argument("--misses", type=int, default=0, help="list so many of the commonest misses")
    parser.add_argument("--judge", default="", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.judge:
        judge_file(chosen.judge)
        return
    rng, size, misses = random.Random(chosen.seed), chosen.size, Counter[Any]()
    drawn, wide = sources = [Source("drawn", rng), Source("wide", rng)]

    def naming_all(source: Source) -> None:
        for policy in KINDS:
            naming(source, size if policy is None else size // 4, policy, misses)

    parts = {
        "f1": lambda source: f1(source, size),
        "naming": naming_all,
        "sparse": lambda source: sparse(source, size // 8, misses),
        "final-slips": lambda source: final_slips(source, size // 8),
        "two": lambda source: two(source, size),
        "exotic": lambda source: exotic(source, size),
        "slips": lambda source: slips(source, size, misses),
        "coarse": lambda source: coarse(source, size),
    }
    only = set(chosen.only.split(",")) if chosen.only else {*parts, "accused", "gaming", "speed"}
    if "accused" in only:
        accused(wide, size, list(students.POLICIES))
    print("\n| figure | measured | aim |\n|---|---|---|")
    for source in sources:
        for name, part in parts.items():
            if name in only:
                part(source)
    if FORECASTS:
        table_row("probabilities: expected calibration error", f"**{calibration(FORECASTS):.4f}**", "≤ 0.03")
    if "gaming" in only:
        gaming.table(max(1, size // 1000))
    if "speed" in only:
        speed(drawn, size)
    for miss, count in misses.most_common(chosen.misses):
        print(count, *miss)


if __name__ == "__main__":
    main()
