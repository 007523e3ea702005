"""An equals sign of the working that does not hold is told, whatever is thought of the number at its end."""

import random

import pytest
from making import carried, drawn, handed_in, numbered

from exercises.formulas import typeset
from exercises.formulas.quantity import parse_name
from grader.feedback.report import grade

PROBLEM = numbered(
    [2, 2, 2], "sigmoid", bias=True, x1=-0.5, x2=1.4, W13=0.5, W23=0.9, W14=0.2, W24=0.7, W35=1.3, W45=0.4, W36=1.5,
    W46=-1.4, b3=-0.2, b4=-0.35, b5=0.4, b6=-0.1, t5=0.2, t6=0.1, eta=0.7,
)  # fmt: skip
RIGHT = carried(PROBLEM)[0]
STILL = " The number at the end is right all the same."


def answers(texts, problem=PROBLEM, right=None, **options):
    sheet = {
        **(RIGHT if right is None else right),
        **{parse_name(name): text for name, text in texts.items()},
    }
    (report,) = grade(problem, [handed_in(sheet)], **options)
    return report.as_json(), {a["quantity"]: a for a in report.as_json()["answers"]}


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        (
            "delta3",
            "W35*δ5 + W36*δ6 = 0.0581",
            "In your working W35*δ5 + W36*δ6 is about 0.2725, not 0.0581.",
        ),
        ("y3", "tanh(0.8100) = 0.6921", "In your working tanh(0.8100) is about 0.6696, not 0.6921."),
        ("a4", "-0.1 + 0.98 = 0.53", "In your working −0.1 + 0.98 is 0.8800, not 0.53."),
    ],
)
def test_a_right_number_keeps_its_mark_and_the_false_equation_is_told(name, typed, said):
    record, found = answers({name: typed})
    assert found[name]["verdict"] == "correct"
    assert found[name]["feedback"] == said + STILL
    assert (record["score"], record["first_error"]) == (record["out_of"], None)
    _, hinted = answers({name: typed}, hints=True)
    assert not any(digit in hinted[name]["feedback"] for digit in "0123456789")


def test_every_false_equals_sign_is_told():
    _, found = answers({"a4": "0.2*(-0.5) + 0.7*1.4 - 0.35 = -0.1 + 0.89 - 0.35 = 0.45 = 0.53"})
    assert found["a4"]["feedback"] == (
        "In your working 0.2*(−0.5) + 0.7*1.4 − 0.35 is 0.5300, but −0.1 + 0.89 − 0.35 is 0.4400. "
        "In your working −0.1 + 0.89 − 0.35 is 0.4400, not 0.45. In your working 0.45 is not 0.53." + STILL
    )


def test_a_product_not_worked_out_is_a_slip_in_the_heading_too():
    record, found = answers({"delta4": "(-0.1088)(0.2332) = -0.1088"})
    answer = found["delta4"]
    assert (answer["verdict"], answer["mistakes"]) == ("wrong", [])
    assert answer["feedback"] == (
        "Your working for δ₄ is right as far as (−0.1088)(0.2332); that is −0.0254, not −0.1088."
    )
    assert record["score"] == record["out_of"] - 1


@pytest.mark.parametrize("places", [3, 4, 6])
@pytest.mark.parametrize("seed", range(3))
def test_true_working_is_never_called_false(places, seed):
    """Each line with its formula in letters and with the numbers that stand on the sheet, in some order."""
    problem = drawn((2, 2, 2), random.Random(seed).choice(["sigmoid", "tanh"]), seed=f"working {seed}")  # noqa: S311
    right = carried(problem, places=places)[0]
    known = {q: f"{v}" for q, v in problem.values.items()} | right

    def shown(q):
        return f"({known[q]})" if known[q].startswith("-") else known[q]

    texts = {}
    for step in problem.graph.steps:
        letters = typeset.symbolic(step.formula, problem.label)
        numbers = typeset.substituted(step.formula, shown)
        texts[step.quantity.name] = f"{letters} = {numbers} = {right[step.quantity]}"
    record, found = answers(texts, problem, right)
    assert record["first_error"] is None
    for answer in found.values():
        assert "In your working" not in answer["feedback"], answer
    assert sum(a["verdict"] in ("correct", "not-assessed") for a in found.values()) == len(found)
