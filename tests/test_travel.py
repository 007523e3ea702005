"""Problems, lines and their formulas go from process to process, and into copies, as they are."""

import copy
import pickle
from dataclasses import replace

import pytest

from answer_keys import published
from exercises.formulas.formula import Apply, Symbol
from exercises.formulas.functions import EXP, FUNCTIONS
from exercises.formulas.quantity import Quantity, QuantityKind, a
from exercises.problems import problem_file
from exercises.problems.problem import Problem
from exercises.problems.questions import Question, line_of
from grader.mistakes.example_exercises import exercises

SHIPPED = {name: problem_file.parse(published.text(name), name) for name in published.names()}
PROBLEMS = {**SHIPPED, **exercises()}


def travelled(thing):
    return pickle.loads(pickle.dumps(thing))  # noqa: S301 - made a moment ago


@pytest.mark.parametrize("way", [travelled, copy.copy, copy.deepcopy])
@pytest.mark.parametrize("function", FUNCTIONS, ids=repr)
def test_a_function_is_the_same_entry_wherever_it_arrives(way, function):
    assert way(function) is function
    formula = Apply(function, Symbol(a(3)))
    assert way(formula) == formula


@pytest.mark.parametrize("way", [travelled, copy.copy, copy.deepcopy, replace])
def test_equal_lines_and_formulas_are_one_object_however_they_were_made(way):
    line, formula = Quantity(QuantityKind.WEIGHT, 4, 3), Symbol(a(3)) * 2 + Apply(EXP, Symbol(a(4)))
    assert Quantity(kind=QuantityKind.WEIGHT, source=3, unit=4) is way(line) is line
    assert way(formula) is formula is Symbol(a(3)) * 2 + Apply(EXP, Symbol(a(4)))
    mistaken = line_of(Question("wrong-line", line))
    assert way(mistaken) is mistaken is not line_of(Question("what-was-wrong", line))


def test_a_function_that_is_no_entry_does_not_travel_as_one():
    assert travelled(EXP) is EXP
    with pytest.raises(KeyError):
        travelled(replace(EXP, name="another"))


@pytest.mark.parametrize("way", [travelled, copy.copy, copy.deepcopy])
@pytest.mark.parametrize("name", PROBLEMS)
def test_a_problem_arrives_as_it_was_without_what_was_worked_out_of_it(way, name):
    problem = PROBLEMS[name]
    assert problem.code
    assert vars(problem).keys() > vars(replace(problem)).keys()
    arrived = way(problem)
    assert isinstance(arrived, Problem)
    assert vars(arrived).keys() <= set(Problem.__dataclass_fields__)
    assert arrived == problem
    assert (arrived.code, list(arrived.values), arrived.graph.steps) == (
        problem.code,
        list(problem.values),
        problem.graph.steps,
    )


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_lines_of_a_problem_travel(name):
    graph = PROBLEMS[name].graph
    assert travelled(graph).steps == graph.steps
