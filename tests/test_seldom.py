"""Rules that few sheets need: each is shown by one that does."""

import pytest
from making import made, numbered, shipped, typed

from exercises.formulas.quantity import parse_name
from exercises.pages.conventions import conventions
from grader.answers.read_sheet import read_answers
from grader.course.placing.overrides import Override, apply
from grader.diagnosis.diagnose import diagnose
from grader.diagnosis.explain import decided
from grader.diagnosis.explanation import Cause, Explanation
from grader.feedback.report_records import Report
from grader.judging.batch import gather
from grader.judging.judge import judge
from grader.mistakes.hypotheses import hypotheses

# --- the diagnosis ---


def sheets(problem, texts):
    return gather(problem.graph, [problem.values], [read_answers(texts)], [problem.precision])


def explained(problem, texts):
    """What was thought of one sheet."""
    return diagnose(sheets(problem, texts))[0].explained


def rivals():
    """Two mistakes that fit one line, and two lines besides that each of them may fit."""
    graph = shipped("huddar-1").graph
    step, *others = (s for s in graph.steps if s.quantity.name in ("a3", "a4", "a5"))
    one, other = (Cause(h, p) for h, p in zip(hypotheses(step, graph), (0.7, 0.3), strict=False))
    assert one.hypothesis.mistake.name != other.hypothesis.mistake.name
    return step.quantity, one, other, [s.quantity for s in others]


def test_a_tie_is_decided_by_another_line_and_left_where_two_lines_speak_for_either():
    q, one, other, (second, third) = rivals()
    tied = Explanation(q, (one, other))
    for alone in (one, other):
        out = decided({q: tied, second: Explanation(second, (alone,))})
        assert out[q].causes[0].hypothesis is alone.hypothesis
    both = {q: tied, second: Explanation(second, (one,)), third: Explanation(third, (other,))}
    assert decided(both)[q] == tied


def test_what_leaves_conflicts_behind_explains_less_than_what_leaves_none():
    """Of final weights alone: the slope of the other unit in δ₅, which a wrong sum in a₃ nearly imitates."""
    given = {
        "x1": 1.4, "x2": -0.6, "W13": -0.8, "W23": -1.0, "W14": 0.9, "W24": 1.0, "W35": -0.5, "W45": -0.4,
        "W36": 0.7, "W46": -1.4, "b3": 0.7, "b4": -0.2, "b5": -0.2, "b6": 0.4, "t5": -0.1, "t6": -0.3, "eta": 0.2,
    }  # fmt: skip
    new = {
        "W13": "-0.8866", "W23": "-0.9629", "W14": "0.9407", "W24": "0.9826", "W35": "-0.4883", "W45": "-0.3717",
        "W36": "0.6921", "W46": "-1.4190", "b3": "0.6381", "b4": "-0.1709", "b5": "-0.1342", "b6": "0.3557",
    }  # fmt: skip
    problem = numbered([2, 2, 2], "tanh", bias=True, **given)
    found = explained(problem, {parse_name(f"{name}_new"): text for name, text in new.items()})
    assert [e.causes[0].hypothesis.mistake.code for e in found.values()] == ["P09"]


TINY = {"delta": "negative-gradient", "x1": -1.01, "W12": 1.08, "b2": 0.5, "t2": 0.53, "eta": 0.09}
WITHOUT_BIAS = {"x1": 0.86, "x2": 1.16, "W13": 0.97, "W23": -0.25, "W14": -0.75, "W24": 0.88, "W35": 0.19,
                "W45": 0.73, "t5": 0.38, "eta": 0.89}  # fmt: skip


def test_a_formula_that_may_give_anything_at_all_explains_nothing():
    """A quotient by a slope that may be 0, behind a blank line."""
    problem = numbered([1, 1], "relu", bias=True, **TINY)
    texts = {"a2": "-0.5908", "dy2_da2": "0.0000", "b2_new": "0.2500"}
    for explanation in explained(problem, {parse_name(name): text for name, text in texts.items()}).values():
        assert all(cause.probability > 0 for cause in explanation.causes)


def test_a_line_that_any_number_makes_right_tells_nothing_of_the_number():
    problem = typed({
        "shape": [2, 2, 1], "activation": "sigmoid", "loss": "binary-cross-entropy", "bias": False, "places": 3,
        "notation": "unit", "delta": "gradient", "values": WITHOUT_BIAS,
    })  # fmt: skip
    texts = {
        "a3": "0.5442", "a4": "0.3758", "dy5_da5": "1", "dy3_da3": "0.2323", "delta3": "0.0123", "dE_dy4": "0.0096",
        "delta4": "0.0448", "dE_dW13": "0.0096", "dE_dW35": "0.1611", "W24_new": "0.8338", "W35_new": "0.0466",
        "y5_new": "0.5994",
    }  # fmt: skip
    for explanation in explained(problem, {parse_name(name): text for name, text in texts.items()}).values():
        assert explanation.held is None or explanation.held.number.is_finite()


def test_a_tie_is_never_decided_for_another_line_than_the_one_that_was_judged_wrong():
    """Else other explanations rest on a line that nobody blames any more."""
    given = {
        "x1": 0.4, "W12": 1.0, "b2": -0.6, "W13": -0.5, "b3": -0.5, "W24": 1.4, "W34": 1.4, "b4": 0.7, "t4": -0.5,
        "eta": 0.6,
    }  # fmt: skip
    texts = {
        "y4": "-0.3990", "delta4": "0.0849", "delta2": "0.1142", "delta3": "0.1907", "W12_new": "0.9542",
        "W13_new": "-0.5458", "W24_new": "1.4101", "W34_new": "1.4308", "b2_new": "-0.6685", "b3_new": "-0.6144",
        "b4_new": "0.6491",
    }  # fmt: skip
    problem = numbered([1, 2, 1], "tanh", bias=True, **given)
    found = explained(problem, {parse_name(name): text for name, text in texts.items()}).values()
    assert any(e.after for e in found)
    assert {q for e in found for q in e.after} <= {e.at for e in found}


def test_a_judgement_is_not_changed_by_what_is_found_out_later():
    problem = shipped("huddar-1")
    judged = judge(sheets(problem, {}))
    q = problem.graph.steps[-1].quantity
    again = judged.broken({q: judged.lines[q].blank})
    assert again.wrong(q)[0]
    assert not judged.wrong(q)[0]


# --- the sheet ---


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (made((2, 2, 1), delta="negative-gradient"), "always stands for the slope itself, without the minus"),
        (made((2, 2, 1), bias="fixed"), "; the biases stay as they are"),
    ],
    ids=["minus", "fixed"],
)
def test_a_convention_that_few_sheets_have_is_printed_on_them_and_on_no_other(problem, said):
    def box(of):
        return " ".join(text for _, text in conventions(of))

    assert said in box(problem)
    assert said not in box(made((2, 2, 1)))


# --- a person's decision ---


@pytest.mark.parametrize(("convention", "strict"), [(None, 1.0), ("V-SIGN", 2.0)])
def test_a_line_that_counts_no_more_takes_its_mark_by_the_key_only_where_the_key_gave_one(convention, strict):
    """Under another convention than the sheet's a line may be right without being the key's."""
    problem = shipped("huddar-1")
    answers = [
        {"quantity": s.quantity.name, "link": str(s.link), "verdict": "correct", "credit": 1.0, "out_of": 1.0}
        for s in problem.graph.steps[:4]
    ]
    sheet = {"answers": answers, "convention": convention, "score": 4.0, "strict_score": 2.0, "out_of": 4.0}
    name = answers[-1]["quantity"]
    decision = Override("Ada", "", name, verdict="not-assessed")
    report, _ = apply(Report.from_json(sheet), {name: decision}, problem)
    assert report.strict_score == strict
