"""A gate in every run: some hundred simulated sheets, drawn by a fixed seed, and the figures that must hold on them.

The full tables are those of `benchmarks/diagnosis.py`; the students are the same and share nothing with the grader.

Tests are worth what they notice. Ten faults are made by hand in a copy of the house, each in one line of the judge,
of the intervals or of the explanation, and each must make a test of the fast suite fail (`MUTATIONS`):

- the judge forgets the errors above the line before; takes what is near the key's number for the key's own; does not
  count a 0 that is exact;
- an interval takes numbers for rounded only, never cut off; no inner result for rounded; a square for less than 0;
- the explanation decides a tie that two lines decide differently; passes over a runner-up; makes little of conflicts
  that are left; blames only the nearest of nested breaks.
"""

import random
import shutil
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import pytest

from benchmarks import diagnosis, students

ROOT = Path(__file__).parent.parent
CELLS = (((2, 2, 1), "sigmoid", True), ((2, 2, 2), "tanh", True), ((2, 2, 2), "sigmoid", False))
DELTAS, WEIGHTS = "only-deltas-and-weights", "only-weights"


def made(sort, plain, rng, policy):
    """What is done wrong on a sheet."""
    if sort == "none":
        return []
    if sort == "two":
        return students.two_faults(plain, rng, policy=policy)
    carried = sort == "one" or rng.random() < 0.5
    return [students.random_fault(plain, rng, policy=policy, slip=sort == "slip", carried=carried)]


@lru_cache
def sheets(sort, policy=None, size=50):
    """So many graded sheets of each cell, with faults of one sort; without a policy one that gives every line."""
    rng, cases = random.Random(f"gate {sort} {policy}"), []  # noqa: S311 - nothing here is secret
    for shape, activation, bias in CELLS[: 2 if policy in {DELTAS, WEIGHTS} else None]:
        for number in range(size):
            if number % 25 == 0:
                plain = students.wide_problem(rng, shape, activation, bias)
                problem = diagnosis.problem_of(plain)
            name = policy or rng.choice(diagnosis.FULL)
            if name not in students.applicable_policies(plain):
                continue
            faults = made(sort, plain, rng, name)
            seed = rng.getrandbits(32)
            sheet = students.simulate(plain, name, random.Random(seed), faults)  # noqa: S311
            cases.append(diagnosis.Case(problem, plain, sheet, seed))
    diagnosis.run(cases)
    return cases


def visible(sort, policy=None):
    """The sheets on which the fault can be seen."""
    return [c for c in sheets(sort, policy) if c.sheet.truth and c.sheet.detectable]


def share(hits):
    found = list(hits)
    return sum(found) / len(found)


@pytest.mark.part(5)
@pytest.mark.parametrize("policy", students.POLICIES)
def test_nobody_who_worked_rightly_is_accused(policy):
    for case in sheets("none", policy, 20):
        assert not case.wrong, (case.plain, case.sheet.answers)


def test_the_first_error_is_found_where_it_is():
    for sort in ("one", "slip"):
        cases = visible(sort)
        assert share(bool(c.wrong) and c.wrong[0] == c.first_true for c in cases) >= 0.99


@pytest.mark.slow
def test_of_two_mistakes_both_are_found_and_nothing_else():
    assert share(set(c.wrong) == set(c.sheet.visible) for c in visible("two")) >= 0.97


@pytest.mark.part(3)
@pytest.mark.parametrize(("policy", "floor"), [(None, 0.97), (DELTAS, 0.9), (WEIGHTS, 0.8)])
def test_the_mistake_is_named(policy, floor):
    cases = visible("one", policy)
    assert share(diagnosis.is_named(c, c.named()[0] if c.wrong else None) for c in cases) >= floor


def test_a_slip_of_the_pen_is_no_misconception():
    called = [
        c for c in visible("slip")
        if c.wrong and c.named()[0] not in (None, diagnosis.SIGN)
        and c.found.explained[diagnosis.parse_name(c.wrong[0])].copied is None
        and not students.equivalents(c.plain, c.sheet, c.sheet.truth[0])
    ]  # fmt: skip
    assert len(called) <= 0.02 * len(visible("slip"))


# --- what the tests notice ---

JUDGE, GROUNDS = "grader/judging/judge.py", "grader/judging/grounds.py"
INTERVAL, EXPLAIN = "grader/judging/interval.py", "grader/diagnosis/explain.py"
MUTATIONS = {  # where, what stands there, what is put in its place, and tests that must fail
    "affected": (
        JUDGE, "affected=above.affected | wrong |", "affected=wrong |",
        "tests/test_words.py::test_two_to_five_broken_lines_are_told_in_words",
    ),
    "near": (
        "grader/judging/carried.py", "NEAR = 1.5 ", "NEAR = 150.0 ",
        "tests/test_judge.py::test_a_number_a_few_units_off_for_an_earlier_mistake_follows_and_is_not_the_keys",
    ),
    "exact zero": (
        JUDGE, "return ~exact_zero & (zero |", "return (zero |",
        "tests/test_judge.py::test_a_zero_that_is_exact_is_right",
    ),
    "cut off": (
        INTERVAL, "hi = value + np.where(value < 0, 0.5, 1.0) * unit + slack", "hi = value + 0.5 * unit + slack",
        "tests/test_gate.py::test_nobody_who_worked_rightly_is_accused[cut-off]",
    ),
    "inner": (
        INTERVAL, "return rounded(value, self.unit) if value.inner else value", "return value",
        "tests/test_judge.py::test_every_way_of_rounding_on_the_way_stays_within_the_interval",
    ),
    "square": (
        INTERVAL, "np.where(turned, 0.0, np.minimum(low, high))", "np.minimum(low, high)",
        "tests/test_judge.py::test_a_square_around_zero_starts_at_zero_and_a_cube_does_not",
    ),
    "decided": (EXPLAIN, "for c in found}) == 1:", "for c in found}) >= 1:", "tests/test_seldom.py"),
    "tie": (EXPLAIN, "TIE = 0.04 ", "TIE = 0.4 ", "tests/test_seldom.py"),
    "conflict": (
        "grader/diagnosis/trials.py", "CONFLICT = 1 / 3000", "CONFLICT = 1 / 3", "tests/test_seldom.py",
    ),
    "through": (
        "grader/diagnosis/blame.py", "(visible(own, place) or visible(through, place))", "visible(own, place)",
        "tests/test_words.py::test_a_break_that_shows_only_through_a_nearer_one_is_named_with_it",
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", MUTATIONS)
def test_a_fault_made_by_hand_is_noticed(name, tmp_path):
    where, old, new, tests = MUTATIONS[name]
    copy = tmp_path / "house"
    unwanted = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "demo", "docs", "dist", "build")
    shutil.copytree(ROOT, copy, ignore=unwanted)
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", tests]

    def passes():
        done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
        assert done.returncode in {0, 1}, done.stdout + done.stderr
        return done.returncode == 0

    text = (copy / where).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (copy / where).write_text(text.replace(old, new), encoding="utf-8")
    assert not passes()
