"""Our solutions of shipped exercises print what their sources print, but for the sources' own misprints."""

import tomllib
from decimal import Decimal

import pytest
from making import shipped

from answer_keys import published
from answer_keys.solution import solve
from exercises.formulas.algebras import DECIMAL, exact_context
from exercises.formulas.formula import fold
from exercises.formulas.quantity import parse_name

# Read off the sources once more, apart from the figures files.
PRINTED = {
    "mazur-2-2-2": {
        "E": "0.298371109",
        "dE_dW35": "0.082167041",
        "W35_new": "0.35891648",
        "W13_new": "0.149780716",
        "E_new": "0.291027774",
    },
    "huddar-1": {
        "y3": "0.6803",
        "y4": "0.6637",
        "y5": "0.6903",
        "delta5": "-0.0407",
        "delta3": "-0.00266",
        "delta4": "-0.00817",
        "W45_new": "0.8730",
        "W35_new": "0.2723",
        "y5_new": "0.6820",
    },
    "tutorial-2-2-1": {"a3": "0.44", "a5": "0.8605", "y3": "0.6083", "delta5": "-0.0620", "b5_new": "0.2310"},
}
TABLES = {name: tomllib.loads(published.figures(name)) for name in published.names()}
FIGURES = [(name, q, printed) for name, found in TABLES.items() for q, printed in found["figures"].items()]
MISPRINTS = [
    (name, kind, q, printed)
    for name, found in TABLES.items()
    for kind in ("errata", "follows")
    for q, printed in found.get(kind, {}).items()
]


def unit(printed):
    return Decimal(1).scaleb(Decimal(printed).as_tuple().exponent)


def off(printed, value):
    """How many units of its last place a printed figure is off."""
    return abs(Decimal(printed) - value) / unit(printed)


def solved(name):
    return {q.name: value for q, value in solve(shipped(name)).values.items()}


@pytest.mark.parametrize(("name", "q", "printed"), FIGURES)
def test_a_figure_agrees_to_one_unit_of_its_last_place(name, q, printed):
    assert off(printed, solved(name)[q]) <= 1


@pytest.mark.parametrize(("name", "figures"), PRINTED.items())
def test_the_figures_files_hold_what_the_sources_print(name, figures):
    assert figures.items() <= TABLES[name]["figures"].items()


def test_the_sources_full_precision_figures_agree_to_every_place():
    solution = solved("mazur-2-2-2")
    for q, printed in PRINTED["mazur-2-2-2"].items():
        assert round(solution[q], -Decimal(printed).as_tuple().exponent) == Decimal(printed)


@pytest.mark.parametrize("name", published.names())
def test_every_shipped_exercise_has_figures_and_a_source(name):
    assert TABLES[name]["source"]
    assert len(TABLES[name]["figures"]) >= 5
    assert set(TABLES[name]) <= {"source", "figures", "errata", "follows"}
    assert not set(TABLES[name]["figures"]) & {q for n, _, q, _ in MISPRINTS if n == name}


def test_the_known_misprint_is_on_record():
    assert ("tutorial-2-2-1", "errata", "y5", "0.7029") in MISPRINTS
    assert round(solved("tutorial-2-2-1")["y5"], 4) == Decimal("0.7028")


@pytest.mark.parametrize(("name", "kind", "q", "printed"), MISPRINTS)
def test_a_misprint_is_beyond_one_unit(name, kind, q, printed):
    assert off(printed, solved(name)[q]) > 1, kind


@pytest.mark.parametrize(("name", "kind", "q", "printed"), [m for m in MISPRINTS if m[1] == "errata"])
def test_an_erratum_does_not_follow_from_the_sources_own_lines(name, kind, q, printed):
    assert off(printed, from_printed(name, q)) > 1, kind


@pytest.mark.parametrize(("name", "kind", "q", "printed"), [m for m in MISPRINTS if m[1] == "follows"])
def test_what_follows_a_misprint_is_our_formula_on_the_printed_lines(name, kind, q, printed):
    assert off(printed, from_printed(name, q)) <= 1, kind
    assert descends_from_an_erratum(name, q)


def descends_from_an_erratum(name, q):
    graph = shipped(name).graph
    return {p.name for p in graph.ancestors[parse_name(q)]} & set(TABLES[name]["errata"])


def from_printed(name, q):
    """What our formula gives for a line where earlier lines are as printed; unprinted ones are worked out."""
    problem, found = shipped(name), TABLES[name]
    printed = {**found["figures"], **found.get("errata", {}), **found.get("follows", {})}
    values = dict(problem.values)
    with exact_context():
        for step in problem.graph.steps:
            value = fold(step.formula, DECIMAL, values.__getitem__)
            if step.quantity.name == q:
                return value
            values[step.quantity] = Decimal(printed.get(step.quantity.name, value))
    raise AssertionError(q)
