"""What the table [marking] says, and what it does to the marks of a sheet."""

from dataclasses import replace
from decimal import Decimal

import pytest
from making import shipped
from test_judge import graded, perfect

from answer_keys import problem_set
from exercises.common.errors import ProblemError
from exercises.formulas.quantity import Link, parse_name
from exercises.problems.marking import Marking

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
