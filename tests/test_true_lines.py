"""Every printed equation is true as it stands: whoever types it into a calculator gets what is printed."""

import itertools
import json
import re

import numpy as np
import pytest
from making import shipped
from mpmath import mp, mpf
from printed_arithmetic import FUNCTIONS, NotArithmeticError, comes_to, evaluate, from_html

from answer_keys.commands import generate
from answer_keys.draw_problems import draw_problems
from answer_keys.key_page import key_html
from answer_keys.order import order_of
from answer_keys.solution import solve
from exercises.common.errors import ByhandError
from exercises.networks.activations import ACTIVATIONS
from exercises.networks.plan import KIND_NAMES
from exercises.problems import problem_file, problem_writer
from grader.mistakes import CATALOGUE
from grader.mistakes.examples import examples
from grader.services import SERVICES

NUMBER = re.compile(r"[−-]?\d+(?:\.\d+)?")


def problems(*args, seeds=1):
    """Problems as `byhand generate` draws them with these arguments, any good numbers."""
    with generate.make_context("generate", [*map(str, args)]) as context:
        order = order_of(context.params)
    services = SERVICES if "find-the-mistake" in args else None
    return list(draw_problems(order, [f"true/{n}" for n in range(seeds)], services))


def at_places(kind, notation, places, *more):
    """A problem of a kind; with few places, for which none would be drawn, the numbers of four."""
    try:
        return problems("--kind", kind, "--notation", notation, "--places", places, *more)[0].problem
    except ByhandError:
        written = problem_writer.write(
            problems("--kind", kind, "--notation", notation, "--places", 4, *more)[0].problem
        )
        return problem_file.parse(written.replace("places = 4", f"places = {places}"), kind)


def false_ones(equation, places):
    """What is said not to come out in `label = symbols = numbers = result`, and how much of it was arithmetic."""
    _, *parts, result = equation.split(" = ")
    assert NUMBER.fullmatch(result), equation
    false, done = [], 0
    for part in parts:
        try:
            value = evaluate(part)
        except NotArithmeticError:
            continue
        done += 1
        false += [] if comes_to(value, result, places) else [equation]
    return false, done


def checked(equations, places):
    """How many equations were calculated; none of them is false."""
    found = [false_ones(equation, places) for equation in equations]
    false = [text for texts, _ in found for text in texts]
    assert not false
    return sum(done for _, done in found)


def in_text(problem):
    return [
        line.strip()
        for line in solve(problem).as_text().splitlines()
        if line.startswith("  ") and NUMBER.fullmatch(line.rsplit(" = ", 1)[-1])
    ]


def on_the_page(problem):
    row = re.compile(
        r'<span class="label">(.*?)</span><span class="work">(.*?)</span><b>= (.*?)</b></div>', re.DOTALL
    )
    return [
        " ".join(f"{from_html(label)} {from_html(work).strip()} = {from_html(result)}".split())
        for label, work, result in row.findall(key_html(solve(problem)))
    ]


def in_json(problem):
    found = json.loads(json.dumps(solve(problem).as_json()))["quantities"]
    shown = solve(problem).lines
    return [
        f"{name} = {q['substituted']} = {line['result']}"
        for (name, q), line in zip(found.items(), shown, strict=True)
    ]


@pytest.mark.part(4)
@pytest.mark.parametrize("notation", ["unit", "layer"])
@pytest.mark.parametrize("kind", KIND_NAMES)
def test_no_line_of_a_key_is_false(kind, notation):
    done = 0
    for places in range(4 if kind == "find-the-mistake" else 2, 7):  # a planted mistake must show
        problem = at_places(kind, notation, places)
        assert problem.places == places
        for equations in (in_text(problem), on_the_page(problem), in_json(problem)):
            done += checked(equations, places)
    assert done >= (9 if kind == "find-the-mistake" else 30)  # three pages of one line each, or more


@pytest.mark.parametrize("name", [entry.name for entry in ACTIVATIONS])
def test_whatever_the_activation_and_the_loss(name):
    done = 0
    for loss, sign in (("half-squared-error", "gradient"), ("mean-squared-error", "negative-gradient")):
        for drawn in problems(
            "--activation", name, "--loss", loss, "--delta", sign, "--shape", "2-2-2", seeds=3
        ):
            done += checked(in_text(drawn.problem), drawn.problem.places)
    assert done > 200


@pytest.mark.parametrize("optimizer", ["momentum", "rmsprop", "adam"])
def test_whatever_the_optimizer_and_the_entropies(optimizer):
    for last, loss in (("sigmoid", "binary-cross-entropy"), ("softmax", "cross-entropy")):
        args = ("--activation", "tanh", "--activation", last, "--loss", loss)
        for drawn in problems("--optimizer", optimizer, *args, "--shape", "2-2-2", seeds=2):
            assert checked(in_text(drawn.problem), drawn.problem.places)


@pytest.mark.parametrize("name", ["huddar-1", "mazur-2-2-2", "tutorial-2-2-1", "exercise-2", "exercise-3"])
def test_the_shipped_exercises(name):
    problem = shipped(name)
    assert checked(in_text(problem), problem.places)
    assert checked(on_the_page(problem), problem.places)


def test_most_lines_hold_with_the_plain_places():
    """Readable first: digits are added where they must be, never everywhere."""
    plain = total = 0
    for drawn in problems("--shape", "2-2-2", seeds=10):
        solution = solve(drawn.problem)
        for numbers in solution.numbers.values():
            total += 1
            plain += not solution.note([numbers])
    assert plain / total > 0.75


def test_more_digits_round_to_those_that_stand_on_their_own_line():
    for drawn in problems("--shape", "2-2-2", seeds=5):
        solution = solve(drawn.problem)
        for numbers in solution.numbers.values():
            for q, value in numbers.items():
                if q not in drawn.problem.values:
                    assert comes_to(mpf(str(value)), solution.shown(q), drawn.problem.places)


def test_the_note_stands_where_it_is_needed_and_nowhere_else():
    said = "A number is put in with more than"
    found = {
        said in solve(d.problem).as_text() for d in problems("--ask", "forward", "--shape", "1-1", seeds=6)
    }
    assert found == {True, False}


# --- matrices ---


def matrix_equations(html):
    """Each matrix of a key with what it is said to come to: texts with M[0], M[1] … and the matrices."""
    for row in re.findall(r'<div class="answer wide labelled[^"]*">(.*?</span>)</div>', html, re.DOTALL):
        parts = re.findall(r'<span class="part">= (.*?)</span>(?= <span class="part">|$)', row, re.DOTALL)
        texts = []
        for part in parts:
            matrices = []

            def taken(match, into=matrices):
                rows = re.findall(r'class="bl"></span>(.*?)<span class="br">', match[0], re.DOTALL)
                cells = [re.findall(r"<span>(.*?)</span>", cell) for cell in rows]
                into.append(np.array([[mpf(text.replace("−", "-")) for text in cell] for cell in cells]))
                return f" M[{len(into) - 1}] "

            whole = r'<span class="mx">(?:<span class="mxr">.*?<span class="br"></span></span>)+</span>'
            texts.append((from_html(re.sub(whole, taken, part, flags=re.DOTALL)), matrices))
        yield texts


@pytest.mark.parametrize("places", range(2, 7))
@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_no_matrix_of_a_key_is_false(places, activation):
    named = {"sigmoid": FUNCTIONS["σ"], "tanh": mp.tanh}[activation]
    functions = {"f": np.vectorize(named, otypes=[object])}
    done = 0
    for notation in ("unit", "layer"):
        problem = at_places("matrix", notation, places, "--activation", activation)
        for texts in matrix_equations(key_html(solve(problem))):
            *ways, (_, (result, *none)) = texts
            assert not none
            for text, matrices in ways:
                try:
                    value = evaluate(text, matrices, functions)
                except NotArithmeticError:
                    continue
                done += 1
                for got, printed in zip(value.flat, result.flat, strict=True):
                    assert comes_to(got, mp.nstr(printed, 20), places), (text, matrices, result)
    assert done > 12


# --- worked examples of mistakes ---


@pytest.mark.part(4)
@pytest.mark.parametrize("part", range(4))
def test_both_lines_of_a_worked_example_are_true(part):
    done = 0
    for mistake in CATALOGUE[part::4]:
        for example in itertools.islice(examples(mistake), 1):
            right, wrong = (re.sub(r"\s+", " ", line) for line in example.lines())
            done += checked([line for line in (right, wrong) if " = " in line], example.problem.places)
    assert done > 50
