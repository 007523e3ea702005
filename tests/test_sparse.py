"""Sheets with few lines: one explanation for all of them, charged once; a slip is a slip; noise has no causes."""

import random
from functools import lru_cache
from pathlib import Path

import pytest
from making import handed_in

from benchmarks import diagnosis, students
from exercises.formulas.quantity import parse_name
from exercises.problems import problem_file
from grader.feedback.report import grade
from grader.files.collect import collect

CASES = Path(__file__).parent / "cases"


@lru_cache
def problem_of(name):
    """The problem of one case."""
    return problem_file.parse((CASES / name / "problem.toml").read_text(encoding="utf-8"), name)


@lru_cache
def report(name):
    """The report on what was handed in there, as JSON has it."""
    problem = problem_of(name)
    (found,) = grade(problem, collect([CASES / name / "submission.txt"], problem).submissions)
    return found.as_json()


def wrong(record):
    """The lines called wrong, with the code named first."""
    lines = [a for a in record["answers"] if a["verdict"] == "wrong"]
    return {a["quantity"]: a["mistakes"][0]["code"] if a["mistakes"] else None for a in lines}


def charged(record):
    """The lines that cost a mark, those left blank aside."""
    return [
        a["quantity"] for a in record["answers"] if a["verdict"] != "missing" and a["credit"] < a["out_of"]
    ]


def said(record, name):
    """The sentences about one line."""
    return next(a["feedback"] for a in record["answers"] if a["quantity"] == name)


@pytest.mark.parametrize(
    ("name", "code", "lines"),
    [
        ("finals-eta-all-221-charged-9-times", "U02", 9),
        ("finals-eta-all-222-B15", "U02", 12),
        ("finals-uphill-all-222-contradiction", "U01", 12),
    ],
)
def test_a_mistake_in_every_update_is_named_at_each_and_charged_once(name, code, lines):
    record = report(name)
    assert list(wrong(record).values()) == [code] * lines
    assert charged(record) == ["W13_new"]


def test_what_final_weights_cannot_tell_apart_is_told_as_a_tie():
    text = said(report("finals-uphill-all-222-contradiction"), "W13_new")
    assert "these lines cannot tell which it was" in text


def test_a_bias_forgotten_in_both_hidden_sums_is_found_behind_the_final_weights_and_costs_one_mark():
    record = report("finals-bias-forgotten-222")
    assert list(wrong(record).values()) == ["A01"]
    (line,) = wrong(record)
    assert charged(record) == [line]
    assert "fits a₃ = W₁₃·x₁ + W₂₃·x₂ and a₄ = W₁₄·x₁ + W₂₄·x₂, lines that you did not write down" in said(
        record, line
    )


@pytest.mark.parametrize(
    ("name", "line", "value", "looks"),
    [
        ("finals-digit-miswritten-6-places", "W24_new", "0.699711", "one digit looks miswritten"),
        ("finals-digits-swapped-called-G09", "W13_new", "0.5081", "two neighbouring digits look swapped"),
        ("slip-point-moved-not-named", "dE_dy4_via5", "0.000240", "the decimal point looks misplaced"),
    ],
)
def test_a_slip_is_told_with_the_value_that_belongs_there(name, line, value, looks):
    record = report(name)
    assert wrong(record)[line] is None
    assert value in said(record, line)
    assert looks in said(record, line)


@pytest.mark.parametrize(
    ("name", "first", "how"),
    [
        ("unknown-systematic-charged-each-line", "W13_new", "the change from the old number is 0.1 times"),
        (
            "unknown-systematic-share",
            "dE_dy3_via5",
            "all lines that use the same number are off by one factor",
        ),
    ],
)
def test_a_repeated_mistake_that_no_catalogue_has_is_charged_once(name, first, how):
    record = report(name)
    assert list(wrong(record).values()) == [None] * 4
    assert charged(record) == [first]
    assert how in said(record, first)


@pytest.mark.parametrize("name", ["game-all-half", "game-other-key"])
def test_noise_is_no_diagnosis(name):
    assert set(wrong(report(name)).values()) == {None}


@pytest.mark.parametrize("factor", [1.01, 0.95])
def test_the_key_times_a_number_has_no_causes(factor):
    problem = problem_of("game-all-half")
    plain = diagnosis.plain_of(problem)
    sheet = students.simulate(plain, "half-up", random.Random(1))  # noqa: S311 - nothing here is secret
    texts = {parse_name(q): f"{factor * float(text):.4f}" for q, text in sheet.answers.items()}
    (found,) = grade(problem, [handed_in(texts)])
    named = wrong(found.as_json())
    assert len(named) > 10
    assert set(named.values()) == {None}


def test_a_neighbour_in_one_of_two_places_is_a_neighbours_number():
    record = report("not-named-y31-y4")
    assert wrong(record) == {"dy3_da3": "X-AS-SWAP"}


@pytest.mark.parametrize(
    ("name", "line", "sentence"),
    [
        ("finals-222-point-misplaced", "W24_new", "; the decimal point looks misplaced."),
        ("two-breaks-that-meet-at-the-end", "E_new", "it differs from the key because of a₃ and y₄."),
        ("zero-in-place-of-a-tanh", "y4_new", " fits ReLU(a₄ⁿᵉʷ): if so, ReLU was applied; "),
        (
            "deltas-and-finals-slope-without-y",
            "W35_new",
            "The right step on your own earlier numbers; it differs from the key because of δ₅.",
        ),
        ("deltas-and-finals-slope-without-y", "delta6", " It should be ∂y₆/∂a₆ = y₆(1 − y₆)."),
    ],
)
def test_what_fresh_eyes_read_and_would_not_believe(name, line, sentence):
    assert sentence in said(report(name), line)
