"""Sentences that were untrue or led nowhere, each by the sheet on which it was met."""

import pytest
from making import handed_in

from answer_keys.solution import solve
from exercises.formulas import decimals
from exercises.formulas.quantity import QuantityKind, parse_name
from exercises.problems import problem_file
from grader.answers.names import Names
from grader.course.people.people import Roster, Student
from grader.feedback.report import grade
from grader.files.read import refused

PLAIN = """shape = [2, 2, {outputs}]
activation = ["sigmoid", "sigmoid"]
loss = "half-squared-error"
bias = true
notation = "unit"
delta = "{delta}"
places = 4
[values]
{values}
"""


def problem(values, *, delta="gradient", outputs=1):
    """A problem with these numbers, in the order of their names."""
    names = "x1 x2 W13 W23 W14 W24 W35 W45 b3 b4 b5 t5 eta"
    if outputs > 1:
        names = "x1 x2 W13 W23 W14 W24 W35 W45 W36 W46 b3 b4 b5 b6 t5 t6 eta"
    lines = "\n".join(f"{n} = {v}" for n, v in zip(names.split(), values.split(), strict=True))
    return problem_file.parse(PLAIN.format(delta=delta, values=lines, outputs=outputs), "a test")


def carried_on(drawn, **typed):
    """A sheet on which these lines were typed and every other one follows."""
    changed = {parse_name(q): text for q, text in typed.items()}
    values, out = dict(drawn.values), {}
    from decimal import Decimal

    from exercises.formulas.algebras import exact_value

    for step in drawn.graph.steps:
        q = step.quantity
        text = changed.get(q)
        if text is None:
            text = f"{decimals.rounded(exact_value(step.formula, values.__getitem__), drawn.places):f}"
        number = text.rpartition("= ")[2]
        values[q], out[q] = Decimal(number), text
    return out


def said(drawn, texts, *, hints=False):
    """The answers of the report."""
    (report,) = grade(drawn, [handed_in(texts)], hints=hints)
    return report.by_quantity


FALSE_0 = "-1.3 1.2 0.9 -1.3 1.5 0.6 -0.7 1.4 -0.3 0.1 -0.35 0.9 0.7"
HALF = "0.8 1.3 0.9 0.5 -0.8 1.3 0.2 0.3 -0.45 -0.1 -0.25 0.2 0.7"
TWO_WAYS = "-0.5 0.3 0.2 0.4 -0.6 1.5 1.2 -0.9 0.55 0.35 -0.2 0.05 0.6"


def test_an_output_rounded_to_0_is_not_called_relu_alone():
    drawn = problem(FALSE_0)
    answer = said(drawn, carried_on(drawn, y5="0.0000"))["y5"]
    assert "ReLU was applied" not in answer.feedback
    assert "fits ReLU(a₅) (ReLU in place of the activation), and also fits round(σ(a₅))" in answer.feedback
    assert {m.name for m in answer.mistakes} >= {"output rounded to a whole number"}


def test_a_number_with_few_digits_is_not_called_that_of_a_given_one_elsewhere():
    drawn = problem(HALF)
    answer = said(drawn, carried_on(drawn, y5="0.5000"))["y5"]
    assert "W₂₃" not in answer.feedback
    assert "fits σ(round(a₅)): if so, a₅ was rounded to a whole number" in answer.feedback


def test_two_formulas_that_fit_are_both_told_and_neither_as_what_happened():
    drawn = problem(TWO_WAYS)
    answer = said(drawn, carried_on(drawn, a3="0.1850"))["a3"]
    assert "fits b₃·x₁ + W₁₃·x₂ + W₂₃ (weights one place along)" in answer.feedback
    assert "and also fits W₁₃·x₁ + W₂₃·x₂ + b₃·x₂ (bias multiplied by an input)" in answer.feedback
    assert "the bias b₃ was multiplied" not in answer.feedback


@pytest.mark.parametrize(
    ("delta", "says"),
    [
        ("negative-gradient", "δ is −∂E/∂a on this sheet, so the gradient needs a minus."),
        ("gradient", "δ is ∂E/∂a on this sheet, so the gradient has no minus in front."),
    ],
)
def test_a_gradient_with_the_wrong_sign_is_told_whether_it_needs_a_minus(delta, says):
    drawn = problem(HALF, delta=delta)
    right = carried_on(drawn)
    wrong = {
        q: f"{-float(t):.4f}"
        for q, t in right.items()
        if q.kind is QuantityKind.WEIGHT_GRADIENT and q.unit == 3
    }
    answers = said(drawn, {**right, **wrong})
    assert says in next(answers[q.name].feedback for q in wrong if answers[q.name].verdict == "wrong")


def test_working_that_is_right_up_to_its_number_names_no_mistake():
    drawn = problem(HALF)
    right = carried_on(drawn)
    back, slope = right[parse_name("dE_dy4")], right[parse_name("dy4_da4")]
    texts = {**right, parse_name("delta4"): f"({back})({slope}) = {back}"}
    answer = said(drawn, texts)["delta4"]
    assert "is right as far as" in answer.feedback
    assert answer.mistakes == ()
    assert "The way is right" in said(drawn, texts, hints=True)["delta4"].feedback


def test_where_new_weights_add_under_a_wrong_sign_both_are_told():
    drawn = problem(HALF)
    values = {q.name: float(v) for q, v in solve(drawn).values.items()}
    right = carried_on(drawn)
    texts = dict(right)
    for name in ("delta5", "dE_dW35", "dE_dW45", "dE_db5"):
        texts[parse_name(name)] = f"{-values[name]:.4f}"
    answer = said(drawn, texts)["delta5"]
    assert answer.verdict == "wrong"
    assert "W₃₅ⁿᵉʷ" in answer.feedback
    assert "you add; once the sign is right here, subtract there." in answer.feedback


def test_the_hint_at_a_lost_sign_leads_to_signs():
    drawn = problem(HALF)
    values = carried_on(drawn)
    texts = {**values, parse_name("a3"): f"-{values[parse_name('a3')]}"}
    assert "sign" in said(drawn, texts, hints=True)["a3"].feedback


def test_as_many_places_as_are_asked_for_are_never_too_few():
    drawn = problem(HALF)
    exact = solve(drawn).values
    texts = {q: f"{exact[q]:.5f}" for q in carried_on(drawn)}
    texts[parse_name("dE_dW35")] = f"{exact[parse_name('dE_dW35')]:.4f}"
    assert all("too far" not in a.feedback for a in said(drawn, texts).values())


def test_a_file_without_an_ending_is_called_so():
    assert refused(b"a3 = 1", "").startswith("a file without an ending; expected one of ")


def test_headings_in_capitals_are_read():
    names = Names(problem(HALF))
    for name in ("W13_new", "E_new", "delta5", "dE_dW13"):
        assert names.find(name.upper()) == parse_name(name)


def test_a_folder_that_fits_two_students_is_told():
    roster = Roster((Student("s1", "Smith John"), Student("s2", "Smith John")))
    found = roster.find("", "answers", "Smith John_778_assignsubmission_file_/answers.txt")
    assert found.student is None
    assert found.note.startswith("the name of its file or folder fits ")
