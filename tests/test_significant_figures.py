"""Significant figures in place of decimal places: drawn, printed, judged, checked and exported line by line."""

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from making import drawn, handed_in, shipped

from answer_keys.commands import generate
from answer_keys.draw_problems import draw_problems
from answer_keys.key_page import key_html
from answer_keys.order import order_of
from answer_keys.solution import solve
from exercises.common.errors import ByhandError, ProblemError
from exercises.formulas.algebras import DECIMAL, exact_context
from exercises.formulas.decimals import Precision, in_units
from exercises.formulas.formula import fold
from exercises.formulas.last_places import half_up, last_places, tens, unit_at
from exercises.formulas.quantity import QuantityKind, parse_name
from exercises.pages import worksheet_page
from exercises.problems import problem_file, problem_writer
from grader.ambiguity.check import check
from grader.ambiguity.coincidences import coincidences, instance, survey_of
from grader.export.lines import asked
from grader.feedback.report import grade
from grader.judging.right_work import ranges
from grader.mistakes.hypotheses import hypotheses
from grader.services import SERVICES

THREE = Precision(3, significant=True)
KINDS = (
    "full-pass",
    "matrix",
    "batch",
    "descent",
    "optimizer",
    "collapse",
    "relu",
    "chain",
    "composite",
    "computation-graph",
    "find-the-mistake",
    "convention",
    "vanishing",
)


def generated(*args, seeds=1):
    """Problems as `byhand generate` draws them with these arguments, any good numbers."""
    with generate.make_context("generate", [*map(str, args)]) as context:
        order = order_of(context.params)
    services = SERVICES if "find-the-mistake" in args else None
    return [found.problem for found in draw_problems(order, [f"figures/{n}" for n in range(seeds)], services)]


def to_figures(value, figures, rounding):
    """A number as a person writes it to some figures."""
    if not value:
        return Decimal(0)
    return in_units(value, Decimal(1).scaleb(value.adjusted() + 1 - figures), rounding)


def worked(problem, changes=None, *, unrounded=False, figures=None, rounding=ROUND_HALF_UP):
    """A sheet worked out from the lines as written, or as the calculator held them; texts by quantity."""
    known, texts, right = dict(problem.values), {}, solve(problem).values
    with exact_context():
        for step in problem.graph.steps:
            formula = (changes or {}).get(step.quantity, step.formula)
            value = fold(formula, DECIMAL, lambda q: known.get(q, right[q]))
            written = to_figures(value, figures or problem.figures, rounding)
            known[step.quantity] = value if unrounded else written
            texts[step.quantity] = f"{written:f}"
    return texts


def report(problem, texts):
    return grade(problem, [handed_in(texts)])[0].as_json()


def verdicts(problem, texts):
    return {line["quantity"]: line["verdict"] for line in report(problem, texts)["answers"]}


def huddar():
    text = problem_writer.write(shipped("huddar-1")).replace("places = 4", "figures = 3")
    return problem_file.parse(text, "tutorial two")


@pytest.mark.parametrize(
    ("value", "written", "unit"),
    [
        ("0.0026551", "0.00266", "0.00001"),
        ("-0.0026551", "-0.00266", "0.00001"),
        ("0.99962", "1.00", "0.01"),
        ("0.9994", "0.999", "0.001"),
        ("9.996", "10.0", "0.1"),
        ("1234.5", "1230", "10"),
        ("0", "0", "0.01"),
        ("0.5", "0.500", "0.001"),
    ],
)
def test_a_number_is_written_to_three_figures(value, written, unit):
    assert f"{THREE.rounded(Decimal(value)):f}" == written
    assert THREE.unit(Decimal(value)) == Decimal(unit)
    units = last_places([THREE, Precision(4)])
    (own, of_places) = half_up([float(value)] * 2, units)
    assert own == pytest.approx(float(written), abs=1e-12)
    assert of_places == pytest.approx(float(Precision(4).rounded(Decimal(value))), abs=1e-12)
    if value != "0":
        assert unit_at(units, own) == pytest.approx([float(unit), 1e-4])


def test_a_file_says_places_or_figures():
    problem = drawn(figures=3)
    text = problem_writer.write(problem)
    assert "figures = 3 # significant figures to which each line is written" in text
    assert "places" not in text
    again = problem_file.parse(text, "again")
    assert again == problem
    assert again.code == problem.code
    placed = problem_file.parse(text.replace("figures = 3 ", "places = 3 "), "placed")
    assert (
        len({problem.code, placed.code, problem_file.parse(text.replace("= 3 ", "= 4 ", 1), "4").code}) == 3
    )


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("figures = 0", "figures: 0 is out of range; expected a whole number from 1 to 12"),
        ("figures = 13", "figures: 13 is out of range; expected a whole number from 1 to 12"),
        ("figures = 1.5", "figures: 1.5 is not a whole number; expected one such as 3"),
        ("figures = true", "figures: True is not a whole number; expected one such as 3"),
        (
            "figures = 3\nplaces = 4",
            "places and figures: lines are written to one or the other; leave out one of the two",
        ),
        (
            f"figures = {10**40}\nask = ['updates']",
            "figures: a huge number is out of range; expected a whole number from 1 to 12",
        ),
    ],
)
def test_what_is_no_number_of_figures_is_told(said, sentence):
    text = problem_writer.write(drawn(figures=3)).replace("figures = 3 ", f"{said} ")
    with pytest.raises(ProblemError) as caught:
        problem_file.parse(text, "file")
    assert f"file: {sentence}" in caught.value.faults


def test_both_options_exclude_each_other():
    with pytest.raises(ByhandError, match="--places and --figures exclude each other; choose one"):
        generated("--places", 4, "--figures", 3)


@pytest.mark.part(15)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("figures", [3, 5])
def test_right_sheets_of_each_kind_are_right(kind, figures):
    for problem in generated("--kind", kind, "--figures", figures, seeds=2):
        assert problem.figures == figures
        assert problem_file.parse(problem_writer.write(problem), kind) == problem
        for unrounded in (True, False):
            for rounding in (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN):
                found = report(problem, worked(problem, unrounded=unrounded, rounding=rounding))
                lines = [line for line in found["answers"] if line["quantity"] in map(str, worked(problem))]
                assert {line["verdict"] for line in found["answers"]} <= {
                    "correct",
                    "missing",
                    "not-assessed",
                }, lines
                assert not [line for line in found["answers"] if line["verdict"] == "not-assessed"]


@pytest.mark.part(4)
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "softplus"])
def test_right_sheets_are_right_however_far_they_are_worked(activation):
    for seed in range(3):
        problem = drawn((2, 2, 2), activation, figures=3, seed=f"far/{seed}")
        for figures in (3, 4, 6, 9):
            for unrounded in (True, False):
                found = verdicts(problem, worked(problem, unrounded=unrounded, figures=figures))
                assert set(found.values()) == {"correct"}, (seed, figures, found)


def test_tutorial_two_writes_what_it_writes():
    problem = huddar()
    given = {
        "y3": "0.680",
        "y4": "0.664",
        "y5": "0.690",
        "delta5": "-0.0407",
        "delta3": "-0.00266",
        "delta4": "-0.00817",
    }
    found = verdicts(problem, {parse_name(name): text for name, text in given.items()})
    assert {name: found[name] for name in given} == dict.fromkeys(given, "correct")
    wrong = verdicts(problem, {parse_name(n): t for n, t in (given | {"delta3": "-0.00286"}).items()})
    assert wrong["delta3"] == "wrong"
    too_far = verdicts(problem, {parse_name(n): t for n, t in (given | {"delta3": "0"}).items()})
    assert too_far["delta3"] == "wrong"


def test_the_key_and_the_sheet_say_figures():
    problem = huddar()
    assert "Write every line to 3 significant figures." in worksheet_page.worksheet_html(problem)
    page = key_html(solve(problem), ranges=ranges([problem])[0])
    assert "= −0.00265" in page
    assert "is shown rounded to 3 significant figures" in page
    assert "decimal places" not in page
    low, high = ranges([problem])[0][parse_name("delta3")]
    assert Decimal("-0.0028") < low <= Decimal("-0.00266") <= high < Decimal("-0.0025")


def test_each_line_is_wrong_that_is_off_by_a_quarter():
    problem = drawn((2, 2, 2), figures=3, seed="off")
    right = worked(problem)
    off = {q: to_figures(Decimal(text) * Decimal("1.25"), 3, ROUND_HALF_UP) for q, text in right.items()}
    reports = grade(problem, [handed_in(right | {q: f"{value:f}"}) for q, value in off.items()])
    for q, report in zip(off, reports, strict=True):
        assert report.by_quantity[q.name].verdict == "wrong", q


@pytest.mark.part(2)
@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_mistakes_are_found_but_those_that_the_numbers_hide(activation):
    problem = drawn((2, 2, 1), activation, figures=3, seed="mistakes")
    survey = survey_of(problem.graph)
    (found,) = coincidences(survey, [problem])
    hidden = {instance(survey.known[place]) for place in found.hidden}
    right = worked(problem)
    tried = [
        (step.quantity.name, worked(problem, {step.quantity: h.formula}))
        for step in problem.graph.steps
        for h in hypotheses(step, problem.graph)[:3]
        if instance(h) not in hidden
    ]
    shown = [(name, texts) for name, texts in tried if texts != right]
    reports = grade(problem, [handed_in(texts) for _, texts in shown])
    first = [one.as_json()["first_error"] for one in reports]
    assert [name for name, _ in shown] == first
    assert len(shown) > 40


def test_sentences_speak_of_figures():
    problem = drawn(figures=4, seed="words")
    found = report(problem, worked(problem, figures=3))
    assert {line["verdict"] for line in found["answers"]} == {"correct"}
    assert found["remarks"] == ["You work to 3 significant figures; 4 are asked for. That is accepted."]
    right = worked(problem)
    changed = (
        next(q for q in right if q.kind is QuantityKind.WEIGHTED_SUM)
        if hasattr(QuantityKind, "WEIGHTED_SUM")
        else next(iter(right))
    )
    value = to_figures(Decimal(right[changed]), 2, ROUND_HALF_UP)
    lines = {line["quantity"]: line for line in report(problem, right | {changed: f"{value:f}"})["answers"]}
    assert "4 significant figures are asked for" in lines[changed.name]["feedback"]


def test_check_speaks_of_figures():
    problem = huddar()
    said = " ".join(check(problem).advice)
    assert "decimal places" not in said


def test_exports_have_margins_by_line():
    problem = huddar()
    right = solve(problem).values
    for line in asked(problem, 4):
        assert line.value == problem.precision.rounded(right[line.quantity])
        assert line.accepts(line.value)
        assert line.margin < abs(line.value) * Decimal("0.1")
        assert not any(line.accepts(wrong.value) for wrong in line.wrong)
    small = next(line for line in asked(problem) if line.quantity == parse_name("delta3"))
    assert small.value == Decimal("-0.00265")
    assert small.accepts(Decimal("-0.00266"))


def test_powers_of_ten_are_those_that_are_written():
    exponents = [*range(-70, 71), float("nan")]
    found = tens(np.array(exponents, dtype=float))
    assert list(found[10:131]) == [float(f"1e{n}") for n in range(-60, 61)]
    np.testing.assert_allclose(found[:-1], [float(f"1e{n}") for n in exponents[:-1]], rtol=1e-14)
    assert np.isnan(found[-1])


def test_five_places_are_judged_to_the_unit_that_is_asked():
    """A unit a hair less than what is typed would make every line one of too few places."""
    asked = last_places([Precision(5)])
    assert list(asked) == [0.00001]
