"""Whatever is drawn, nothing touches anything: no label a line, a unit or another label."""

from decimal import Decimal
from itertools import combinations, pairwise
from math import hypot

import pytest

from exercises.figures.diagram import draw
from exercises.figures.placement import Box
from exercises.formulas.quantity import QuantityKind
from exercises.networks.build import build
from exercises.networks.network import Network
from exercises.problems.problem import Problem

SHAPES = [
    (1, 1),
    (1, 1, 1),
    (2, 1),
    (2, 3),
    (2, 2, 1),
    (2, 2, 2),
    (3, 2, 1),
    (2, 3, 1),
    (2, 1, 2),
    (3, 3, 1),
    (3, 3, 2),
    (3, 3, 3),
    (2, 2, 2, 2),
    (4, 2, 2, 1),
    (3, 2, 3, 1),
    (4, 3, 2),
    (2, 2, 2, 2, 2),
    (4, 4, 4),
    (6, 5, 2),
    (2, 8, 1),
]
# As small as exercises get; these are always labelled in full.
LABELLED = [s for s in SHAPES if max(a * b for a, b in pairwise(s)) <= 9]


def problem(shape, *, bias="yes", notation="unit"):
    network = Network(shape, ("sigmoid",) * (len(shape) - 1), "half-squared-error", bias)
    given = build(network, "gradient").given
    # Signed numbers of two decimals: the longest labels that `byhand generate` makes.
    values = {
        q: abs(Decimal("-0.85") + n % 7)
        if q.kind in {QuantityKind.TARGET, QuantityKind.RATE}
        else Decimal("-0.85")
        for n, q in enumerate(given)
    }
    return Problem(network, values, notation=notation)


@pytest.fixture(params=SHAPES, ids=lambda s: "-".join(map(str, s)))
def shape(request):
    return request.param


@pytest.mark.slow
@pytest.mark.parametrize("bias", ["yes", "no"])
@pytest.mark.parametrize("notation", ["unit", "layer"])
def test_nothing_touches_anything(shape, bias, notation):
    drawing = draw(problem(shape, bias=bias, notation=notation))
    outside = [text for text in drawing.texts if not text.inside]
    frame = Box(-0.01, -0.01, drawing.width + 0.01, drawing.height + 0.01)
    for text in drawing.texts:
        box = text.box
        assert frame.left <= box.left
        assert box.right <= frame.right
        assert frame.top <= box.top
        assert box.bottom <= frame.bottom
    for one, other in combinations(drawing.texts, 2):
        assert not one.box.meets(other.box)
    for text in outside:
        assert not any(text.box.span(s.start, s.end) for s in drawing.strokes)
        assert not any(_touches(text.box, circle) for circle in drawing.circles)
    for one, other in combinations(drawing.circles, 2):
        assert hypot(one.x - other.x, one.y - other.y) > one.radius + other.radius


def _touches(box, circle):
    dx = max(box.left - circle.x, 0, circle.x - box.right)
    dy = max(box.top - circle.y, 0, circle.y - box.bottom)
    return hypot(dx, dy) < circle.radius


def test_the_symbol_fits_its_unit():
    for text in draw(problem((2, 2, 2, 2), notation="layer")).texts:
        assert not text.inside or hypot(text.box.right - text.box.left, text.size) < 10


@pytest.mark.parametrize("shape", LABELLED, ids=lambda s: "-".join(map(str, s)))
def test_every_number_of_a_small_network_is_drawn(shape):
    drawn = problem(shape)
    drawing = draw(drawn)
    assert drawing.complete
    numbers = [t for t in drawing.texts if any("0.85" in run.text for run in t.line.runs)]
    inputs_and_parameters = shape[0] + sum(1 for _ in drawn.network.parameters())
    assert len(numbers) >= inputs_and_parameters


def test_a_thicket_stays_bare_and_says_so():
    drawing = draw(problem((6, 5, 2)))
    assert not drawing.complete
    assert len(drawing.circles) == 13
    assert drawing.width <= 176


def test_no_drawing_is_wider_than_a_page(shape):
    assert draw(problem(shape)).width <= 176


def test_the_text_alternative_tells_every_number():
    drawn = problem((2, 2, 1))
    alt = draw(drawn).alt
    assert alt.startswith("A network of 2 inputs, a hidden layer of 2 units and 1 output")
    for q in drawn.graph.given:
        if q.kind is not QuantityKind.RATE:
            assert drawn.label(q).text + " = " in alt


def test_a_class_of_like_problems_shares_a_placement():
    from exercises.figures.placement import arrange

    draw(problem((3, 3, 1)))
    before = arrange.cache_info().misses
    draw(problem((3, 3, 1)))
    assert arrange.cache_info().misses == before
