"""The numbers are right, by oracles that share no code with `exercises`: mpmath's forward pass and SymPy."""

import itertools
import random
from decimal import Decimal
from fractions import Fraction

import mpmath
import pytest
import sympy as sp
from making import ACTIVATIONS, BIASES, ENTROPIES, SHAPES, SIGNS, SQUARES, made, shipped, title
from mpmath import mp, mpf

from answer_keys.solution import solve
from exercises.formulas.algebras import DECIMAL, ArrayAlgebra, exact_context
from exercises.formulas.derivative import derivative
from exercises.formulas.formula import Symbol, fold, leaves
from exercises.formulas.functions import (
    ABS,
    COS_OF_DEGREES,
    FUNCTIONS,
    LN,
    LOG10,
    SIGN,
    SIN_OF_DEGREES,
    SQRT,
    TEN_TO,
)
from exercises.formulas.quantity import Link, QuantityKind, a, delta, loss, loss_slope, t, y
from exercises.networks import activations, losses
from exercises.networks.sympy_reading import expression, sympy_symbol

DIGITS = 50
STEP = mpf(10) ** -14  # of central differences: their error is about the square of it
CLOSE = 1e-22  # far above the error of the differences, far below any other number in sight


# --- SymPy's reading of a line and of a whole net ---


def local_derivative(formula, by):
    """∂(formula)/∂(by) by SymPy: the local link of the chain rule."""
    return sp.diff(expression(formula), sympy_symbol(by))


def composition(graph, q):
    """A quantity as one expression of the given values alone, every step put into the next."""
    done = {}
    needed = {*graph.ancestors[q], q}
    for step in graph.steps:
        if step.quantity in needed:
            own = expression(step.formula)
            done[step.quantity] = own.subs({sympy_symbol(p): done[p] for p in step.parents if p in done})
    return done[q]


# --- an independent network: plain mpmath, canonical names, no formula trees ---


def activate(name, v):
    """One activation, from its definition in a textbook."""
    match name:
        case "sigmoid":
            return 1 / (1 + mpmath.exp(-v))
        case "tanh":
            return (mpmath.exp(v) - mpmath.exp(-v)) / (mpmath.exp(v) + mpmath.exp(-v))
        case "relu":
            return v if v > 0 else mpf(0)
        case "leaky-relu":
            return v if v > 0 else v / 100
        case "elu":
            return v if v > 0 else mpmath.exp(v) - 1
        case "linear":
            return v
        case "softplus":
            return mpmath.log(1 + mpmath.exp(v))
        case "silu":
            return v / (1 + mpmath.exp(-v))
        case "gelu":
            return v * (1 + mpmath.erf(v / mpmath.sqrt(2))) / 2
    raise ValueError(name)


def share(name, out, target, n):
    """One output's part of the loss."""
    match name:
        case "half-squared-error":
            return (target - out) ** 2 / 2
        case "squared-error":
            return (target - out) ** 2
        case "mean-squared-error":
            return (target - out) ** 2 / n
        case "binary-cross-entropy":
            return -target * mpmath.log(out) - (1 - target) * mpmath.log(1 - out)
        case "cross-entropy":
            return -target * mpmath.log(out)
    raise ValueError(name)


class Net:
    """A network of numbers by canonical name; `bump` shifts a quantity in the middle of a forward pass."""

    def __init__(self, problem):
        net = problem.network
        ends = list(itertools.accumulate(net.shape))
        self.layers = [range(e - n + 1, e + 1) for e, n in zip(ends, net.shape, strict=True)]
        self.names, self.loss, self.bias = net.activations, net.loss, net.bias
        self.outputs = self.layers[-1]
        self.given = {q.name: mpf(str(v)) for q, v in problem.values.items()}

    @staticmethod
    def weight(i, j):
        return f"W{i}{j}" if j < 10 else f"W{i}_{j}"

    def edges(self):
        return [(i, j) for low, high in itertools.pairwise(self.layers) for j in high for i in low]

    def forward(self, given=None, bump=None):
        """Every a, y and loss. Keys of `bump`: a name, or (source, unit) for what one unit alone sees."""
        given, bump = given or self.given, bump or {}
        found = {f"y{i}": given[f"x{i}"] for i in self.layers[0]}
        for number, (low, high) in enumerate(itertools.pairwise(self.layers)):
            for j in high:
                total = given[f"b{j}"] if self.bias != "no" else mpf(0)
                for i in low:
                    total += given[self.weight(i, j)] * (found[f"y{i}"] + bump.get((i, j), 0))
                found[f"a{j}"] = total + bump.get(f"a{j}", 0)
            if self.names[number] == "softmax":
                whole = sum(mpmath.exp(found[f"a{j}"]) for j in high)
                values = [mpmath.exp(found[f"a{j}"]) / whole for j in high]
            else:
                values = [activate(self.names[number], found[f"a{j}"]) for j in high]
            for j, value in zip(high, values, strict=True):
                found[f"y{j}"] = value + bump.get(f"y{j}", 0)
        parts = [share(self.loss, found[f"y{k}"], given[f"t{k}"], len(self.outputs)) for k in self.outputs]
        if len(parts) > 1:
            found |= {f"E{k}": part for k, part in zip(self.outputs, parts, strict=True)}
        found["E"] = sum(parts)
        return {
            name: v for name, v in found.items() if not (name[0] == "y" and int(name[1:]) in self.layers[0])
        }

    def slope(self, of, *, given=None, bump=None):
        """A central difference of one quantity by one given value or one bump."""
        high, low = (
            self.forward(g, b)[of] for g, b in zip(self._shifted(given), self._bumped(bump), strict=True)
        )
        return (high - low) / (2 * STEP)

    def _shifted(self, name):
        return [{**self.given, name: self.given[name] + s} if name else self.given for s in (STEP, -STEP)]

    @staticmethod
    def _bumped(key):
        return [{key: s} if key else {} for s in (STEP, -STEP)]

    def expected(self, sign):
        """Every line of the exercise, by its canonical name."""
        out = dict(self.forward())
        hidden = [j for layer in self.layers[1:-1] for j in layer]
        for j in (*hidden, *self.outputs):
            out[f"dE_dy{j}"] = self.slope("E", bump=f"y{j}")
            out[f"delta{j}"] = sign * self.slope("E", bump=f"a{j}")
            if not (j in self.outputs and self.names[-1] == "softmax"):
                out[f"dy{j}_da{j}"] = self.slope(f"y{j}", bump=f"a{j}")
        for j in hidden:
            after = next(high for low, high in itertools.pairwise(self.layers) if j in low)
            if len(after) > 1:
                out |= {f"dE_dy{j}_via{k}": self.slope("E", bump=(j, k)) for k in after}
        new = dict(self.given)
        for i, j in self.edges():
            new |= self.update(self.weight(i, j), out)
        if self.bias == "yes":
            for j in (*hidden, *self.outputs):
                new |= self.update(f"b{j}", out)
        return out | {f"{name}_new": value for name, value in self.forward(new).items()}

    def update(self, name, out):
        """The gradient of one parameter and its new value, noted in `out`."""
        gradient = self.slope("E", given=name)
        value = self.given[name] - self.given["eta"] * gradient
        out[f"dE_d{name}"], out[f"{name}_new"] = gradient, value
        return {name: value}


def cases():
    """Every shape × loss × output activation that makes sense; hidden activation, bias, sign in turn."""
    others = itertools.cycle(itertools.product(ACTIVATIONS, BIASES, SIGNS))
    for shape in SHAPES:
        for name in (*SQUARES, *ENTROPIES):
            last = ACTIVATIONS if name in SQUARES else ("sigmoid",)
            softmax = ("softmax",) if shape[-1] > 1 else ()
            for output in (*last, *softmax):
                hidden, bias, sign = next(others)
                yield shape, (hidden,) * (len(shape) - 2) + (output,), name, bias, sign


CASES = [
    *cases(),
    ((2, 2, 1), ("elu", "elu"), "half-squared-error", "yes", "gradient"),
    ((2, 3, 2), ("elu", "linear"), "squared-error", "no", "negative-gradient"),
]


def smooth(*args, **kwargs):
    """A random problem without a pre-activation at a kink, where there is no derivative to compare with."""
    for seed in range(50):
        problem = made(*args, seed=seed, **kwargs)
        values = solve(problem).values
        if all(abs(v) > Decimal("1e-3") for q, v in values.items() if q.kind is QuantityKind.PRE_ACTIVATION):
            return problem
    raise AssertionError


def close(ours, theirs):
    return abs(mpf(str(ours)) - theirs) <= CLOSE * (1 + abs(theirs))


def compared(problem):
    """Our solution against the independent one: nothing may be missing, nothing too much, nothing off."""
    with mp.workdps(DIGITS):
        theirs = Net(problem).expected(1 if problem.delta == "gradient" else -1)
        ours = {q.name: v for q, v in solve(problem).values.items() if q not in problem.values}
        assert set(ours) == set(theirs)
        assert [name for name in ours if not close(ours[name], theirs[name])] == []


@pytest.mark.part(4)
@pytest.mark.parametrize(
    ("shape", "names", "loss_name", "bias", "sign"),
    CASES,
    ids=["|".join([title(c[0]), *c[1], *c[2:]]) for c in CASES],
)
def test_every_line_agrees_with_central_differences(shape, names, loss_name, bias, sign):
    compared(smooth(shape, names, loss_name, bias, delta=sign))


def test_the_cases_cover_every_hidden_activation_bias_and_sign():
    deep = [c for c in CASES if len(c[0]) > 2]
    assert {c[1][0] for c in deep} == set(activations.BY_NAME)
    assert {(c[3], c[4]) for c in deep} == set(itertools.product(BIASES, SIGNS))
    assert {(c[1][-1], c[2]) for c in CASES} >= {("softmax", name) for name in (*SQUARES, *ENTROPIES)}


@pytest.mark.parametrize("name", ["huddar-1", "mazur-2-2-2", "tutorial-2-2-1"])
def test_shipped_exercises_agree_with_central_differences(name):
    compared(shipped(name))


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("one_hot", [True, False])
def test_softmax_with_cross_entropy_is_right_whatever_the_targets_add_up_to(one_hot, sign):
    problem = made((2, 3), "softmax", "cross-entropy", one_hot=one_hot, delta=sign)
    compared(problem)
    assert bool(problem.graph.by_quantity[delta(3)].alternatives) is one_hot


def test_units_of_two_digits_agree_with_central_differences():
    compared(made((8, 2, 2), "tanh"))


# --- conventions ---


@pytest.mark.parametrize(("shape", "names", "loss_name", "bias"), [c[:4] for c in CASES[::7]])
def test_the_other_sign_of_delta_turns_deltas_and_nothing_else(shape, names, loss_name, bias):
    plus, minus = (made(shape, names, loss_name, bias, delta=s) for s in SIGNS)
    ours, theirs = solve(plus).values, solve(minus).values
    assert set(ours) == set(theirs)
    for q, value in ours.items():
        assert theirs[q] == (value.copy_negate() if q.kind is QuantityKind.DELTA else value), q
    assert any(q.kind is QuantityKind.DELTA and v for q, v in ours.items())


@pytest.mark.parametrize(
    ("names", "loss_name"), [("sigmoid", "binary-cross-entropy"), ("softmax", "cross-entropy")]
)
@pytest.mark.parametrize("sign", SIGNS)
def test_collapsed_deltas_equal_the_general_formula(names, loss_name, sign):
    problem = made((2, 2, 3), names, loss_name, one_hot=True, delta=sign)
    values = solve(problem).values
    for k in problem.network.outputs:
        step = problem.graph.by_quantity[delta(k)]
        assert step.alternatives
        with exact_context():
            for formula in (step.formula, *step.alternatives):
                assert abs(fold(formula, DECIMAL, values.__getitem__) - values[delta(k)]) < Decimal("1e-36")
            difference = (values[y(k)] - values[t(k)]) * (1 if sign == "gradient" else -1)
            assert abs(values[delta(k)] - difference) < Decimal("1e-36")


@pytest.mark.parametrize("case", CASES[::5], ids=lambda c: "|".join([title(c[0]), *c[1], *c[2:]]))
def test_alternatives_are_just_as_right(case):
    shape, names, loss_name, bias, sign = case
    problem = made(shape, names, loss_name, bias, delta=sign)
    values = solve(problem).values
    for step in problem.graph.steps:
        for formula in step.alternatives:
            with exact_context():
                assert abs(fold(formula, DECIMAL, values.__getitem__) - values[step.quantity]) < Decimal(
                    "1e-35"
                )


@pytest.mark.parametrize("case", CASES[::3], ids=lambda c: "|".join([title(c[0]), *c[1], *c[2:]]))
def test_floats_agree_with_exact_decimals(case):
    import numpy as np

    shape, names, loss_name, bias, sign = case
    problem = made(shape, names, loss_name, bias, delta=sign)
    exact, found = solve(problem).values, {}
    algebra = ArrayAlgebra()
    found = {q: np.array([float(v)] * 2) for q, v in problem.values.items()}
    for step in problem.graph.steps:
        found[step.quantity] = np.broadcast_to(fold(step.formula, algebra, found.__getitem__), (2,))
        assert found[step.quantity] == pytest.approx(float(exact[step.quantity]), rel=1e-12, abs=1e-13), step


# --- SymPy ---


def points(symbols, count, seed, *, positive=False):
    """Random rational points away from zero."""
    rng = random.Random(seed)  # noqa: S311 - nothing here is secret
    signs = (1,) if positive else (-1, 1)
    for _ in range(count):
        yield {s: sp.Rational(rng.choice(signs) * rng.randint(11, 140), 97) for s in symbols}


def number(expr, at):
    """The value of a SymPy expression at a point, by mpmath in its current precision; never at a jump."""
    symbols = list(at)
    function = sp.lambdify(symbols, sp.sympify(expr), [{"DiracDelta": lambda _: 0}, "mpmath"], cse=True)
    return mpf(
        function(*(mpf(v.p) / v.q if isinstance(v, sp.Rational) else mpf(str(v)) for v in at.values()))
    )


def same(one, two, at, tolerance=1e-30):
    with mp.workdps(DIGITS):
        left, right = number(one, at), number(two, at)
        return abs(left - right) <= tolerance * (1 + abs(right))


def through_paths(graph, parameter):
    """∂E/∂(parameter): over every path from E down to it, the product of SymPy's local derivatives."""
    forward = {
        s.quantity: s for s in graph.steps if s.link in (Link.WEIGHTED_SUM, Link.ACTIVATION, Link.LOSS)
    }

    def paths(q):
        if q == parameter:
            yield []
        elif q in forward and not q.updated:
            for p in forward[q].parents:
                for rest in paths(p):
                    yield [(q, p), *rest]

    found = list(paths(loss()))
    return found, sum(sp.Mul(*[local_derivative(forward[q].formula, p) for q, p in path]) for path in found)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("shape", "most", "names"),
    [((2, 2, 1), 1, "sigmoid"), ((2, 2, 1), 1, "tanh"), ((2, 2, 1), 1, "silu"), ((2, 2, 2), 2, "sigmoid")],
    ids=str,
)
def test_the_product_of_local_derivatives_is_the_derivative_of_the_whole(shape, most, names):
    graph = made(shape, names).graph
    whole = composition(graph, loss())
    assert whole.free_symbols <= {sympy_symbol(q) for q in graph.given}
    values = {
        s.quantity: composition(graph, s.quantity)
        for s in graph.steps
        if s.link is not Link.UPDATE and not s.quantity.updated
    }
    inner = {sympy_symbol(q): e for q, e in values.items()}
    for parameter in graph.network.parameters():
        found, product = through_paths(graph, parameter)
        assert len(found) == (1 if parameter.unit in graph.network.outputs else most)
        theirs = sp.diff(whole, sympy_symbol(parameter))
        name = f"dE_d{parameter.name}"
        ours = next(e for q, e in values.items() if q.name == name)
        for at in points([sympy_symbol(q) for q in graph.given], 2, name):
            with mp.workdps(DIGITS):
                local = {s: number(e, at) for s, e in inner.items() if s in product.free_symbols}
                known = {**at, **local}
            assert same(product, theirs, known)
            assert same(ours, theirs, at)


@pytest.mark.parametrize("shape", [(2, 2, 1), (2, 2, 2)])
def test_gradients_of_linear_nets_equal_sympys_exactly(shape):
    graph = made(shape, "linear").graph
    whole = composition(graph, loss())
    for parameter in graph.network.parameters():
        ours = composition(
            graph, next(s.quantity for s in graph.steps if s.quantity.name == f"dE_d{parameter.name}")
        )
        assert sp.expand(ours - sp.diff(whole, sympy_symbol(parameter))) == 0


GRAPHS = (
    ((2, 2, 2), "sigmoid", "half-squared-error"),
    ((2, 2, 1), ("tanh", "sigmoid"), "binary-cross-entropy"),
    ((2, 2, 2), ("silu", "softmax"), "cross-entropy"),
    ((2, 1, 2), ("gelu", "softmax"), "squared-error"),
    ((2, 2, 1), ("softplus", "gelu"), "mean-squared-error"),
    ((1, 2, 1), ("relu", "leaky-relu"), "squared-error"),
    ((2, 2, 1), ("elu", "elu"), "half-squared-error"),
)


@pytest.mark.parametrize(("shape", "names", "loss_name"), GRAPHS)
def test_our_derivative_of_every_step_is_sympys(shape, names, loss_name):
    graph = made(shape, names, loss_name, delta="negative-gradient").graph
    count = 0
    for step in graph.steps:
        if step.quantity.updated:
            continue
        for formula in (step.formula, *step.alternatives):
            whole = expression(formula)
            for q in dict.fromkeys(leaves(formula)):
                ours, theirs = expression(derivative(formula, q)), sp.diff(whole, sympy_symbol(q))
                # ln(1 − y) and 1/y(1 − y) exist for y between 0 and 1 only: thirds of the usual points
                at = {
                    s: abs(v) / 2 for s, v in next(points(whole.free_symbols, 1, step.quantity.name)).items()
                }
                assert same(ours, theirs, at), (step.quantity.name, q.name)
                count += 1
    assert count > 40


def test_the_derivative_by_what_is_not_there_is_zero():
    step = made((2, 2, 1)).graph.steps[0]
    assert expression(derivative(step.formula, y(5))) == 0


@pytest.mark.parametrize("function", FUNCTIONS, ids=repr)
def test_a_functions_three_readings_agree(function):
    import numpy as np

    at_turns = [Fraction(v) for v in function.turns]
    for value in [*sampled(function), *at_turns]:
        exact = function.sympy(sp, sp.Rational(value.numerator, value.denominator))
        with exact_context():
            decimal = function.decimal(Decimal(value.numerator) / Decimal(value.denominator))
        with mp.workdps(DIGITS):
            true = number(exact, {})
            assert abs(mpf(str(decimal)) - true) <= mpf(10) ** -37 * (1 + abs(true)), value
        assert float(function.array(np, np.array([float(value)]))[0]) == pytest.approx(
            float(true), rel=1e-14, abs=1e-15
        )


def sampled(function):
    rng = random.Random(function.name)  # noqa: S311 - nothing here is secret
    found = [Fraction(rng.randint(1, 500), 128) for _ in range(12)]  # floats hold these exactly
    return found if function in (LN, LOG10, SQRT) else [*found, *(-v for v in found)]


@pytest.mark.parametrize("function", FUNCTIONS, ids=repr)
def test_a_functions_derivative_is_sympys(function):
    v = sp.Symbol("v", real=True)
    theirs = sp.diff(function.sympy(sp, v), v)
    ours = expression(function.derivative(Symbol(a(1)))).subs(sympy_symbol(a(1)), v)
    # ln 10 is given to 16 digits there; a kink's derivative beside it is a plain number
    tolerance = 1e-14 if function in (LOG10, TEN_TO, SIN_OF_DEGREES, COS_OF_DEGREES) else 1e-30
    for value in sampled(function):
        assert same(ours, theirs, {v: sp.Rational(value.numerator, value.denominator)}, tolerance), value


@pytest.mark.parametrize("function", FUNCTIONS, ids=repr)
def test_a_function_is_monotone_between_its_turns(function):
    import numpy as np

    low = 1e-6 if function in (LN, LOG10, SQRT) else -5.0
    edges = [low, *(turn for turn in function.turns if low < turn < 5), 5.0]
    for low, high in itertools.pairwise(edges):
        inside = np.linspace(low, high, 400)[1:-1]
        steps = np.diff(function.array(np, inside))
        assert (steps >= 0).all() or (steps <= 0).all()


def test_only_functions_with_a_kink_have_a_turn_where_slopes_jump():
    assert {f.name for f in FUNCTIONS if f.jumps} == {"sign", "relu-slope", "leaky-relu-slope"}
    assert set(ABS.turns) == set(SIGN.turns) == {0.0}


@pytest.mark.parametrize("entry", activations.ACTIVATIONS, ids=lambda e: e.name)
def test_an_activations_slope_is_the_derivative_of_its_value(entry):
    own, out = Symbol(a(1)), Symbol(y(1))
    v = sympy_symbol(a(1))
    value = expression(entry.value(own))
    ours = sp.sympify(expression(entry.slope(own, out))).subs(sympy_symbol(y(1)), value)
    for at in points([v], 25, entry.name):
        assert same(ours, sp.diff(value, v), at)


@pytest.mark.parametrize("entry", activations.ACTIVATIONS, ids=lambda e: e.name)
def test_an_activation_is_the_textbooks(entry):
    own = Symbol(a(1))
    written = [entry.value(own)] + ([entry.definition(own)] if entry.definition else [])
    with mp.workdps(DIGITS):
        for at in points([sympy_symbol(a(1))], 12, entry.name):
            theirs = activate(entry.name, number(sympy_symbol(a(1)), at))
            for formula in written:
                assert abs(number(expression(formula), at) - theirs) < mpf(10) ** -35


@pytest.mark.parametrize("entry", losses.LOSSES, ids=lambda e: e.name)
@pytest.mark.parametrize("outputs", [1, 2, 5])
def test_a_losss_slope_is_the_derivative_of_its_term(entry, outputs):
    out, target = Symbol(y(1)), Symbol(t(1))
    term = expression(entry.term(out, target, outputs))
    ours = expression(entry.slope(out, target, outputs))
    assert sp.simplify(ours - sp.diff(term, sympy_symbol(y(1)))) == 0
    with mp.workdps(DIGITS):
        for near in points([sympy_symbol(y(1)), sympy_symbol(t(1))], 5, entry.name, positive=True):
            at = {s: v / 2 for s, v in near.items()}
            values = [number(sympy_symbol(q), at) for q in (y(1), t(1))]
            assert abs(number(term, at) - share(entry.name, *values, outputs)) < mpf(10) ** -35


def test_a_hidden_units_slope_is_the_sum_of_its_paths():
    problem = made((2, 2, 3))
    values = solve(problem).values
    for j in (3, 4):
        paths = [values[loss_slope(j, via=k)] for k in problem.network.outputs]
        assert len(set(paths)) == 3
        with exact_context():
            assert sum(paths) == values[loss_slope(j)]
