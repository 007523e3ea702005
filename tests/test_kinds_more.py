"""Matrices, the collapse of δ, a planted mistake and a change of convention: drawn, printed, keyed and graded."""

import html
import io
import json
import re
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

import numpy as np
import pikepdf
import pypdf
import pytest
from making import drawn, handed_in

from answer_keys import keyfile
from answer_keys.commands import generate
from answer_keys.draw_problems import draw_problems
from answer_keys.key_page import key_html
from answer_keys.options import exercise
from answer_keys.order import order_of
from answer_keys.solution import solve
from exercises.common.errors import ByhandError, ProblemError
from exercises.formulas.decimals import rounded
from exercises.formulas.formula import leaves
from exercises.formulas.quantity import (
    ETA,
    Link,
    Quantity,
    QuantityKind,
    activation_slope,
    delta,
    loss,
    parse_name,
    weight,
)
from exercises.networks.plan import KIND_NAMES, Plan
from exercises.pages import matrix_labels, question_texts, solution_lines
from exercises.pages.worksheet_page import header, worksheet_html, worksheet_pdf
from exercises.problems import problem_file, problem_writer
from exercises.problems.marking import Marking
from exercises.problems.matrices import Matrix
from exercises.problems.questions import chain_terms, line_of, slope_formula
from exercises.problems.recast import as_collapse, as_convention, as_matrices
from grader.ambiguity.planting import plant, planted
from grader.answers.names import Names
from grader.feedback.report import grade
from grader.files.collect import collect
from grader.handback.feedback_page import feedback_html
from grader.questions.shapes import read

NUMBERS = {
    (2, 2, 1): {
        "x1": "-0.7", "x2": "0.95", "W13": "1.1", "W23": "-0.8", "b3": "0.3", "W14": "1.5", "W24": "-1.7",
        "b4": "0.55", "W35": "1.7", "W45": "1.9", "b5": "0.85", "t5": "0.2", "eta": "0.7",
    },
    (2, 3, 1): {
        "x1": "0.6", "x2": "0.25", "W13": "1.6", "W23": "-1.8", "b3": "0.5", "W14": "-1.4", "W24": "1.2",
        "b4": "0.25", "W15": "1.9", "W25": "-0.7", "b5": "0.35", "W36": "0.7", "W46": "1.2", "W56": "-2.2",
        "b6": "0.3", "t6": "0.5", "eta": "0.3",
    },
}  # fmt: skip
NUMBERS[2, 2, 2] = NUMBERS[2, 2, 1] | {"W36": "-1.4", "W46": "0.6", "b6": "-0.35", "t5": "0.3", "t6": "0.7"}
HELP = {"help_option_names": ["-h", "--help"]}  # which the command keeps for later
RIGHT = Quantity(QuantityKind.RIGHT_VALUE)
KINDS = ("matrix", "softmax", "entropy", "find", "convention")


def plain(shape=(2, 2, 1), **rest):
    """A plain full pass with numbers that stay as they are, however numbers are drawn."""
    values = {name: Decimal(number) for name, number in NUMBERS[shape].items()}
    return problem_file.from_table({"shape": list(shape), "values": values, **rest}, "test")


@lru_cache
def made(kind, notation="unit", sign="gradient"):
    """A drawn exercise of each kind."""
    rest = {"notation": notation, "delta": sign}
    match kind:
        case "matrix":
            return as_matrices(plain((2, 3, 1), **rest))
        case "softmax":
            return as_collapse(
                plain((2, 2, 2), activation=["sigmoid", "softmax"], loss="cross-entropy", **rest)
            )
        case "entropy":
            return as_collapse(plain(loss="binary-cross-entropy", **rest))
        case "find":
            return plant(plain(**rest), "3")
    return as_convention(plain(**rest))


every = pytest.mark.parametrize("kind", KINDS)
both = pytest.mark.parametrize("notation", ["unit", "layer"])
signs = pytest.mark.parametrize("sign", ["gradient", "negative-gradient"])


def value(problem, name):
    """A value of the solution as a float."""
    return float(solve(problem).values[parse_name(name)])


def right_answers(problem):
    """Every line as the key has it, and every question answered."""
    values = solve(problem).values
    found = {
        s.quantity.name: f"{rounded(values[s.quantity], problem.places):f}" for s in problem.graph.asked_steps
    }
    for question in problem.questions:
        found[question.name] = {
            "chain": " + ".join(
                "*".join(f"d{a}/d{b}" for a, b in chain) for chain in _chains(problem, question)
            ),
            "what-was-wrong": "a sign, I think",
        }.get(question.kind, question_texts.right(problem, question))
    if problem.delta != "gradient" and "chain_delta5" in found:
        found["chain_delta5"] = f"-({found['chain_delta5']})"
    return found


def _chains(problem, question):
    return chain_terms(problem.network, question.subject) if question.kind == "chain" else ()


def graded(problem, answers, *, hints=False):
    names = Names(problem)
    texts = {names.find(name): text for name, text in answers.items()}
    assert None not in texts
    return grade(problem, [handed_in(texts)], hints=hints)[0]


def answer(problem, answers, name, **options):
    found = graded(problem, answers, **options).as_json()
    return next(a for a in found["answers"] if a["quantity"] == name)


# --- what is right, by other means ---


def arrays(problem):
    """The given matrices for NumPy, by our names."""
    net = problem.network
    given = {q.name: float(v) for q, v in problem.values.items()}
    layers = range(1, len(net.layers))
    return (
        np.array([[given[f"x{u}"]] for u in net.inputs]),
        [np.array([[given[f"W{i}{j}"] for j in net.layers[n]] for i in net.layers[n - 1]]) for n in layers],
        [np.array([[given[f"b{u}"]] for u in net.layers[n]]) for n in layers],
        np.array([[given[f"t{u}"]] for u in net.outputs]),
        given["eta"],
    )


def numbers(problem, kind, layer, *, updated=False):
    entries = Matrix(kind, layer, updated=updated).entries(problem)
    values = solve(problem).values
    return np.array([[float(values[q]) for q in row] for row in entries])


@signs
@both
def test_matrices_are_what_numpy_makes_of_them(notation, sign):
    problem = made("matrix", notation, sign)
    x, weights, biases, t, eta = arrays(problem)
    turn = 1 if sign == "gradient" else -1
    a1 = weights[0].T @ x + biases[0]
    y1 = 1 / (1 + np.exp(-a1))
    y2 = 1 / (1 + np.exp(-(weights[1].T @ y1 + biases[1])))
    d2 = turn * (y2 - t) * y2 * (1 - y2)
    d1 = (weights[1] @ d2) * y1 * (1 - y1)
    g1, g2 = turn * x @ d1.T, turn * y1 @ d2.T
    for kind, layer, updated, own in (
        (QuantityKind.PRE_ACTIVATION, 1, False, a1),
        (QuantityKind.ACTIVATION, 1, False, y1),
        (QuantityKind.ACTIVATION, 2, False, y2),
        (QuantityKind.DELTA, 2, False, d2),
        (QuantityKind.DELTA, 1, False, d1),
        (QuantityKind.WEIGHT_GRADIENT, 1, False, g1),
        (QuantityKind.WEIGHT_GRADIENT, 2, False, g2),
        (QuantityKind.BIAS_GRADIENT, 1, False, turn * d1),
        (QuantityKind.WEIGHT, 1, True, weights[0] - eta * g1),
        (QuantityKind.BIAS, 2, True, biases[1] - eta * turn * d2),
    ):
        found = numbers(problem, kind, layer, updated=updated)
        assert found.shape == own.shape == Matrix(kind, layer).shape(problem)
        assert np.allclose(found, own, rtol=1e-12)
    shapes = {q.topic: question_texts.right(problem, q) for q in problem.questions}
    assert shapes == {"W1": "2 × 3", "delta1": "3 × 1", "dE_dW1": "2 × 3", "W2": "3 × 1"}


def test_the_slopes_of_a_softmax_are_its_finite_differences():
    graph = made("softmax").graph
    sums = np.array([0.3, -0.4])

    def out(at):
        return np.exp(at) / np.exp(at).sum()

    ys = dict(zip((5, 6), out(sums), strict=True))
    for j in range(2):
        nudge = np.eye(2)[j] * 1e-6
        measured = (out(sums + nudge) - out(sums - nudge)) / 2e-6
        for k in range(2):
            formula = slope_formula(graph, activation_slope(5 + k, 5 + j))
            expected = ys[5 + k] * ((j == k) - ys[5 + j])
            assert {q.unit for q in leaves(formula)} == {5 + j, 5 + k}
            assert measured[k] == pytest.approx(expected, abs=1e-9)
            assert evaluated(formula, ys) == pytest.approx(expected)


def evaluated(formula, ys):
    from exercises.formulas.algebras import ArrayAlgebra
    from exercises.formulas.formula import fold

    return float(fold(formula, ArrayAlgebra(), lambda q: ys[q.unit]))


@pytest.mark.parametrize("kind", ["softmax", "entropy"])
@signs
def test_delta_collapses_in_numbers_too(kind, sign):
    problem = made(kind, "unit", sign)
    turn = 1 if sign == "gradient" else -1
    for k in problem.network.outputs:
        assert value(problem, f"delta{k}") == pytest.approx(
            turn * (value(problem, f"y{k}") - value(problem, f"t{k}"))
        )


def sigma(a):
    return 1 / (1 + np.exp(-a))


def by_hand(v):
    """Each line of a 2-2-1 network with biases from the numbers above it; δ = ∂E/∂a."""
    return {
        **{f"a{j}": v["x1"] * v[f"W1{j}"] + v["x2"] * v[f"W2{j}"] + v[f"b{j}"] for j in (3, 4)},
        **{f"y{j}": sigma(v[f"a{j}"]) for j in (3, 4, 5)},
        "a5": v["y3"] * v["W35"] + v["y4"] * v["W45"] + v["b5"],
        "E": 0.5 * (v["t5"] - v["y5"]) ** 2,
        "dE_dy5": v["y5"] - v["t5"],
        **{f"dE_dy{j}": v[f"W{j}5"] * v["delta5"] for j in (3, 4)},
        **{f"dy{j}_da{j}": v[f"y{j}"] * (1 - v[f"y{j}"]) for j in (3, 4, 5)},
        **{f"delta{j}": v[f"dE_dy{j}"] * v[f"dy{j}_da{j}"] for j in (3, 4, 5)},
        **{f"dE_dW{i}{j}": v[f"delta{j}"] * v[f"x{i}"] for i in (1, 2) for j in (3, 4)},
        **{f"dE_dW{i}5": v["delta5"] * v[f"y{i}"] for i in (3, 4)},
        **{f"dE_db{j}": v[f"delta{j}"] for j in (3, 4, 5)},
        **{f"{p}_new": v[p] - v["eta"] * v[f"dE_d{p}"] for p in ("W13", "W23", "b3", "W14", "W24", "b4")},
        **{f"{p}_new": v[p] - v["eta"] * v[f"dE_d{p}"] for p in ("W35", "W45", "b5")},
    }


@pytest.mark.parametrize("seed", range(6))
def test_one_printed_line_is_wrong_and_all_others_follow_from_those_above(seed):
    problem = plant(drawn((2, 2, 1), seed=f"plain {seed % 2}"), str(seed))
    printed = {q.name: float(v) for q, v in problem.printed.items()}
    given = {q.name: float(v) for q, v in problem.full_pass.values.items()}
    code, wrong = problem.plan.planted
    unit = 10.0**-problem.places
    for name, follows in by_hand(given | printed).items():
        if name == wrong:
            assert abs(follows - printed[name]) >= 10 * unit
            assert value(problem, "right_value") == pytest.approx(follows, rel=1e-12)
        else:
            assert abs(follows - printed[name]) <= 0.5 * unit * (1 + 1e-9)
    assert planted(problem).startswith(f"The mistake is {code}, ")


@signs
def test_a_change_of_convention_goes_uphill_and_is_mended_downhill(sign):
    problem = made("convention", "unit", sign)
    v = {q.name: float(x) for q, x in {**problem.values, **problem.printed}.items()}
    assert v["E_new"] > v["E"]
    turn = 1 if sign == "gradient" else -1
    for name, feeds in (("W13", "x1"), ("W24", "x2"), ("W45", "y4"), ("b5", "")):
        step = turn * v["eta"] * v[f"delta{name[-1]}"] * (v[feeds] if feeds else 1.0)
        old = float(problem.values[parse_name(name)])
        assert v[f"{name}_new"] == pytest.approx(old + step, abs=5.1e-5)
        assert value(problem, f"{name}_new") == pytest.approx(old - step)


# --- files ---


@every
@both
@signs
def test_file_and_key_give_the_exercise_back(kind, notation, sign, tmp_path):
    problem = made(kind, notation, sign)
    text = problem_writer.write(problem)
    again = problem_file.parse(text, "again")
    assert again == problem
    assert again.code == problem.code
    assert problem_writer.write(again) == text
    path = tmp_path / "key.json"
    path.write_text(keyfile.to_json(solve(problem)), encoding="utf-8")
    assert keyfile.read(path) == problem
    assert set(json.loads(path.read_text(encoding="utf-8"))["questions"]) == {
        q.name for q in problem.questions
    }


@every
def test_the_same_seed_gives_the_same_bytes(kind):
    first, second = made(kind), made.__wrapped__(kind)
    assert problem_writer.write(first) == problem_writer.write(second)
    assert worksheet_html(first) == worksheet_html(second)
    assert key_html(solve(first)) == key_html(solve(second))


def test_codes_tell_exercises_with_the_same_numbers_apart():
    whole = plain()
    found = [whole, as_matrices(whole), as_convention(whole), plant(whole, "1"), plant(whole, "2")]
    assert len({p.code for p in found}) == len(found)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (r"planted = .*\n", "", "planted: expected the code of a mistake and the line"),
        (r"planted = .*\n", 'planted = ["D01", "delta9"]\n', "planted: expected the code of a mistake and the line"),
        (r"(?m)^y3 = .*\n", "", "printed: y3 missing"),
        (r"(?m)^y3 = .*\n", "y3 = 0.9\n", "printed.y3 is 0.9, but"),
        (r"\[values\]", "[values]\ndelta3 = 0.1", "values.delta3 is unknown"),
        (r"(?m)^y4 = .*\n", "y4 = 0.5\ny9 = 1\n", "printed.y9 is unknown"),
        (r"places = 4", "places = 4\nask = 'deltas'", "leave ask out"),
        (r"places = 4", "places = 4\nexamples = 2", "leave out examples"),
        (r"kind = .*\n", "", "a mistake is planted in find-the-mistake only"),
    ],
)  # fmt: skip
def test_a_worked_solution_that_cannot_be_is_told(old, new, says):
    text, count = re.subn(old, new, problem_writer.write(made("find")), count=1)
    assert count
    with pytest.raises(ProblemError, match=says):
        problem_file.parse(text, "test")


def test_a_mistake_that_is_none_is_told():
    problem = made("find")
    line = parse_name(problem.plan.planted[1])
    right = rounded(solve(problem).values[RIGHT], problem.places)
    with pytest.raises(ProblemError, match=f"printed.{line.name} is right; expected the mistake there"):
        replace(problem, printed={**problem.printed, line: right})


def test_only_a_pair_that_collapses_can_be_asked_to():
    with pytest.raises(ProblemError, match="collapse needs softmax with cross-entropy"):
        as_collapse(plain())


def test_a_step_that_does_not_show_is_refused():
    whole = plain()
    with pytest.raises(ByhandError, match="does not show in the loss"):
        as_convention(replace(whole, values={**whole.values, ETA: Decimal("0.0001")}))


# --- pages ---


def plain_text(page):
    """What a page says, without its drawing."""
    body = re.sub(r"<(style|svg|title)\b.*?</\1>", "", page, flags=re.DOTALL)
    body = re.sub(r'<(?:input|textarea)[^>]* name="([^"]+)"[^>]*>', r" [\1] ", body)
    text = html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"</(?:p|div|h\d|section)>", "\n", body)))
    return "".join(f"{' '.join(line.split())}\n" for line in text.splitlines() if line.strip())


@every
def test_a_sheet_says_what_it_is_marked_out_of(kind):
    problem = replace(
        made(kind), marking=Marking({Link.GRADIENT: Decimal("2.5"), Link.HIDDEN_DELTA: Decimal(3)})
    )
    for one in (made(kind), problem):
        out_of, lines = graded(one, {}).out_of, len(one.graph.asked_steps)
        assert out_of != lines, "questions are marked too"
        said = f"· {lines} line{'s' if lines > 1 else ''}, {out_of:g} marks\n"
        assert said in plain_text(worksheet_html(one))
        assert said in plain_text(key_html(solve(one)))
    full = plain()
    assert f"· {len(full.graph.asked_steps)} lines\n" in plain_text(worksheet_html(full))


@every
def test_pages_say_what_they_should(kind, golden):
    problem = made(kind, "layer" if kind == "matrix" else "unit")
    golden(f"kinds-{kind}-worksheet.txt", plain_text(worksheet_html(problem)))
    golden(f"kinds-{kind}-key.txt", plain_text(key_html(solve(problem))))


@every
@both
def test_every_answer_has_one_field(kind, notation):
    problem = made(kind, notation)
    names = re.findall(r'<(?:input|textarea)[^>]* name="([^"]+)"', worksheet_html(problem))
    asked = {s.quantity.name for s in problem.graph.asked_steps} | {q.name for q in problem.questions}
    assert sorted(names) == sorted(asked | {"student", "student_id", "date"})


@both
def test_a_worksheet_gives_away_neither_the_line_nor_the_mistake(notation):
    problem = made("find", notation)
    sheet = worksheet_html(problem)
    code, line = problem.plan.planted
    right = next(tag for tag in re.findall(r"<input[^>]*>", sheet) if 'name="right_value"' in tag)
    assert code not in sheet
    assert 'title="right value"' in right
    text = plain_text(sheet)
    number = next(n for n, q in solution_lines.numbered(problem).items() if q.name == line)
    assert f"line {number}" not in text
    assert "✗" not in text
    for page in (key_html(solve(problem)), solve(problem).as_text()):
        assert f"line {number}" in plain_text(page)
        assert code in page


def test_matrices_stand_in_brackets_row_by_row():
    rows = re.findall(
        r'<span class="mxr">(.*?)<span class="br"></span></span>', worksheet_html(made("matrix"))
    )
    fields = [re.findall(r'name="(dE_dW[^"]+)"', row) for row in rows]
    assert [f for f in fields if len(f) > 1] == [
        ["dE_dW13", "dE_dW14", "dE_dW15"],
        ["dE_dW23", "dE_dW24", "dE_dW25"],
    ]
    given = re.findall(r">(-?[−\d.]+)<", rows[2])
    assert given == [f"{made('matrix').values[weight(1, u)]}".replace("-", "−") for u in (3, 4, 5)]


@every
def test_no_page_ends_behind_a_heading_or_begins_with_a_lone_line(kind):
    """The blocks of a sheet: what is glued together stays on one page."""
    sheet = worksheet_html(made(kind))
    for section in re.findall(r"<section.*?</section>", sheet, re.DOTALL):
        pieces = re.findall(r'<div class="band([^"]*)">', section)
        starts = [n for n, words in enumerate(pieces) if "next" in words]
        assert 0 not in starts  # then the section itself begins the page
        assert not any(
            "printed-in" in part for part in re.findall(r'<div class="band next">(.*?)</p>', section)[1:]
        )


def printed_on(problem, paper="a4"):
    """The numbers of the printed lines on each page of a sheet, and all that stands on it."""
    reader = pypdf.PdfReader(io.BytesIO(worksheet_pdf(problem, paper)))
    return [page.extract_text() for page in reader.pages]


@lru_cache
def found(shape):
    """A full pass with a mistake in it."""
    return plant(drawn(shape, seed="parted"), "parted")


@pytest.mark.part(5)
@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("shape", [(1, 1), (2, 1, 1), (2, 2, 1), (2, 2, 2), (2, 2, 2, 1)])
def test_a_worked_solution_stays_on_one_page(shape, paper):
    pages = printed_on(found(shape), paper)
    assert len(pages) <= 2
    whole = [page for page in pages if "A worked solution, with a mistake in it" in page]
    assert len(whole) == 1
    assert "Forward pass" in whole[0]
    assert "Check run" in whole[0]
    questions = [page for page in pages if "The first wrong line" in page]
    assert "What was done wrong there?" in questions[0]
    assert not [page for page in pages if "continued" in page]


@pytest.mark.slow
def test_a_solution_longer_than_a_page_goes_on_under_a_heading():
    first, *rest = printed_on(found((4, 4, 4)))
    assert "continued" not in first
    assert [page.lstrip().startswith("The worked solution, continued: ") for page in rest] == [True] * len(
        rest
    )


def test_a_drawing_is_as_large_as_leaves_its_pages_few():
    options = generate.make_context("generate", ["--kind", "optimizer", "--optimizer", "adam"], **HELP).params
    step = next(draw_problems(order_of(options), ["adam"], None)).problem
    assert header(step, "a4")["drawn"] == pytest.approx(header(plain(), "a4")["drawn"], rel=0.1)
    assert len(printed_on(step)) == 1
    crowded = found((2, 2, 1))
    whole = header(crowded.full_pass, "a4")["drawn"]
    assert header(crowded, "a4")["drawn"] == whole, (
        "its solution stands with what is asked of it, on the next page"
    )


# --- grading ---


@every
@both
@signs
def test_right_answers_get_full_marks(kind, notation, sign):
    problem = made(kind, notation, sign)
    content = graded(problem, right_answers(problem)).as_json()
    assert content["first_error"] is None
    assert content["score"] == content["out_of"] == content["strict_score"] > 0


@every
def test_a_sheet_filled_in_on_the_pdf_gets_full_marks(kind, tmp_path):
    problem = made(kind)
    answers = right_answers(problem)
    with pikepdf.open(io.BytesIO(worksheet_pdf(problem))) as pdf:
        fields = {str(f.T): f for f in pdf.Root.AcroForm.Fields}
        for name, text in answers.items():
            fields[name].V = pikepdf.String(text)
        pdf.save(tmp_path / "sheet.pdf")
    again = problem_file.parse(problem_writer.write(problem), "again")  # the file alone suffices to grade
    reading = collect([tmp_path / "sheet.pdf"], again)
    assert reading.complaints == []
    (report,) = grade(again, reading.submissions)
    assert report.score == report.out_of > 0
    assert {a["verdict"] for a in report.as_json()["answers"]} <= {"correct", "not-assessed"}


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("2x3", (2, 3)), ("2 × 3", (2, 3)), ("2X3", (2, 3)), ("2*3", (2, 3)), ("(2, 3)", (2, 3)), ("[2,3]", (2, 3)),
        ("2 by 3", (2, 3)), ("2-by-3 matrix", (2, 3)), (r"$\mathbb{R}^{2\times 3}$", (2, 3)), ("2 3", (2, 3)),
        ("2 rows and 3 columns", (2, 3)), ("3 columns, 2 rows", (2, 3)), ("3", (3, 1)), ("(3,)", (3, 1)),
        ("column vector of length 3", (3, 1)), ("row vector with 3 entries", (1, 3)), ("a scalar", (1, 1)),
    ],
)  # fmt: skip
def test_a_shape_may_be_written_in_many_ways(text, shape):
    assert read(text) == shape


@pytest.mark.parametrize(
    "text", ["two by three", "2x3x4", "big", "2 x", "x", "2 or 3 by 1", "9" * 200, "__import__"]
)
def test_what_is_no_shape_is_left_to_a_person(text):
    problem = made("matrix")
    found = answer(problem, {**right_answers(problem), "shape_W1": text}, "shape_W1")
    assert found["verdict"] == ("unreadable" if text != "2 x" else "wrong")


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("shape_W1", "3x2", "3 × 2 is the shape of the transposed, W⁽¹⁾ᵀ"),
        ("shape_dE_dW1", "3 by 2", "one entry for each of W⁽¹⁾, in the same places"),
        ("shape_delta1", "1x3", "vectors are columns here"),
        ("shape_W2", "2x3", "2 × 3 is the shape of W⁽¹⁾"),
        ("shape_W1", "5x5", "5 × 5 does not fit"),
    ],
)
def test_a_transposed_shape_is_named(name, text, says):
    problem = made("matrix")
    answers = {**right_answers(problem), name: text}
    found = answer(problem, answers, name)
    assert found["verdict"] == "wrong"
    assert says in found["feedback"]
    assert found["credit"] == 0
    hinted = answer(problem, answers, name, hints=True)["feedback"]
    assert not re.search(r"\d × \d", hinted)
    assert graded(problem, answers).first_error == name


def test_matrices_are_graded_entry_by_entry():
    problem = made("matrix")
    given, right = problem.values, solve(problem).values
    other = given[parse_name("x2")] * right[delta(4)]
    answers = {**right_answers(problem), "dE_dW14": f"{rounded(other, 4)}"}
    del answers["delta5"]
    content = graded(problem, answers).as_json()
    by_name = {a["quantity"]: a for a in content["answers"]}
    assert content["first_error"] == "dE_dW14"
    assert by_name["dE_dW14"]["mistakes"][0]["name"] == "the neighbour upstream"
    assert by_name["delta5"]["verdict"] == "missing"
    assert by_name["delta3"]["verdict"] == "correct"
    page = feedback_html(problem, graded(problem, answers))
    assert page.count('class="mx"') == sum(
        len(row) for _, rows in matrix_labels.sections(problem) for row in rows
    )
    assert "✗" in page


@pytest.mark.parametrize(
    ("kind", "name", "text", "says"),
    [
        ("softmax", "letters_dE_dy5", "-t5", "The factor 1 / y₅ is missing"),
        ("softmax", "letters_dE_dy5", "y5 - t5", "has a denominator"),
        ("softmax", "letters_dE_dy5", "dE/dy5", "in letters"),
        ("softmax", "letters_dy5_da5", "1 - y5", "The factor y₅ is missing"),
        ("softmax", "letters_dy6_da5", "y6(1-y5)", "There is no 1 in it"),
        ("softmax", "letters_dy6_da5", "y5 y6", "sign"),
        ("softmax", "letters_dy6_da5", "0", "It does depend on a₅"),
        ("softmax", "chain_delta5", "dE/dy5*dy5/da5", "through a softmax each sum moves every output"),
        ("softmax", "chain_delta5", "dE/dy5*dy5/da5 - dE/dy6*dy6/da5", "The sign of a term"),
        ("softmax", "letters_delta5", "-t5(1-y5)", "through a softmax each sum moves every output"),
        ("entropy", "letters_dE_dy5", "(y5-t5)/y5", "The factor 1 / (1 − y₅) is missing"),
        ("entropy", "letters_dE_dy5", "-t5/y5 - (1-t5)/(1-y5)", "the derivative of 1 − y₅ by y₅ is −1"),
        ("entropy", "letters_dy5_da5", "1-y5^2", "slope of tanh"),
        ("entropy", "letters_delta5", "(y5-t5)y5(1-y5)", "y₅ − t₅ is the whole derivative"),
        ("entropy", "letters_delta5", "(y5-t5)/(y5(1-y5))", "∂y₅/∂a₅, was not multiplied in"),
    ],
)  # fmt: skip
def test_what_keeps_delta_from_collapsing_is_named(kind, name, text, says):
    problem = made(kind)
    found = answer(problem, {**right_answers(problem), name: text}, name)
    assert found["verdict"] == "wrong"
    assert says in found["feedback"]
    assert (
        answer(problem, {**right_answers(problem), name: text}, name, hints=True)["feedback"]
        != found["feedback"]
    )


@pytest.mark.parametrize(
    ("kind", "name", "text"),
    [
        ("softmax", "letters_dE_dy5", "-t5 * 1/y5"),
        ("softmax", "letters_dy5_da5", "y5 - y5^2"),
        ("softmax", "letters_dy5_da5", "e^a5/(e^a5+e^a6) * (1 - e^a5/(e^a5+e^a6))"),
        ("softmax", "letters_dy6_da5", "-y5 (1 - y5)"),  # with two outputs y₆ is 1 − y₅
        ("softmax", "chain_delta5", "dy6/da5*dE/dy6 + dy5/da5*dE/dy5"),
        ("softmax", "letters_delta5", "y5(t5+t6) - t5"),
        ("entropy", "letters_dE_dy5", "-t5/y5 + (1-t5)/(1-y5)"),
        ("entropy", "letters_delta5", "(y5-t5)/(y5(1-y5)) * y5(1-y5)"),
    ],
)
def test_any_equal_form_is_right(kind, name, text):
    problem = made(kind)
    found = answer(problem, {**right_answers(problem), name: text}, name)
    assert found["verdict"] == "correct", found["feedback"]
    if name == "letters_delta5":
        assert found["feedback"] == "Right; it cancels to y₅ − t₅."


def lines(problem):
    """Names of printed lines: the wrong one, one that the mistake was carried on to, and a right one."""
    wrong = problem.plan.planted[1]
    graph = problem.worked
    later = next(
        q
        for q in reversed(list(solution_lines.numbered(problem).values()))
        if parse_name(wrong) in graph.ancestors[q] and q.kind is QuantityKind.WEIGHT_GRADIENT
    )
    return wrong, later.name, next(q.name for q in graph.by_quantity if q.name != wrong)


@both
@pytest.mark.parametrize(
    "written",
    [
        "{name}", "{label}", "{number}", "line {number}", "{number}: {name}", "{label} ({number})", "{number}.",
        "({number})", "Line no. {number}", "{number}th", "the {number}th line", "in line {number}", "eq. ({number})",
        "Zeile {number}", "#{number}", "line {number}, {label}", "{number}. {name}",
    ],
)  # fmt: skip
def test_a_line_may_be_named_in_many_ways(written, notation):
    problem = made("find", notation)
    name = problem.plan.planted[1]
    number = next(n for n, q in solution_lines.numbered(problem).items() if q.name == name)
    text = written.format(name=name, number=number, label=problem.label(parse_name(name)).text)
    found = answer(problem, {**right_answers(problem), "wrong_line": text}, "wrong_line")
    assert found["verdict"] == "correct"
    assert found["feedback"].startswith("The printed number is what ")
    assert answer(problem, {"wrong_line": text}, "wrong_line", hints=True)["feedback"] == ""


@pytest.mark.parametrize("text", ["99", "somewhere", "t5", "1 delta5", "__import__('os')"])
def test_what_names_no_line_is_left_to_a_person(text):
    assert answer(made("find"), {"wrong_line": text}, "wrong_line")["verdict"] == "unreadable"


def test_a_later_line_is_right_on_the_numbers_above_it_and_half_a_find():
    problem = made("find")
    wrong, later, _ = lines(problem)
    right = graded(problem, {"wrong_line": later, "right_value": str(true_value(problem, later))}).as_json()
    line, number = right["answers"][:2]
    label = problem.label(parse_name(later)).text
    assert line["feedback"].startswith(
        f"{label} is right on the numbers printed above it; the first wrong line is earlier"
    )
    assert problem.label(parse_name(wrong)).text in line["feedback"]
    assert (line["verdict"], line["credit"]) == ("wrong", 0.5)
    assert (number["verdict"], number["credit"]) == ("follows", 1.0)
    assert label in number["feedback"]
    assert right["first_error"] == "wrong_line"
    hinted = answer(problem, {"wrong_line": later, "right_value": "9"}, "wrong_line", hints=True)["feedback"]
    assert problem.label(parse_name(wrong)).text not in hinted


def true_value(problem, name):
    return rounded(solve(problem.full_pass).values[parse_name(name)], problem.places)


def test_an_earlier_line_is_right_and_earns_nothing():
    problem = made("find")
    _, _, before = lines(problem)
    found = answer(problem, {"wrong_line": before}, "wrong_line")
    assert "the first wrong line is later" in found["feedback"]
    assert found["credit"] == 0


@pytest.mark.parametrize("kind", ["find", "convention"])
def test_whoever_names_another_line_is_told_what_was_done_wrong(kind):
    problem = made(kind)
    right = answer(problem, {"wrong_line": "1"}, "wrong_line")
    happened = answer(problem, right_answers(problem), "wrong_line")["feedback"]
    assert len(happened) > 20
    assert right["verdict"] == "wrong"
    assert right["feedback"].endswith(happened)
    hinted = answer(problem, {"wrong_line": "1"}, "wrong_line", hints=True)["feedback"]
    assert happened not in hinted


def test_long_words_reach_a_person_whole():
    problem = made("find")
    said = "They forgot the slope of the unit, " * 20 + "I think."
    assert answer(problem, {"what_was_wrong": said}, "what_was_wrong")["submitted"] == said


def test_the_right_value_is_judged_on_the_printed_lines_and_the_mistake_named_again():
    problem = made("find")
    wrong = problem.plan.planted
    again = str(problem.printed[parse_name(wrong[1])])
    found = answer(problem, {"wrong_line": wrong[1], "right_value": again}, "right_value")
    assert found["mistakes"][0]["code"] == wrong[0]
    assert "the printed lines give" in found["feedback"].lower()
    hinted = answer(problem, {"wrong_line": "", "right_value": again}, "right_value", hints=True)
    assert hinted["feedback"] == "Find the first wrong line before its value."
    assert hinted["mistakes"] == []


def test_what_was_wrong_is_kept_and_bears_no_mark():
    problem = made("find")
    said = "the slope, I = think"
    found = answer(problem, {"what_was_wrong": said}, "what_was_wrong")
    assert (found["submitted"], found["verdict"], found["out_of"]) == (said, "not-assessed", 0.0)
    assert said in feedback_html(problem, graded(problem, {"what_was_wrong": said}))


@signs
def test_a_wrong_mend_is_told_to_be_the_printed_number_again(sign):
    problem = made("convention", "unit", sign)
    again = str(problem.printed[parse_name("W14_new")])
    found = answer(problem, {**right_answers(problem), "W14_new": again}, "W14_new")
    assert found["verdict"] == "wrong"
    assert "is the number that is printed." in found["feedback"]
    assert ("W₁₄ − η·δ₄·x₁" if sign == "gradient" else "W₁₄ + η·δ₄·x₁") in found["feedback"]
    everywhere = {s.quantity.name: str(problem.printed[s.quantity]) for s in problem.graph.asked_steps}
    assert graded(problem, everywhere).score == 0
    assert graded(problem, everywhere).convention is None


def test_of_many_wrong_updates_the_first_is_asked():
    problem = made("convention")
    assert answer(problem, {"wrong_line": "W13_new"}, "wrong_line")["verdict"] == "correct"
    assert (
        answer(problem, {"wrong_line": "all the updates, I think"}, "wrong_line")["verdict"] == "unreadable"
    )
    assert answer(problem, {"wrong_line": "the updates"}, "wrong_line")["verdict"] == "correct"
    other = answer(problem, {"wrong_line": "b5_new"}, "wrong_line")
    assert (other["verdict"], other["credit"]) == ("wrong", 0.5)
    assert "is wrong too, but it is not the first" in other["feedback"]
    checked = answer(problem, {"wrong_line": "E_new"}, "wrong_line")
    assert "is right on the numbers printed above it; the first wrong line is earlier" in checked["feedback"]


def test_a_comma_in_a_shape_makes_no_decimal_comma():
    problem = made("matrix")
    texts = {**right_answers(problem), "shape_W1": "(2,3)", "a3": "1,234"}
    others = {**right_answers(problem), "shape_W1": "2x3", "a3": "1,234"}
    assert answer(problem, texts, "a3")["verdict"] == answer(problem, others, "a3")["verdict"]


def test_answers_to_questions_travel_under_addresses_of_their_own():
    for kind in KINDS:
        problem = made(kind)
        found = [line_of(q) for q in problem.questions]
        assert len(set(found)) == len(found)
        assert not set(found) & problem.graph.known


def test_the_plan_of_a_solution_needs_its_lines():
    problem = made("find")
    assert replace(problem).printed == problem.printed
    with pytest.raises(ProblemError, match="a worked solution belongs to"):
        replace(problem.full_pass, printed=problem.printed, plan=Plan("matrix", ("matrices",)))
    assert loss() in problem.printed


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_every_level_means_something_for_every_kind(kind):
    orders = [
        order_of(exercise.make_context("exercise", ["--kind", kind, "--level", str(level)]).params)
        for level in range(1, 6)
    ]
    told = {(o.network, o.places, o.positive, o.plan, o.level) for o in orders}
    assert len(told) == 5
    for easier, harder in pairwise(orders):
        assert easier.places <= harder.places
        assert len(easier.network.computing) <= len(harder.network.computing)
