"""Answers in symbols are judged as expressions, never as strings."""

import pytest

from answer_keys.problems import load
from exercises.formulas.quantity import delta, weight
from exercises.problems import problem_file, problem_writer
from exercises.problems.questions import Question, parse_question, usual
from grader.answers.names import Names
from grader.feedback.report import grade
from grader.files.extraction.submission import Submission
from grader.files.read import read
from grader.questions.symbolic import SymbolJudge


def judged(name, question, text):
    problem = load(name)
    return SymbolJudge(problem, Names(problem)).judge(question, text)


SLOPE = r"\frac{\partial y_3}{\partial a_3} x_1"
CHAIN, LETTERS = Question("chain", weight(1, 3)), Question("letters", weight(1, 3))


@pytest.mark.parametrize(
    ("name", "question", "text"),
    [
        ("huddar-1", CHAIN, "dE/dy5*dy5/da5*da5/dy3*dy3/da3*da3/dW13"),
        ("huddar-1", CHAIN, "∂a₃/∂W₁₃ · ∂y₃/∂a₃ · ∂a₅/∂y₃ · ∂y₅/∂a₅ · ∂E/∂y₅"),
        ("huddar-1", CHAIN, r"\frac{\partial E}{\partial y_5}\frac{\partial y_5}{\partial a_5} W_{35} " + SLOPE),
        ("exercise-3", CHAIN, "(dE/dy5*dy5/da5*da5/dy3+dE/dy6*dy6/da6*da6/dy3)*dy3/da3*da3/dW13"),
        ("huddar-1", LETTERS, "(y5-t5)*y5*(1-y5)*W35*y3*(1-y3)*x1"),
        ("huddar-1", LETTERS, "-(t-y5) y5(1-y5) W35 y3(1-y3) x1"),
        ("huddar-1", LETTERS, "(y5 - t)(y5 - y5^2) W35 x1 (y3 - y3^2)"),
        ("huddar-1", Question("delta", delta(5)), "(t5-y5)*y5*(1-y5)"),
        ("huddar-1", Question("delta", delta(3)), "y3(1-y3) W35 δ5"),
        ("exercise-3", Question("delta", delta(3)), "y3(1-y3)(W35 δ5 + W36 δ6)"),
        ("tutorial-2-2-1", Question("delta", delta(5)), "(ŷ - y)·ŷ·(1 - ŷ)"),
    ],
)  # fmt: skip
def test_any_equal_form_is_right(name, question, text):
    assert judged(name, question, text).verdict == "correct", judged(name, question, text)


@pytest.mark.parametrize(
    ("name", "question", "text", "says"),
    [
        ("huddar-1", CHAIN, "dE/dy5*dy5/da5*da5/dy3*da3/dW13", "∂y₃/∂a₃ is missing"),
        ("huddar-1", CHAIN, "dE/dy5*dy5/da5*da5/dy3*dy3/da3*dy3/da3*da3/dW13", "stands there twice"),
        ("huddar-1", CHAIN, "dE/dy5*dy5/da5*da5/dy4*dy3/da3*da3/dW13", "∂a₅/∂y₄ does not belong"),
        (
            "huddar-1",
            CHAIN,
            "dE/dy5*dy5/da5/(da5/dy3)*dy3/da3*x1",
            "the factor 1 / (∂a₅/∂y₃) does not belong",
        ),
        (
            "tutorial-2-2-1",
            CHAIN,
            "dL/dŷ * dŷ/dz(2) / (dz(2)/dh1) * dh1/dz(1)1 * x1",
            "the factor 1 / (∂z⁽²⁾/∂h₁) does not belong",
        ),
        ("huddar-1", CHAIN, "δ3 x1", "write its factors"),
        ("huddar-1", LETTERS, "(y5-t5)*y5*(1-y5)*W35*y3*(1-y3)*x2", "x₂ does not belong"),
        ("huddar-1", LETTERS, "(t5-y5)*y5*(1-y5)*W35*y3*(1-y3)*x1", "sign"),
        ("exercise-3", CHAIN, "dE/dy5*dy5/da5*da5/dy3*dy3/da3*da3/dW13", "1 of 2 paths"),
        ("huddar-1", Question("delta", delta(5)), "δ5", "asked for"),
    ],
)
def test_what_is_wrong_is_named(name, question, text, says):
    found = judged(name, question, text)
    assert found.verdict == "wrong"
    assert says in found.feedback


@pytest.mark.parametrize(
    "text", ["hello", "__import__('os').system('true')", "9**9**9**9", "((((((", "y5 +", "∂"]
)
def test_what_cannot_be_read_is_not_wrong(text):
    assert judged("huddar-1", LETTERS, text).verdict == "unreadable"


def test_an_answer_in_symbols_given_twice_is_called_by_its_own_name(tmp_path):
    asked = problem_file.parse(
        problem_writer.write(load("huddar-1")) + '\n[questions]\nchain = ["W13"]\n', "asked"
    )
    path = tmp_path / "a.txt"
    path.write_text("chain_W13 = W35\nchain_W13 = W13\n", encoding="utf-8")
    (sheet,) = read(path, asked).submissions
    assert sheet.remarks == ("chain_W13 was answered twice; the last answer counts.",)


def test_questions_survive_writing_and_reading_and_are_graded_with_the_numbers():
    text = problem_writer.write(load("exercise-3")) + '\n[questions]\nchain = ["W13"]\ndelta = [5]\n'
    problem = problem_file.parse(text, "asked")
    assert problem_file.parse(problem_writer.write(problem), "again") == problem
    names = Names(problem)
    texts = {names.find("letters_delta5"): "(t5-y5) y5 (1-y5)"}
    content = grade(problem, [Submission("s", "o", texts)])[0].as_json()
    answers = {a["quantity"]: a for a in content["answers"]}
    assert answers["letters_delta5"]["verdict"] == "correct"
    assert answers["chain_W13"]["verdict"] == "missing"
    assert content["score"] == 1.0


def test_a_question_about_what_the_network_lacks_is_a_fault():
    network = load("huddar-1").network
    assert parse_question("chain", "b3", network) is None  # no biases there
    assert parse_question("delta", "1", network) is None
    assert {q.kind for q in usual(network)} == {"chain", "letters", "delta"}
