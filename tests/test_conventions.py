"""Other conventions than the sheet's, one or several at once: recognised by the lines that show them, and by no others."""

import random
from decimal import Decimal

import pytest
from making import drawn, handed_in, perfect, shipped

from benchmarks import diagnosis, students
from exercises.formulas.quantity import parse_name
from grader.feedback.report import grade
from grader.feedback.report_records import Report

SEVERAL = [name for name, p in students.POLICIES.items() if "+" in p.convention]


def graded(problem, texts):
    (report,) = grade(problem, [handed_in({parse_name(name): text for name, text in texts.items()})])
    return report.as_json()


def simulated(policy, seed, shape=(2, 2, 2), sign="gradient", faults=None):
    """A problem as typed by hand and one student's right sheet, or one with faults."""
    rng = random.Random(f"{policy} {seed}")  # noqa: S311 - nothing here is secret
    plain = students.wide_problem(rng, shape, "sigmoid", bias=True, delta=sign)
    sheet = students.simulate(plain, policy, rng, faults(plain, rng) if faults else ())
    return diagnosis.problem_of(plain), sheet.answers


@pytest.mark.part(5)
@pytest.mark.parametrize("policy", SEVERAL)
@pytest.mark.parametrize("shape", [(2, 2, 1), (2, 2, 2)], ids=str)
@pytest.mark.parametrize("sign", ["gradient", "negative-gradient"])
def test_several_conventions_at_once_are_recognised_and_said_once(policy, shape, sign):
    problem, answers = simulated(policy, 1, shape, sign)
    record = graded(problem, answers)
    assert record["first_error"] is None
    assert record["score"] == record["out_of"]
    assert record["convention"].count("V-") == len(students.POLICIES[policy].convention.split("+"))
    (remark,) = record["remarks"]
    assert "throughout. That is consistent, and graded so; this sheet " in remark
    assert not any("provisional" in answer for answer in record["answers"])


def test_delta_kept_as_the_true_slope_in_a_problem_with_the_other_sign_is_told_in_plain_words():
    problem, answers = simulated("other-sign-and-delta-is-dE-dy", 2, sign="negative-gradient")
    assert graded(problem, answers)["remarks"] == [
        (
            "You take δ with the opposite sign and keep ∂E/∂y in the delta lines and multiply the slope in where δ is "
            "used throughout. That is consistent, and graded so; this sheet states δ = −∂E/∂a and asks for δ with the "
            "slope in it."
        )
    ]


@pytest.mark.part(4)
@pytest.mark.parametrize("policy", SEVERAL)
def test_a_slip_beside_several_conventions_is_found_and_hides_none(policy):
    problem, answers = simulated(policy, 3)
    slipped = {**answers, "W35_new": f"{Decimal(answers['W35_new']) + Decimal('0.3'):f}"}
    record = graded(problem, slipped)
    assert [a["quantity"] for a in record["answers"] if a["verdict"] == "wrong"] == ["W35_new"]
    assert record["convention"].count("V-") == len(students.POLICIES[policy].convention.split("+"))


@pytest.mark.parametrize("text", ["5", "0.5", "-0.0277"])
def test_no_convention_is_named_where_no_line_shows_one(text):
    record = graded(shipped("huddar-1"), {"dE_dW35": text})
    assert (record["convention"], record["remarks"]) == (None, [])
    assert record["first_error"] == "dE_dW35"


def test_what_one_line_alone_shows_is_provisional_and_told_of_that_line():
    problem = drawn((2, 2, 1), seed="alone")
    values = {q.name: text for q, text in perfect(problem).items()}
    turned = {"y5": values["y5"], "delta5": f"{-Decimal(values['delta5']):f}"}
    record = graded(problem, turned)
    answer = next(a for a in record["answers"] if a["quantity"] == "delta5")
    assert (answer["verdict"], answer["provisional"]) == ("correct", True)
    assert record["remarks"] == [
        "At δ₅ you take δ with the opposite sign; this line alone shows it. It is graded so; this sheet states δ = ∂E/∂a."
    ]
    assert [a["quantity"] for a in record["answers"] if a.get("provisional")] == ["delta5"]
    assert Report.from_json(record).as_json() == record


def test_what_further_lines_may_take_back_is_provisional_while_they_are_blank():
    """A loss that is worked wrongly, no ½ and the other sign: two readings of ∂E/∂y₅ until δ₅, and then another two."""
    problem = drawn((2, 2, 1), seed="alone")
    values = {q.name: text for q, text in perfect(problem).items()}
    forward = {name: values[name] for name in ("a3", "y3", "a4", "y4", "a5", "y5")}
    slope = f"{2 * Decimal(values['dE_dy5']):f}"
    record = graded(problem, {**forward, "E": "7.7", "dE_dy5": slope})
    (answer,) = (a for a in record["answers"] if a["quantity"] == "dE_dy5")
    assert (answer["verdict"], answer["provisional"]) == ("wrong", True)
    record = graded(problem, {**values, "E": "7.7", "dE_dy5": slope})
    assert not any("provisional" in answer for answer in record["answers"])


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["output delta", "hidden delta", "gradient", "update"])
def test_a_mistake_made_throughout_is_no_convention(fault):
    def faults(plain, rng):
        every = [f for f in students.possible_faults(plain, systematic=True, exotic=False) if f.link == fault]
        return [rng.choice(every)]

    for seed in range(12):
        problem, answers = simulated("half-up", f"{fault} {seed}", faults=faults)
        record = graded(problem, answers)
        assert record["convention"] is None, (seed, record["remarks"])
