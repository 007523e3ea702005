"""A gate in every run: some hundred simulated sheets, drawn by a fixed seed, and the figures that must hold on them.

The full tables are those of `benchmarks/diagnosis.py`; the students are the same and share nothing with the grader.
"""

import random
from functools import lru_cache

import pytest

from benchmarks import diagnosis, students

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
    for shape, activation, bias in CELLS:
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


@pytest.mark.parametrize("policy", students.POLICIES)
def test_nobody_who_worked_rightly_is_accused(policy):
    for case in sheets("none", policy, 20):
        assert not case.wrong, (case.plain, case.sheet.answers)


def test_the_first_error_is_found_where_it_is():
    for sort in ("one", "slip"):
        cases = visible(sort)
        assert share(bool(c.wrong) and c.wrong[0] == c.first_true for c in cases) >= 0.99


def test_of_two_mistakes_both_are_found_and_nothing_else():
    assert share(set(c.wrong) == set(c.sheet.visible) for c in visible("two")) >= 0.97


@pytest.mark.parametrize(("policy", "floor"), [(None, 0.97), (DELTAS, 0.88), (WEIGHTS, 0.6)])
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
