"""An activation's entry is all that it needs: it draws, prints, reads, solves, grades and explains."""

import json
import math
from pathlib import Path

import pytest
from click.testing import CliRunner

import byhand
from answer_keys.solution import solve
from exercises.drawing.draw import Order, draw
from exercises.formulas.quantity import a
from exercises.networks.activations import BY_NAME, FROM_OUTPUT, KINKED, SMOOTH
from exercises.networks.network import Network
from exercises.pages.conventions import conventions
from exercises.problems import problem_writer


def drawn(name):
    return draw(
        Order(Network((2, 2, 1), (name, "linear"), "half-squared-error", "yes")), f"activations/{name}"
    )


def graded(folder, problem, **changed):
    values = {step.quantity.name: f"{solve(problem).shown(step.quantity)}" for step in problem.graph.steps}
    Path(folder, "p.toml").write_text(problem_writer.write(problem), encoding="utf-8")
    lines = "\n".join(f"{name} = {text}" for name, text in (values | changed).items())
    Path(folder, "s.txt").write_text(lines + "\n", encoding="utf-8")
    told = CliRunner().invoke(byhand.main, ["grade", f"{folder}/p.toml", f"{folder}/s.txt", "--json"])
    return json.loads(told.stdout)


def test_the_traits_say_what_the_curves_are():
    assert {"relu", "leaky-relu"} == KINKED
    assert {"sigmoid", "tanh"} == FROM_OUTPUT
    assert set(BY_NAME) - SMOOTH - KINKED == {"linear"}


@pytest.mark.parametrize("name", BY_NAME)
def test_every_activation_draws_prints_and_grades_right_work_as_right(name, tmp_path):
    problem = drawn(name)
    assert any("slope" in text or name == "linear" for _, text in conventions(problem))
    report = graded(tmp_path, problem)
    assert {a["verdict"] for a in report["answers"]} == {"correct"}


def test_mistakes_with_elu_are_named(tmp_path):
    problem = drawn("elu")
    sums = {unit: float(solve(problem).values[a(unit)]) for unit in (3, 4)}
    unit = min(sums, key=sums.__getitem__)
    assert sums[unit] < 0
    for line, wrong, code in (
        (f"y{unit}", math.exp(sums[unit]), "B31"),
        (f"y{unit}", 0.0, "B10"),
        (f"dy{unit}_da{unit}", 1.0, "P01"),
    ):
        report = graded(tmp_path, problem, **{line: f"{wrong:.4f}"})
        found = next(answer for answer in report["answers"] if answer["quantity"] == line)
        assert (found["verdict"], found["mistakes"][0]["code"]) == ("wrong", code)
