"""Mistakes in warm-ups: values, derivatives on edges and the chain rule of a function without a network."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from exercises.formulas.derivative import derivative
from exercises.formulas.formula import (
    ONE,
    ZERO,
    Apply,
    Formula,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
    children,
    leaves,
    product,
    rebuild,
    replace_symbols,
    total,
)
from exercises.formulas.functions import COS, COS_OF_DEGREES, EXP, LN, SIN, SIN_OF_DEGREES, SQRT
from exercises.formulas.quantity import Link, Quantity, QuantityKind
from grader.mistakes.base import COMMON, RARE, USUAL, Entries, Mistake, StepPlace, WrongFormula

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

VALUE, EDGE, PATH, WHOLE = Link.ACTIVATION, Link.ACTIVATION_SLOPE, Link.HIDDEN_DELTA, Link.GRADIENT
_DEGREES = {SIN: SIN_OF_DEGREES, COS: COS_OF_DEGREES}


def _under(place: StepPlace) -> Quantity | None:
    """What an edge's derivative is taken by."""
    q = place.q
    if q.kind is not QuantityKind.NODE_SLOPE:
        return None
    return next((k for k in place.graph.known if k.unit == q.source and k.kind in _VARIABLES), None)


_VARIABLES = (QuantityKind.INPUT, QuantityKind.NODE)


def _node_formula(place: StepPlace) -> Formula:
    """The formula of the node that an edge leads to."""
    return place.graph.by_quantity[Quantity(QuantityKind.NODE, place.q.unit)].formula


def _nodes(formula: Formula) -> Iterator[Formula]:
    yield formula
    for child in children(formula):
        yield from _nodes(child)


def _with(formula: Formula, old: Formula, new: Formula) -> Formula:
    """The formula with one part exchanged wherever it stands."""
    if formula == old:
        return new
    parts = children(formula)
    return rebuild(formula, [_with(p, old, new) for p in parts]) if parts else formula


def _of_edges(
    wrong: Callable[[Formula, Quantity], Iterator[Formula]],
) -> Callable[[StepPlace], Iterator[WrongFormula]]:
    """Wrong derivatives on an edge, from the node's formula and the variable."""

    def changes(place: StepPlace) -> Iterator[WrongFormula]:
        under = _under(place)
        if under is None:
            return
        for formula in wrong(_node_formula(place), under):
            yield WrongFormula(formula, {"by": under, "node": Quantity(QuantityKind.NODE, place.q.unit)})

    return changes


def _positive(term: Formula) -> Formula:
    return (
        children(term)[0] if not isinstance(term, (Symbol, Number)) and term == -children(term)[0] else term
    )


def _derivative_with(node: Formula, by: Quantity, part: Formula, wrong: Formula) -> Formula:
    """The node's derivative in which one part's derivative is a wrong one (product rule around it kept)."""
    if node == part:
        return wrong
    marker = Quantity(QuantityKind.NODE, 10**6)
    outside = derivative(_with(node, part, Symbol(marker)), marker)
    rest = derivative(_with(node, part, Symbol(marker)), by)
    back = {marker: part}
    return total(
        [
            f
            for f in (replace_symbols(rest, back), product([replace_symbols(outside, back), wrong]))
            if f != ZERO
        ]
    )


_CHAIN_RULE = "The chain rule multiplies the derivatives along a path and adds up the paths."


MISTAKES = Entries()


@MISTAKES.entry(
    "N01", "degrees for radians", VALUE,
    "the calculator took {function} of degrees; here it is of radians.",
    "Which unit of angle is the calculator set to?", "", COMMON, for_warmups=True,
)  # fmt: skip
def _degrees(place: StepPlace) -> Iterator[WrongFormula]:
    for part in _nodes(place.formula):
        if isinstance(part, Apply) and part.function in (SIN, COS):
            turned = Apply(_DEGREES[part.function], part.argument)
            yield WrongFormula(_with(place.formula, part, turned), {"function": part.function.name})


@MISTAKES.entry(
    "N02", "power of a sum split", VALUE,
    "the power was taken of each term of {sum}; it belongs to the whole.",
    "Work out what stands inside first, then take its power.",
    "Matz (1982), on linear extrapolation in algebra", USUAL, for_warmups=True,
)  # fmt: skip
def _power_of_sum(place: StepPlace) -> Iterator[WrongFormula]:
    """(u + v)² as u² + v²; also where the inner sum is a node of its own."""
    if place.q.kind is not QuantityKind.NODE:
        return
    for part in _nodes(place.formula):
        if not isinstance(part, Power):
            continue
        base = part.base
        if isinstance(base, Symbol) and base.quantity in place.graph.by_quantity:
            base = place.graph.by_quantity[base.quantity].formula
        if isinstance(base, Sum):
            split = total([Power(_positive(t), part.exponent) for t in base.terms])
            yield WrongFormula(_with(place.formula, part, split), {"sum": part.base})


@MISTAKES.entry(
    "N03", "power taken as a multiple", VALUE,
    "{base} was multiplied by {power}, not raised to the power {power}.",
    "What does the small raised figure mean?", "", USUAL, for_warmups=True,
)  # fmt: skip
def _times_power(place: StepPlace) -> Iterator[WrongFormula]:
    if place.q.kind is not QuantityKind.NODE:
        return
    for part in _nodes(place.formula):
        if isinstance(part, Power):
            yield WrongFormula(
                _with(place.formula, part, product([Number(Fraction(part.exponent)), part.base])),
                {"base": part.base, "power": str(part.exponent)},
            )


@MISTAKES.entry(
    "N11", "exponent not lowered", EDGE,
    "the exponent came down in front, but was not lowered by one.",
    "What becomes of the exponent itself in the power rule?", "", USUAL, for_warmups=True,
)  # fmt: skip
@_of_edges
def _power_not_lowered(node: Formula, by: Quantity) -> Iterator[Formula]:
    for part in _nodes(node):
        if isinstance(part, Power) and by in leaves(part):
            kept = product([Number(Fraction(part.exponent)), part, derivative(part.base, by)])
            yield _derivative_with(node, by, part, kept)


@MISTAKES.entry(
    "N12", "exponent not brought down", EDGE,
    "the exponent was lowered, but did not come down in front.",
    "Which factor does the power rule put in front?", "", USUAL, for_warmups=True,
)  # fmt: skip
@_of_edges
def _power_not_brought_down(node: Formula, by: Quantity) -> Iterator[Formula]:
    for part in _nodes(node):
        if isinstance(part, Power) and by in leaves(part):
            lower = part.base if part.exponent == 2 else Power(part.base, part.exponent - 1)  # noqa: PLR2004
            yield _derivative_with(node, by, part, product([lower, derivative(part.base, by)]))


@MISTAKES.entry(
    "N13", "sign of the derivative of sin or cos", EDGE,
    "the sign is turned: (sin)′ = cos and (cos)′ = −sin.",
    "Which of sin and cos gets a minus when it is differentiated?", "", COMMON, for_warmups=True,
)  # fmt: skip
@_of_edges
def _sine_signs(node: Formula, by: Quantity) -> Iterator[Formula]:
    other = {SIN: lambda f: -COS(f), COS: lambda f: SIN(f)}  # noqa: PLW0108 - like the one beside it
    for part in _nodes(node):
        if isinstance(part, Apply) and part.function in other and by in leaves(part):
            wrong = product([other[part.function](part.argument), derivative(part.argument, by)])
            yield _derivative_with(node, by, part, wrong)


@MISTAKES.entry(
    "N14", "function left undifferentiated", EDGE,
    "the function itself stands where its derivative belongs.",
    "What is the derivative of the outermost function of {node}?", "", USUAL, for_warmups=True,
)  # fmt: skip
@_of_edges
def _function_kept(node: Formula, by: Quantity) -> Iterator[Formula]:
    for part in _nodes(node):
        if isinstance(part, Apply) and part.function is not EXP and by in leaves(part):
            yield _derivative_with(node, by, part, product([part, derivative(part.argument, by)]))


@MISTAKES.entry(
    "N15", "exponential treated as a power", EDGE,
    "the power rule was used on e^…; the exponential is its own derivative.",
    "Where does the variable stand, in the base or in the exponent?", "", USUAL, for_warmups=True,
)  # fmt: skip
@_of_edges
def _exp_as_power(node: Formula, by: Quantity) -> Iterator[Formula]:
    """E^u differentiated as if it were a power of u: u·e^(u − 1)."""
    for part in _nodes(node):
        if isinstance(part, Apply) and part.function is EXP and by in leaves(part):
            lowered = product([part.argument, EXP(part.argument - 1), derivative(part.argument, by)])
            yield _derivative_with(node, by, part, lowered)


@MISTAKES.entry(
    "N16", "derivative of ln upside down", EDGE,
    "the logarithm's derivative is one over what stands inside, not that itself.",
    "What is the derivative of ln?", "", RARE, for_warmups=True,
)  # fmt: skip
@_of_edges
def _ln_upside_down(node: Formula, by: Quantity) -> Iterator[Formula]:
    for part in _nodes(node):
        if isinstance(part, Apply) and part.function is LN and by in leaves(part):
            yield _derivative_with(node, by, part, product([part.argument, derivative(part.argument, by)]))


@MISTAKES.entry(
    "N17", "half forgotten at the root", EDGE,
    "the ½ of the root's derivative is missing: (√u)′ = 1/(2√u).",
    "Write the root as a power: which factor comes down?", "", USUAL, for_warmups=True,
)  # fmt: skip
@_of_edges
def _root_without_half(node: Formula, by: Quantity) -> Iterator[Formula]:
    for part in _nodes(node):
        if isinstance(part, Apply) and part.function is SQRT and by in leaves(part):
            yield _derivative_with(node, by, part, Quotient(derivative(part.argument, by), part))


@MISTAKES.entry(
    "N18", "constant kept", EDGE,
    "a term without {by} was kept; its derivative is 0.",
    "What does a constant term add to a slope?", "", USUAL, for_warmups=True,
)  # fmt: skip
@_of_edges
def _constant_kept(node: Formula, by: Quantity) -> Iterator[Formula]:
    if isinstance(node, Sum):
        for term in node.terms:
            if by not in leaves(term):
                yield derivative(node, by) + term


@MISTAKES.entry(
    "N19", "product of the derivatives", EDGE,
    "the derivatives of the factors were multiplied; the product rule adds two terms.",
    "How is a product differentiated?", "", COMMON, for_warmups=True,
)  # fmt: skip
@_of_edges
def _product_of_derivatives(node: Formula, by: Quantity) -> Iterator[Formula]:
    if isinstance(node, Product) and sum(by in leaves(f) for f in node.factors) > 1:
        yield product([derivative(f, by) if by in leaves(f) else f for f in node.factors])


@MISTAKES.entry(
    "N20", "half of the product rule", EDGE,
    "only one of the two terms of the product rule is there.",
    "How many terms does the product rule have here?", "", USUAL, for_warmups=True,
)  # fmt: skip
@_of_edges
def _one_term_of_product(node: Formula, by: Quantity) -> Iterator[Formula]:
    if isinstance(node, Product):
        own = [i for i, f in enumerate(node.factors) if by in leaves(f)]
        for i in own if len(own) > 1 else []:
            yield product([*node.factors[:i], derivative(node.factors[i], by), *node.factors[i + 1 :]])


@MISTAKES.entry(
    "N21", "the variable for the other factor", EDGE,
    "this is {by} itself; the derivative of a product by {by} is what {by} is multiplied with.",
    "Which factor stays when you differentiate by {by}?", "", USUAL, for_warmups=True,
)  # fmt: skip
@_of_edges
def _other_factor(node: Formula, by: Quantity) -> Iterator[Formula]:
    """∂(x·w)/∂x taken as x."""
    if isinstance(node, Product) and len(node.factors) > 1 and node.factors.count(Symbol(by)) == 1:
        yield Symbol(by)


@MISTAKES.entry(
    "N22", "value for the derivative", EDGE,
    "this is the value of {node}, not its derivative.",
    "Is this a value or a slope?", "", RARE, for_warmups=True,
)  # fmt: skip
@_of_edges
def _value_for_slope(node: Formula, by: Quantity) -> Iterator[Formula]:
    del by
    yield node


@MISTAKES.entry(
    "N23", "outer derivative at the wrong place", EDGE,
    "the outer derivative was taken at {outside}; it belongs at {inside}.",
    "At which number is the outer function's derivative to be taken?",
    "Clark et al. (1997), Constructing a schema: the case of the chain rule", COMMON, for_warmups=True,
)  # fmt: skip
def _at_other_place(place: StepPlace) -> Iterator[WrongFormula]:
    """The outer derivative taken at the variable itself, not at what stands inside."""
    under = _under(place)
    if under is None or under.kind is not QuantityKind.NODE:
        return
    inner = place.graph.by_quantity[under].formula
    for q in dict.fromkeys(leaves(inner)):
        yield WrongFormula(
            replace_symbols(place.formula, {under: Symbol(q)}),
            {"inside": under, "outside": q},
        )


@MISTAKES.entry(
    "N24", "inner derivative included", EDGE,
    "{inner} was multiplied in here already; it comes in only with the chain rule.",
    "Does this line ask for one edge or for the whole way?", "", USUAL, for_warmups=True,
)  # fmt: skip
def _inner_included(place: StepPlace) -> Iterator[WrongFormula]:
    """Df/du with du/dx multiplied in already."""
    under = _under(place)
    if under is None or under.kind is not QuantityKind.NODE:
        return
    for q in dict.fromkeys(leaves(place.graph.by_quantity[under].formula)):
        inner = Quantity(QuantityKind.NODE_SLOPE, under.unit, q.unit)
        if place.knows(inner):
            yield WrongFormula(product([place.formula, Symbol(inner)]), {"inner": inner})


def _one_factor(place: StepPlace) -> Iterator[WrongFormula]:
    if place.q.kind is QuantityKind.NODE_GRADIENT and isinstance(place.formula, Product):
        for i, factor in enumerate(place.formula.factors):
            rest = product([*place.formula.factors[:i], *place.formula.factors[i + 1 :]])
            yield WrongFormula(rest, {"missing": factor})


def _added(place: StepPlace) -> Iterator[WrongFormula]:
    if place.q.kind is QuantityKind.NODE_GRADIENT and isinstance(place.formula, Product):
        yield WrongFormula(total(list(place.formula.factors)), {})


def _divided(place: StepPlace) -> Iterator[WrongFormula]:
    if place.q.kind is QuantityKind.NODE_GRADIENT and isinstance(place.formula, Product):
        first, *others = place.formula.factors
        yield WrongFormula(Quotient(first, product(others)), {"by": product(others)})


def _one_path(place: StepPlace) -> Iterator[WrongFormula]:
    if place.q.kind is QuantityKind.NODE_GRADIENT and isinstance(place.formula, Sum):
        for i, term in enumerate(place.formula.terms):
            rest = total([t for j, t in enumerate(place.formula.terms) if j != i])
            yield WrongFormula(rest, {"missing": term})


def _paths_multiplied(place: StepPlace) -> Iterator[WrongFormula]:
    if place.q.kind is QuantityKind.NODE_GRADIENT and isinstance(place.formula, Sum):
        yield WrongFormula(product(list(place.formula.terms)), {})


def _paths_averaged(place: StepPlace) -> Iterator[WrongFormula]:
    if place.q.kind is QuantityKind.NODE_GRADIENT and isinstance(place.formula, Sum):
        yield WrongFormula(Quotient(place.formula, Number(Fraction(len(place.formula.terms)))), {})


def _left_at_one(place: StepPlace) -> Iterator[WrongFormula]:
    if place.q.kind is QuantityKind.NODE_GRADIENT and not place.q.via:
        yield WrongFormula(ONE, {})


MISTAKES += [
    *(
        Mistake(
            f"N3{n}{suffix}", name, link, changes, says, _CHAIN_RULE, source, weight, for_warmups=True,
        )
        for suffix, link in (("", WHOLE), ("P", PATH))
        for n, (name, changes, says, source, weight) in enumerate(
            (
                (
                    "a derivative of the chain forgotten", _one_factor, "the factor {missing} is missing.",
                    "Clark et al. (1997), Constructing a schema: the case of the chain rule", COMMON,
                ),
                (
                    "derivatives added", _added, "the derivatives along the path were added, not multiplied.",
                    "", USUAL,
                ),
                ("derivatives divided", _divided, "it was divided by {by}, not multiplied.", "", RARE),
                ("a path missing", _one_path, "the part {missing} is missing.", "", COMMON),
                ("paths multiplied", _paths_multiplied, "the parts were multiplied, not added up.", "", USUAL),
                ("paths averaged", _paths_averaged, "the mean of the parts was taken, not their sum.", "", RARE),
                ("derivative taken as 1", _left_at_one, "1 stands where the chain of derivatives belongs.", "", RARE),
            ),
            1,
        )
    ),
]  # fmt: skip
