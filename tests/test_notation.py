"""One quantity, one name: whatever is printed for a quantity reads back as that quantity and no other."""

import itertools

import pytest
from making import made, network, title

from exercises.formulas.quantity import Quantity, QuantityKind, parse_name
from exercises.networks.build import build
from exercises.networks.notation import NAMES, Notation, plain
from grader.answers.names import Names

SHAPES = [
    (1, 1),
    (1, 1, 1),
    (2, 1),
    (2, 3),
    (2, 2, 1),
    (2, 2, 2),
    (1, 3, 1),
    (4, 2, 2, 1),
    (2, 2, 2, 2),
    (2, 2, 2, 2, 2),
    (1, 1, 1, 1, 1, 1),
    (9, 2, 1),
    (12, 2, 1),
    (12, 2, 3),
    (2, 9, 2),
    (3, 11, 2),
    (1, 10, 10, 2),
    (15, 15, 15),
]
CASES = [(shape, notation) for shape in SHAPES for notation in NAMES]
each_case = pytest.mark.parametrize(("shape", "notation"), CASES, ids=[f"{title(s)}-{n}" for s, n in CASES])


def everything(shape):
    """Every quantity of an exercise, given and computed."""
    graph = build(network(shape), "gradient")
    return [*graph.given, *graph.by_quantity]


@pytest.mark.parametrize("shape", SHAPES, ids=title)
def test_canonical_names_are_ascii_distinct_and_read_back(shape):
    quantities = everything(shape)
    names = [q.name for q in quantities]
    assert len(set(names)) == len(names)
    assert all(name.isascii() and name.isidentifier() for name in names)
    assert [parse_name(name) for name in names] == quantities


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("x1", Quantity(QuantityKind.INPUT, 1)),
        ("t5", Quantity(QuantityKind.TARGET, 5)),
        ("W13", Quantity(QuantityKind.WEIGHT, 3, 1)),
        ("W1_13", Quantity(QuantityKind.WEIGHT, 13, 1)),
        ("W13_new", Quantity(QuantityKind.WEIGHT, 3, 1, updated=True)),
        ("b3_new", Quantity(QuantityKind.BIAS, 3, updated=True)),
        ("delta3", Quantity(QuantityKind.DELTA, 3)),
        ("dE_dW1_13", Quantity(QuantityKind.WEIGHT_GRADIENT, 13, 1)),
        ("dE_db3", Quantity(QuantityKind.BIAS_GRADIENT, 3)),
        ("E", Quantity(QuantityKind.LOSS)),
        ("E5", Quantity(QuantityKind.LOSS, 5)),
        ("E_new", Quantity(QuantityKind.LOSS, updated=True)),
        ("dE_dy5", Quantity(QuantityKind.LOSS_SLOPE, 5)),
        ("dE_dy3_via6", Quantity(QuantityKind.LOSS_SLOPE, 3, via=6)),
        ("dy5_da5", Quantity(QuantityKind.ACTIVATION_SLOPE, 5)),
        ("eta", Quantity(QuantityKind.RATE)),
    ],
)
def test_the_contracts_names_are_the_canonical_names(name, expected):
    assert expected.name == name
    assert parse_name(name) == expected


@pytest.mark.parametrize(
    "text",
    ["", "W", "W0", "W1", "W113", "W1_3", "W01_13", "w13", "W13_neu", "eta_new", "x1_new", "t5_new", "delta3_new",
     "dE_dW13_new", "E0", "x0", "x01", "a3 ", " a3", "a3\n", "a٣", "dE_dy5_new",
     "a3_via5", "y5_via6", "delta3_via5"],
)  # fmt: skip
def test_what_is_no_canonical_name_is_not_read_as_one(text):
    assert parse_name(text) is None


@each_case
def test_labels_are_distinct_in_every_way_of_writing(shape, notation):
    labels = Notation(notation, network(shape))
    quantities = everything(shape)
    for written in ("text", "latex", "html"):
        seen = [getattr(labels.label(q), written) for q in quantities]
        assert len(set(seen)) == len(seen), written


@each_case
def test_whatever_is_printed_reads_back(shape, notation):
    problem = made(shape, notation=notation)
    names = Names(problem)
    for step in problem.graph.steps:
        q = step.quantity
        label = problem.label(q)
        for written in spellings(q.name, label.text, label.latex):
            assert names.find(written) == q, written


def spellings(name, text, latex):
    """The ways in which a person may type what is printed."""
    yield from (name, f"  {name} ", text, f" {text}", text.replace("/", " / "))
    yield from (latex, latex.replace(r"\frac", r"\dfrac"), latex.replace("}{", "} {"))


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("W_13_new", "W13_new"),
        ("W_{13}^{new}", "W13_new"),
        (r"W_{13}^{\mathrm{new}}", "W13_new"),
        ("W₁₃ⁿᵉʷ", "W13_new"),
        ("W13'", "W13_new"),
        ("W13 new", "W13_new"),
        ("W13′", "W13_new"),
        ("δ5", "delta5"),
        ("δ₅", "delta5"),
        (r"\delta_5", "delta5"),
        (r"\delta_{5}", "delta5"),
        ("delta_5", "delta5"),
        ("∂E/∂W13", "dE_dW13"),
        ("dE/dW13", "dE_dW13"),
        ("dE/dW_13", "dE_dW13"),
        (r"\frac{\partial E}{\partial W_{13}}", "dE_dW13"),
        (r"\partial E/\partial W_{13}", "dE_dW13"),
        ("∂E/∂b₃", "dE_db3"),
        ("∂E / ∂y3", "dE_dy3"),
        ("∂y5/∂a5", "dy5_da5"),
        ("a_3", "a3"),
        ("E", "E"),
        ("E5", "E"),
        ("E_new", "E_new"),
    ],
)
def test_common_ways_of_typing_unit_notation_are_understood(written, name):
    assert Names(made((2, 2, 1))).find(written).name == name


def test_a_primed_name_never_stands_for_the_value_before_the_update():
    found = Names(made((2, 2, 1))).find("y5'")
    assert found is None or found.updated


@pytest.mark.parametrize("sign", ["$", "$$", "$ ", "  $"])
def test_a_fraction_between_dollar_signs_reads_back(sign):
    found = Names(made((2, 2, 1))).find(rf"{sign}\frac{{\partial E}}{{\partial W_{{13}}}}{sign[::-1]}")
    assert found == parse_name("dE_dW13")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("w^{(1)}_{11}_new", "W13_new"),
        ("w_{11}^{(1),new}", "W13_new"),
        ("w(1)12_new", "W14_new"),
        ("w⁽¹⁾₂₁ⁿᵉʷ", "W23_new"),
        ("z^{(1)}_2", "a4"),
        ("z_2^{(1)}", "a4"),
        ("z(2)", "a5"),
        ("h_1", "y3"),
        ("h₂", "y4"),
        ("ŷ", "y5"),
        (r"\hat{y}", "y5"),
        (r"\hat y", "y5"),
        ("yhat", "y5"),
        ("δ⁽¹⁾₁", "delta3"),
        (r"\delta^{(2)}", "delta5"),
        ("L", "E"),
        ("∂L/∂w⁽¹⁾₁₁", "dE_dW13"),
        (r"\frac{\partial L}{\partial w^{(2)}_{2}}", "dE_dW45"),
        ("∂L/∂ŷ", "dE_dy5"),
        ("∂L/∂h₁", "dE_dy3"),
        ("a4", "a4"),
        ("W13_new", "W13_new"),
    ],
)
def test_common_ways_of_typing_layer_notation_are_understood(written, name):
    assert Names(made((2, 2, 1), notation="layer")).find(written).name == name


def test_indices_of_two_digits_are_not_run_together():
    names = Names(made((12, 2, 1)))
    for written in ("W_{1,13}^{new}", "W1_13_new", "W₁,₁₃ⁿᵉʷ"):
        assert names.find(written).name == "W1_13_new"
    assert names.find("W113_new") is None


def test_given_quantities_and_strangers_are_told_apart():
    names = Names(made((2, 2, 1)))
    assert "is given, not asked for" in names.unknown("W13")
    assert "did you mean delta3?" in names.unknown("deltas3")
    assert names.find("W13") is None
    assert names.find("q7") is None


@pytest.mark.parametrize(
    "text", ["", " ", "\0", "_" * 1000, "{" * 1000, "\\frac{}{}", "′", "new", "∂/∂", "ŷ" * 500]
)
def test_plain_takes_any_text(text):
    assert isinstance(plain(text), str)
    assert Names(made((2, 2, 1))).find(text) is None


def test_the_two_notations_read_y_each_in_its_own_way():
    unit, layer = (made((2, 2, 1), notation=n) for n in ("unit", "layer"))
    target = next(q for q in unit.graph.given if q.kind is QuantityKind.TARGET)
    assert (unit.label(target).text, layer.label(target).text) == ("t₅", "y")
    assert Names(layer).find("y") is None
    assert Names(layer).find("y5").name == Names(unit).find("y₅").name == "y5"


def test_every_pair_of_spellings_of_a_net_of_two_digits_differs():
    graph = build(network((9, 3, 2)), "gradient")
    computed = list(graph.by_quantity)
    for notation in NAMES:
        found = Notation(notation, graph.network).inverse(computed)
        by_quantity = {q: {s for s, owner in found.items() if owner == q} for q in computed}
        assert all(by_quantity.values())
        assert not any(one & two for one, two in itertools.combinations(by_quantity.values(), 2))
