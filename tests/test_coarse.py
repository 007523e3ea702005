"""Numbers of fewer places than their sheet, and of more: right only if they are the right ones, so rounded."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

import pytest
from making import carried, drawn, handed_in, numbered, perfect, shipped

from answer_keys.solution import solve
from exercises.formulas.quantity import parse_name
from grader.feedback.report import grade

ACCEPTED = {"correct", "follows", "not-assessed"}
PLACES = (1, 2)


def graded(problem, *sheets):
    """The records of sheets given as texts by quantity."""
    return [r.as_json() for r in grade(problem, [handed_in(texts) for texts in sheets])]


def by_name(record):
    return {answer["quantity"]: answer for answer in record["answers"]}


def partly(problem, **texts):
    """The record of a sheet with a few lines only."""
    (record,) = graded(problem, {parse_name(name): text for name, text in texts.items()})
    return record, by_name(record)


PROBLEMS = {
    "huddar-1": shipped("huddar-1"),
    "tutorial-2-2-1": shipped("tutorial-2-2-1"),
    "tanh": drawn((2, 2, 2), "tanh", seed="coarse"),
    "relu": drawn((2, 2, 1), "relu", "squared-error", seed="coarse", delta="negative-gradient"),
}


@pytest.mark.part(4)
@pytest.mark.parametrize("name", PROBLEMS)
def test_no_coarse_number_more_than_a_unit_off_passes(name):
    problem = PROBLEMS[name]
    right, exact = perfect(problem), solve(problem).values
    sheets, typed = [], []
    for q in right:
        for places in PLACES:
            unit = Decimal(1).scaleb(-places)
            near = exact[q].quantize(unit, ROUND_HALF_UP)
            for off in (-12, -5, -3, -2, 2, 3, 5, 12):
                value = near + off * unit
                if abs(value - exact[q]) > unit:
                    typed.append((q, value))
                    sheets.append({**right, q: f"{value:f}"})
    assert len(sheets) > 15 * len(right)
    for (q, value), record in zip(typed, graded(problem, *sheets), strict=True):
        assert by_name(record)[q.name]["verdict"] == "wrong", (q, value, exact[q])
        assert record["first_error"] == q.name


@pytest.mark.part(2)
@pytest.mark.parametrize("name", PROBLEMS)
def test_a_number_rounded_or_cut_off_at_the_places_typed_is_right(name):
    problem = PROBLEMS[name]
    right, exact = perfect(problem), solve(problem).values
    sheets, typed = [], []
    for q in right:
        for places in PLACES:
            for way in (ROUND_HALF_UP, ROUND_DOWN):
                value = exact[q].quantize(Decimal(1).scaleb(-places), way)
                if value:  # a bare 0 says nothing
                    typed.append(q)
                    sheets.append({**right, q: f"{value:f}"})
    for q, record in zip(typed, graded(problem, *sheets), strict=True):
        answer = by_name(record)[q.name]
        assert (answer["verdict"], answer["credit"], answer["out_of"]) == ("correct", 1, 1), (q, answer)
        assert record["first_error"] is None


@pytest.mark.parametrize("text", ["0.73", "0.74", "0.77", "0.5", "0.6", "0.9", "1"])
def test_what_goes_on_with_a_wrong_coarse_number_follows(text):
    """It is 0.7550; with rounded products 0.035 + 0.72 still gives 0.75 or 0.76 and nothing else."""
    value = Decimal(text)
    y3 = 1 / (1 + (-value).exp())
    a5 = Decimal("0.3") * round(y3, 4) + Decimal("0.9") * Decimal("0.6637")
    rest = {"a4": "0.6800", "y3": f"{y3:.4f}", "y4": "0.6637", "a5": f"{a5:.4f}"}
    record, answers = partly(shipped("huddar-1"), a3=text, **rest)
    found = {name: answers[name]["verdict"] for name in ("a3", *rest)}
    assert found == {"a3": "wrong", "a4": "correct", "y3": "follows", "y4": "correct", "a5": "follows"}
    assert record["first_error"] == "a3"
    assert record["strict_score"] == 2


@pytest.mark.parametrize(("text", "y3"), [("0.8", "0.6900"), ("0.7", "0.6682"), ("0.7", "0.6803")])
def test_what_goes_on_with_a_number_rounded_too_far_follows_unless_it_is_the_keys(text, y3):
    record, answers = partly(shipped("huddar-1"), a3=text, a4="0.6800", y3=y3, y4="0.6637")
    assert answers["a3"]["verdict"] == "correct"
    how = "rounded too far" if text == "0.8" else "cut off too early"
    assert answers["a3"]["feedback"] == f"Right, but {how}: 4 decimal places are asked for."
    assert answers["y3"]["verdict"] == ("correct" if y3 == "0.6803" else "follows")
    assert (record["score"], record["first_error"]) == (4, None)


def test_one_whole_number_on_every_line_earns_nothing():
    problem = shipped("huddar-1")
    (record,) = graded(problem, dict.fromkeys(problem.graph.by_quantity, "2"))
    assert record["score"] == record["strict_score"] == 0
    assert "correct" not in {a["verdict"] for a in record["answers"]}


WHOLE = numbered(
    [1, 1, 1], "relu", bias=True, x1=1, W12=2, b2=0, W23=3, b3=1, t3=5, eta=0.1,
)  # fmt: skip


def test_whole_numbers_that_are_exact_are_right_and_no_others():
    right = {
        "a2": "2",
        "y2": "2",
        "a3": "7",
        "y3": "7",
        "E": "2",
        "dE_dW12": "6",
        "dE_db2": "6",
        "dE_db3": "2",
    }
    for text, verdict in (("4", "correct"), ("3", "wrong"), ("5", "wrong")):
        record, answers = partly(WHOLE, **right, dE_dW23=text)
        assert answers["dE_dW23"]["verdict"] == verdict
        assert {answers[name]["verdict"] for name in right} == {"correct"}
        assert record["remarks"] == []  # nobody works to 0 places here


# --- more digits than are asked for ---


@pytest.mark.parametrize(
    ("text", "verdict"),
    [("0.75499", "correct"), ("0.755004", "correct"), ("0.7552", "wrong"), ("0.75521", "wrong")],
)
def test_what_is_right_to_the_places_asked_is_right_whatever_follows(text, verdict):
    _, answers = partly(shipped("huddar-1"), a3=text, y3="0.6803", a4="0.6800")
    assert answers["a3"]["verdict"] == verdict
    assert answers["y3"]["verdict"] == "correct"


def test_digits_beyond_the_places_asked_break_no_line():
    problem = PROBLEMS["tanh"]
    right, asked = carried(problem, places=6)[0], Decimal("0.0001")
    sheets = []
    for q, text in right.items():
        value = Decimal(text)
        other = value + Decimal("0.000019")
        if value.quantize(asked, ROUND_HALF_UP) == other.quantize(asked, ROUND_HALF_UP):
            sheets.append({**right, q: f"{other:f}"})
    assert len(sheets) > len(right) / 2
    for record in graded(problem, *sheets):
        assert record["first_error"] is None


# --- a whole sheet of few places ---


@pytest.mark.parametrize("seed", range(6))
def test_right_work_to_two_places_gets_full_marks_and_is_told(seed):
    problem = drawn((2, 2, 2), "tanh", seed=f"two {seed}")
    (record,) = graded(problem, carried(problem, places=2)[0])
    assert record["score"] == record["out_of"] > 0
    assert record["remarks"][0] == "You work to 2 decimal places; 4 are asked for. That is accepted."
    for answer in record["answers"]:
        assert answer["verdict"] in ACCEPTED
        assert answer["out_of"] == (answer["verdict"] != "not-assessed")


def test_of_a_mixture_of_places_no_one_number_is_told():
    problem = drawn((2, 2, 2), "sigmoid", seed="mixed")
    exact = solve(problem).values
    sheet = {
        q: f"{exact[q].quantize(Decimal(1).scaleb(-(2 + n % 4)), ROUND_HALF_UP):f}"
        for n, q in enumerate(problem.graph.by_quantity)
    }
    (record,) = graded(problem, {q: text for q, text in sheet.items() if Decimal(text)})
    assert record["first_error"] is None
    assert record["remarks"] == [
        "Several lines are right, but rounded too far: 4 decimal places are asked for."
    ]


def test_four_places_on_a_sheet_of_five_are_not_too_few():
    problem = shipped("huddar-1")
    right = {**perfect(problem), **carried(problem, places=5)[0]}
    right[parse_name("dE_dW35")] = "0.0277"
    (record,) = graded(problem, right)
    assert record["remarks"] == []
    assert {a["feedback"] for a in record["answers"]} == {""}
