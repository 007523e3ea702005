"""What the table [marking] says, and what it does to the marks of a sheet."""

from dataclasses import replace
from decimal import Decimal

import pytest
from making import carried, shipped
from test_judge import graded, perfect

from answer_keys import problem_set
from benchmarks import gaming
from exercises.common.errors import ProblemError
from exercises.formulas.quantity import Link, QuantityKind, parse_name
from exercises.problems import problem_file
from exercises.problems.marking import Marking
from grader.feedback.report import grade
from grader.files.extraction.submission import Submission

SET = """
seed = "abc"
{marking}
[[exercise]]
kind = "composite"
points = {points}
"""


def marked(**said):
    """A shipped problem under another scheme."""
    return replace(shipped("mazur-2-2-2"), marking=Marking(**said))


def line(record, name):
    """What a record says of a line."""
    return next(answer for answer in record["answers"] if answer["quantity"] == name)


def without_eta(problem):
    """A right sheet whose output weights were moved by the whole gradient: one mistake on four lines."""
    texts = perfect(problem)
    for at in ("35", "36", "45", "46"):
        moved = problem.values[parse_name(f"W{at}")] - Decimal(texts[parse_name(f"dE_dW{at}")])
        texts[parse_name(f"W{at}_new")] = f"{moved}"
    return texts


def test_a_repeated_mistake_costs_its_first_line_or_each():
    for repeated, lost in (("once", 1), ("each", 4)):
        problem = marked(repeated=repeated)
        (record,) = graded(problem, without_eta(problem))
        wrong = [a for a in record["answers"] if a["verdict"] == "wrong"]
        assert len(wrong) == 4
        assert sum(a["out_of"] - a["credit"] for a in wrong) == lost


def test_a_line_that_follows_earns_its_share():
    problem = marked(weights={Link.ACTIVATION: Decimal(2)}, follows=Decimal("0.25"))
    texts = perfect(problem) | {parse_name("a3"): "9.9", parse_name("y3"): "0.9999"}
    (record,) = graded(problem, texts)
    assert line(record, "y3")["verdict"] == "follows"
    assert (line(record, "y3")["credit"], line(record, "y3")["out_of"]) == (0.5, 2)
    assert line(record, "y4")["credit"] == 2


def test_weights_go_by_what_the_sheet_calls_a_line():
    problem = marked(weights={Link.HIDDEN_DELTA: Decimal(3), Link.LOSS_SLOPE: Decimal(2)})
    (record,) = graded(problem, perfect(problem))
    worth = {"delta3": 3, "dE_dy3": 2, "dE_dy3_via5": 2, "dE_dy5": 2, "delta5": 1, "dy3_da3": 1}
    assert {name: line(record, name)["out_of"] for name in worth} == worth
    assert line(record, "dE_dy3")["link"] == "hidden delta"  # its name in records stays


def test_a_set_gives_its_scheme_to_every_exercise(tmp_path):
    path = tmp_path / "set.toml"
    path.write_text(SET.format(marking='[marking]\nrepeated = "each"\nupdate = 2', points=5))
    assert problem_set.read(path).marking == Marking({Link.UPDATE: Decimal(2)}, "each")


@pytest.mark.parametrize("points", ["nan", "-nan", "inf"])
def test_points_and_weights_that_are_no_numbers_are_refused(tmp_path, points):
    path = tmp_path / "set.toml"
    path.write_text(
        SET.format(marking=f"[marking]\nactivation = {points}\nfollows = {points}", points=points)
    )
    with pytest.raises(ProblemError) as refused:
        problem_set.read(path)
    assert len(refused.value.faults) == 3
    assert all("expected a number from 0 to" in fault for fault in refused.value.faults)


@pytest.mark.part(4)
@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
@pytest.mark.parametrize("shape", gaming.SHAPES, ids=str)
def test_filling_in_without_working_pays_no_more_than_blank_lines(shape, activation):
    problem, other = (gaming.drawn(shape, activation, seed) for seed in ("one", "two"))
    for name, filled, blank in gaming.compared(problem, other):
        assert gaming.share(filled) <= gaming.share(blank), name
        assert filled.out_of == blank.out_of or gaming.share(blank) > gaming.share(filled), name
        if name != "y = t":  # one wrong line, and the key's numbers
            assert filled.flags == ("look",), name
            assert filled.as_json()["flags"] == ["look"], name


def test_zeros_after_a_right_forward_pass_earn_what_the_forward_pass_earns():
    problem = problem_file.parse(ZEROS, "zeros")
    key = gaming.right(problem)
    forward = {q: v for q, v in key.items() if q.kind in FORWARD and not q.updated}
    known = {**problem.values, **key}
    rest = {q: known[q.before_update()] if q.updated else Decimal(0) for q in key if q not in forward}
    (report,) = grade(problem, [gaming.sheet({**forward, **rest})])
    assert (report.score, report.out_of, report.flags) == (11, 62, ("look",))
    assert report.first_error == "dE_dy5"
    assert any("earn no mark; a person should look at it" in remark for remark in report.remarks)


def test_an_honest_slip_that_ends_in_zeros_is_accused_of_nothing():
    problem = problem_file.parse(OFF, "off")
    right_sheet, _ = carried(problem)
    (whole,) = grade(problem, [Submission("", "", right_sheet)])
    assert (whole.score, whole.flags) == (whole.out_of, ())  # a unit that is off has true zeros
    slipped, _ = carried(problem, {parse_name("a4"): Decimal("-0.3")})
    (report,) = grade(problem, [Submission("", "", slipped)])
    assert [a.quantity for a in report.answers if a.verdict == "wrong"] == ["a4"]
    idle = [a for a in report.answers if a.verdict == "not-assessed"]
    assert idle
    assert {(a.credit, a.out_of) for a in idle} == {(0, 1)}
    assert report.flags == ("look",)
    blank, _ = carried(problem, {parse_name("a4"): Decimal("-0.3")})
    for answer in idle:
        del blank[parse_name(answer.quantity)]
    (left_out,) = grade(problem, [Submission("", "", blank)])
    assert report.score == left_out.score


ZEROS = """
shape = [2, 2, 2]
activation = ["sigmoid", "sigmoid"]
loss = "half-squared-error"
[values]
x1 = 1.3
x2 = -0.7
W13 = 0.9
W23 = -1.2
W14 = 0.2
W24 = 0.4
W35 = 0.8
W45 = 1.4
W36 = -0.7
W46 = -0.6
b3 = 0.15
b4 = 0.5
b5 = 0.45
b6 = 0.4
t5 = 0.2
t6 = 0.9
eta = 0.4
"""
OFF = """
shape = [2, 2, 1]
activation = ["relu", "sigmoid"]
[values]
x1 = 0.8
x2 = 0.4
W13 = -0.6
W23 = -0.5
W14 = 0.7
W24 = 0.3
W35 = 0.9
W45 = -0.8
b3 = -0.1
b4 = 0.2
b5 = 0.3
t5 = 0.9
eta = 0.5
"""
FORWARD = (QuantityKind.PRE_ACTIVATION, QuantityKind.ACTIVATION, QuantityKind.LOSS)
