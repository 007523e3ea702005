"""Matrices whose rows are destinations, so that a = W·x; and numbers that need no calculator."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from click.testing import CliRunner
from making import drawn
from test_formats import texts

from answer_keys import problem_set
from answer_keys.draw_problems import draw_problems
from answer_keys.key_page import key_html
from answer_keys.order import order_of
from answer_keys.solution import solve
from byhand import main
from exercises.common.errors import ByhandError, ProblemError
from exercises.formulas.quantity import QuantityKind
from exercises.formulas.typeset import TEXT
from exercises.pages import matrix_rules
from exercises.pages.worksheet_page import worksheet_html
from exercises.problems import problem_file, problem_writer
from exercises.problems.matrices import Matrix, output_of
from exercises.problems.recast import as_matrices
from grader.files import collect
from grader.questions import shapes

WHOLE = drawn((2, 3, 1), seed="rows")
SOURCES, DESTINATIONS = as_matrices(WHOLE), as_matrices(WHOLE, "destinations")


def numbers(problem, matrix):
    values = solve(problem).values | dict(problem.values)
    return np.array([[float(values[q]) for q in row] for row in matrix.entries(problem)])


@pytest.mark.parametrize(("problem", "turned"), [(SOURCES, True), (DESTINATIONS, False)])
def test_matrices_lie_so_that_the_rules_hold(problem, turned):
    w, b, a = (
        Matrix(kind, 1) for kind in (QuantityKind.WEIGHT, QuantityKind.BIAS, QuantityKind.PRE_ACTIVATION)
    )
    own = numbers(problem, w)
    assert own.shape == w.shape(problem) == ((2, 3) if turned else (3, 2))
    by_rows = own.T if turned else own
    fed = numbers(problem, output_of(0))
    assert by_rows @ fed + numbers(problem, b) == pytest.approx(numbers(problem, a))
    slope, delta = numbers(problem, Matrix(QuantityKind.WEIGHT_GRADIENT, 1)), Matrix(QuantityKind.DELTA, 1)
    outer = fed @ numbers(problem, delta).T if turned else numbers(problem, delta) @ fed.T
    assert slope == pytest.approx(outer)
    last = numbers(problem, Matrix(QuantityKind.WEIGHT, 2))
    back = (last if turned else last.T) @ numbers(problem, Matrix(QuantityKind.DELTA, 2))
    slopes = [
        [float(solve(problem).values[q]) for q in row]
        for row in Matrix(QuantityKind.ACTIVATION_SLOPE, 1).entries(problem)
    ]
    assert numbers(problem, delta) == pytest.approx(back * np.array(slopes))


def test_rules_are_printed_as_the_matrices_lie():
    def said(problem, kind, layer=1):
        return matrix_rules.in_letters(problem, matrix_rules.rule(problem, Matrix(kind, layer)), TEXT)

    assert said(SOURCES, QuantityKind.PRE_ACTIVATION) == "W⁽¹⁾ᵀ x + b⁽¹⁾"
    assert said(DESTINATIONS, QuantityKind.PRE_ACTIVATION) == "W⁽¹⁾ x + b⁽¹⁾"
    assert said(DESTINATIONS, QuantityKind.DELTA).startswith("(W⁽²⁾ᵀ δ⁽²⁾)")
    assert said(DESTINATIONS, QuantityKind.WEIGHT_GRADIENT) == "δ⁽¹⁾ xᵀ"
    html = worksheet_html(DESTINATIONS)
    assert (
        "has a row for each unit that arrows lead to and a column for each unit that they come from" in html
    )
    assert "3 × 2" in key_html(solve(DESTINATIONS))


def test_shapes_are_judged_as_the_matrices_lie():
    w = Matrix(QuantityKind.WEIGHT, 1)
    assert shapes.judge(DESTINATIONS, w, "3x2").verdict == "correct"
    wrong = shapes.judge(DESTINATIONS, w, "2x3")
    assert wrong.verdict == "wrong"
    assert "the shape of the transposed" in wrong.feedback
    assert "a row for each unit that arrows lead to" in wrong.feedback


def test_rows_stand_in_the_problem_file_and_in_the_code():
    text = problem_writer.write(DESTINATIONS)
    assert 'rows = "destinations"' in text
    assert problem_file.parse(text, "x").code == DESTINATIONS.code != SOURCES.code
    assert "rows" not in problem_writer.write(SOURCES)
    with pytest.raises(ProblemError, match="only an exercise of kind matrix has matrices"):
        problem_file.parse('rows = "destinations"\n' + problem_writer.write(WHOLE), "x")
    with pytest.raises(ProblemError, match="rows: 'destination' is unknown; did you mean destinations"):
        problem_file.parse(text.replace('"destinations"', '"destination"'), "x")
    done = CliRunner().invoke(main, ["generate", "--rows", "destinations"])
    assert done.exit_code == 2
    assert "--rows is for matrices" in done.output


def test_a_square_matrix_is_read_as_the_sheet_says_it_lies(tmp_path):
    (tmp_path / "a.txt").write_text("W1_new = [[0.1, 0.2], [0.3, 0.4]]\n", encoding="utf-8")
    square = drawn((2, 2, 1), seed="rows")
    found = [
        collect.collect([tmp_path / "a.txt"], as_matrices(square, rows))
        for rows in ("sources", "destinations")
    ]
    assert not any(any(texts(sheet).values()) for sheet in found[0].submissions)
    (sheet,) = found[1].submissions
    read = {name: text for name, text in texts(sheet).items() if text}
    assert read == {"W13_new": "0.1", "W23_new": "0.2", "W14_new": "0.3", "W24_new": "0.4"}


def halved(text, seeds):
    return list(draw_problems(order_of(problem_set_options(text)), seeds, None))


def problem_set_options(text):
    return problem_set._Reader({"seed": "s", "exercise": [text]}, None).problem_set().exercises[0].options


@pytest.mark.parametrize(
    "table",
    [
        {"halves": True, "shape": [2, 2, 1]},
        {"halves": True, "kind": "chain", "shape": [2, 2, 1]},
        {"halves": True, "activation": "linear", "shape": [1, 2, 1], "bias": False},
        {"halves": True, "kind": "matrix", "rows": "destinations", "shape": [2, 2, 1]},
        {"halves": True, "kind": "relu", "shape": [1, 2, 1]},
        {"halves": True, "kind": "batch", "level": 1},
    ],
)
def test_no_line_has_to_be_rounded_where_no_calculator_is_needed(table):
    for found in halved(table, ["h0", "h1"]):
        problem = found.problem
        assert all((4 * value) % 1 == 0 for value in problem.values.values())
        values = solve(problem).values
        asked = [values[step.quantity] for step in problem.graph.asked_steps]
        assert all(value == value.quantize(Decimal("0.00001")) for value in asked)
        assert "Nothing has to be rounded: no line has more than 5 decimal places" in worksheet_html(problem)
        assert not any(
            step.quantity.updated and step.quantity.kind == "y" for step in problem.graph.asked_steps
        )


def test_numbers_of_ones_own_that_do_not_come_out_are_rounded():
    problem = halved({"halves": True, "shape": [2, 2, 1]}, ["h0"])[0].problem
    assert "Write every line to 2 decimal places" in worksheet_html(replace(problem, places=2))


@pytest.mark.parametrize("kind", ["optimizer", "descent", "vanishing", "composite"])
def test_kinds_that_need_a_calculator_all_the_same_say_so(kind):
    with pytest.raises(ByhandError, match=f"one step of gradient descent; {kind} needs a calculator"):
        halved({"halves": True, "kind": kind}, ["x"])


@pytest.mark.parametrize(
    ("said", "named"),
    [({"one_hot": True}, "--one-hot"), ({"shape": [2, 2]}, "--shape"), ({"rows": "destinations"}, "--rows")],
)
def test_nothing_is_said_of_a_network_where_there_is_none(said, named):
    with pytest.raises(ByhandError, match=f"^{named}: composite is a warm-up without a network"):
        halved(said | {"kind": "composite"}, ["x"])


def test_other_units_need_a_calculator_all_the_same():
    with pytest.raises(ByhandError, match="--halves is for relu and linear units with a squared error"):
        halved({"halves": True, "activation": "sigmoid"}, ["x"])
