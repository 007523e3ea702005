"""Drawn problems: the same seed the same bytes, numbers that are kind to the hand, and nothing hidden."""

import hashlib
import os
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from making import drawn, network, shipped, title

from answer_keys import keyfile
from answer_keys.draw_problems import draw_problems
from answer_keys.options import exercise
from answer_keys.order import order_of
from answer_keys.solution import solve
from exercises.common.errors import ByhandError
from exercises.drawing.candidate_lines import CandidateLines
from exercises.drawing.candidates import RandomWords, Table, ValueRange
from exercises.drawing.difficulty import BAND, SIGN, Difficulty
from exercises.drawing.draw import Order, draw, draw_all
from exercises.drawing.seeded_random import SeededRandom
from exercises.drawing.value_ranges import value_ranges
from exercises.formulas import portable_math
from exercises.formulas.decimals import Precision, rounded
from exercises.formulas.functions import FUNCTIONS
from exercises.formulas.quantity import ETA, Link, Quantity, QuantityKind, gradient
from exercises.networks.optimizers import BETA
from exercises.networks.plan import Plan
from exercises.problems import problem_writer
from grader.ambiguity.coincidences import coincidences, survey_of
from grader.ambiguity.survey import instance
from grader.services import SERVICES, make_scorer

# --- rng ---


def test_the_first_numbers_of_a_seed_are_pinned():
    rng = SeededRandom("byhand")
    assert [rng.below(100) for _ in range(12)] == [4, 53, 30, 59, 72, 3, 92, 48, 39, 7, 46, 96]
    assert SeededRandom("byhand").sample("abcdefgh", 8) == list("adbhcefg")


@pytest.mark.parametrize("n", [1, 2, 3, 7, 10, 97])
def test_dice_are_fair(n):
    rng, rolls = SeededRandom(f"fair {n}"), 6_000
    counts = Counter(rng.below(n) for _ in range(rolls))
    assert set(counts) == set(range(n))
    expected = rolls / n
    chi_square = sum((counts[i] - expected) ** 2 / expected for i in range(n))
    assert chi_square <= n - 1 + 4 * (2 * n) ** 0.5  # four standard deviations


def test_dice_reject_what_would_tip_the_balance(monkeypatch):
    """With a number just below 2⁶⁴ that does not divide it, a roll beyond the last whole multiple is redone."""

    class Fake:
        blocks = iter([b"\xff" * 8, b"\x00" * 7 + b"\x05"])

        def __init__(self, data=b""):
            self.data = data

        def digest(self):
            return next(Fake.blocks) if self.data != b"seed" else b""

    monkeypatch.setattr(hashlib, "sha256", Fake)
    assert SeededRandom("seed").below(3) == 2


def test_different_seeds_differ_and_a_sample_has_no_repeats():
    assert len({tuple(SeededRandom(str(i)).sample(range(10), 8)) for i in range(50)}) == 50
    assert sorted(SeededRandom("s").sample(range(40), 40)) == list(range(40))


# --- the same seed, the same bytes ---

PINNED = {
    "2-2-1": "2ad61b16d43253b85384d543f8fb9a22c00a8c19e88ecf9b71c863b5643e5466",
    "2-2-2 layer": "8c5f729068d824f9c3e25d15095fd003674da2d1be1907c517d37fc90c85962c",
    "3-2-1 tanh": "bdf75d8f8929e92b2e5aa6485e032d8620214141901c0d28a8973d8c7554f8f0",
    "2-3 softmax": "f154b250f160169a967dee2e75da5ca12fe1610db6fb77676ff794a8d3510b23",
    "2-2-1 relu": "2431a5f19c8c0e562bfa0839a64576d7410603681ade238bef400f054e8a8cd0",
    "2-2-1 gelu": "1f109087cb7eaf7749bf83338b414e310a2b73f1444da56c96b36dbd0de6a414",
    "4-2-2-1": "78666d2455aa524d91eaf6cd299224c272b54847494931da0c08f2227b726b59",
}


def digest(problem, coincide=None):
    text = problem_writer.write(problem) + keyfile.to_json(solve(problem), "seed", coincide)
    return hashlib.sha256(text.encode()).hexdigest()


PINNED_TELLING = {
    "2-2-1": "c9cab8519df731242ee71a883861851ad7f1549dcd4958e4190e0820c6144c7b",
    "2-3 softmax": "4297e6791d3aad1188fe0d9db2a3e8361d4618ed9281b8cc2f4be438a2ad859c",
    "2-2-1 gelu": "35541a7665ae00ab7f1c19d3c7e3c2de94998f3e3473142d6dde9f494312afdb",
}
PINNED_ELSEWHERE = "377928daabf36826c567dd3fe7df03335d16c0651a273a0b7101daa4737f171b"
PINNED_FUNCTIONS = "c44bdcd40d60d5e37c621cf4dab200e596811ca92406811a330534d61419602f"
PINNED_WORDS = [[7, 7, 2], [4, 7, 2], [9, 1, 4], [8, 1, 6]]
PINNED_ORDERS = {
    "2-2-1": {"shape": (2, 2, 1)},
    "2-2-2 layer": {"shape": (2, 2, 2), "notation": "layer", "delta": "negative-gradient"},
    "3-2-1 tanh": {"shape": (3, 2, 1), "activation": "tanh", "loss": "squared-error", "bias": "fixed"},
    "2-3 softmax": {"shape": (2, 3), "activation": "softmax", "loss": "cross-entropy", "bias": "no"},
    "2-2-1 relu": {"shape": (2, 2, 1), "activation": ("relu", "sigmoid"), "loss": "binary-cross-entropy"},
    "2-2-1 gelu": {"shape": (2, 2, 1), "activation": "gelu", "places": 6, "title": "Gelu"},
    "4-2-2-1": {"shape": (4, 2, 2, 1), "activation": "silu", "eta": Decimal("0.25")},
}


@pytest.mark.parametrize("name", PINNED_ORDERS)
def test_the_same_seed_gives_the_same_bytes_on_every_machine(name):
    assert digest(drawn(**PINNED_ORDERS[name], seed="pinned/1")) == PINNED[name]


@pytest.mark.parametrize("name", PINNED_TELLING)
def test_so_it_does_where_the_best_numbers_are_searched(name):
    keys = ("shape", "activation", "loss", "bias")
    rest = dict(PINNED_ORDERS[name])
    net = network(**{key: rest.pop(key) for key in keys if key in rest})
    problem = draw(Order(net, **rest), "pinned/1", make_scorer)
    (coincide,) = SERVICES.record([problem])
    assert digest(problem, coincide) == PINNED_TELLING[name]


def test_a_problem_file_is_for_people(golden):
    golden("problem.toml", problem_writer.write(drawn(title="Exercise “1”", seed="golden", bias="fixed")))


def test_another_seed_gives_other_numbers():
    assert len({drawn(seed=f"s/{i}").code for i in range(20)}) == 20


# --- numbers that are kind to the hand ---

ORDERS = [
    ((1, 1), "sigmoid", "half-squared-error", "yes"),
    ((2, 3), "softmax", "cross-entropy", "yes"),
    ((2, 2, 1), "sigmoid", "half-squared-error", "yes"),
    ((2, 2, 1), "sigmoid", "binary-cross-entropy", "no"),
    ((2, 2, 2), "sigmoid", "half-squared-error", "fixed"),
    ((2, 2, 2), "tanh", "mean-squared-error", "yes"),
    ((2, 2, 2), ("relu", "softmax"), "cross-entropy", "yes"),
    ((2, 2, 1), ("leaky-relu", "linear"), "half-squared-error", "yes"),
    ((3, 2, 1), "softplus", "squared-error", "yes"),
    ((2, 2, 1), "silu", "half-squared-error", "yes"),
    ((2, 2, 1), "gelu", "half-squared-error", "no"),
    ((4, 2, 2, 1), "tanh", "half-squared-error", "yes"),
    ((2, 2, 2, 2), "sigmoid", "half-squared-error", "yes"),
    ((3, 3, 2), "sigmoid", "half-squared-error", "yes"),
]


@pytest.fixture(scope="module", params=ORDERS, ids=lambda o: "|".join([title(o[0]), str(o[1]), *o[2:]]))
def batch(request):
    """Several problems to one order, each with its solution."""
    found = [drawn(*request.param, seed=f"kind/{i}") for i in range(4)]
    return [(p, solve(p).values) for p in found]


def test_numbers_have_one_or_two_decimals(batch):
    for problem, _ in batch:
        for q, value in problem.values.items():
            assert value == round(value, 2), q
            assert abs(value) < 10


def test_no_two_weights_into_a_layer_are_equal_not_even_but_for_the_sign(batch):
    for problem, _ in batch:
        for layer in problem.network.layers[1:]:
            for kind in (QuantityKind.WEIGHT, QuantityKind.BIAS):
                sizes = [abs(v) for q, v in problem.values.items() if q.kind is kind and q.unit in layer]
                assert len(set(sizes)) == len(sizes)


def test_no_number_is_0_or_1(batch):
    for problem, _ in batch:
        assert [q for q, v in problem.values.items() if abs(v) in (0, 1)] == []


def test_inputs_differ_and_so_do_targets(batch):
    for problem, _ in batch:
        for kind in (QuantityKind.INPUT, QuantityKind.TARGET):
            found = [v for q, v in problem.values.items() if q.kind is kind]
            if kind is QuantityKind.INPUT or problem.network.loss != "cross-entropy":
                assert len(set(found)) == len(found)


def test_every_delta_has_at_least_twenty_units_of_the_last_place(batch):
    for problem, values in batch:
        net = problem.network
        for u in net.computing:
            own = next(v for q, v in values.items() if q.name == f"delta{u}")
            off = (
                net.activation_of(u) in ("relu", "leaky-relu")
                and next(v for q, v in values.items() if q.name == f"a{u}") < 0
            )
            assert off or abs(own) >= Decimal("0.0020"), u


def test_no_delta_of_a_leaky_relu_vanishes_at_the_places_asked_for():
    """Below zero it passes a hundredth on: small by right, but never a lone last digit."""
    for i in range(8):
        problem = drawn((2, 2, 1), ("leaky-relu", "linear"), seed=f"kind/{i}")
        found = {q.name: v for q, v in solve(problem).values.items() if q.kind is QuantityKind.DELTA}
        assert all(abs(v) >= Decimal("0.0004") for v in found.values()), found


def test_no_unit_is_saturated_and_no_exponential_is_large(batch):
    for problem, values in batch:
        named = {q.name: v for q, v in values.items()}
        for u in problem.network.computing:
            assert abs(named[f"a{u}"]) <= 4
            if problem.network.activation_of(u) in ("sigmoid", "tanh"):
                assert named[f"dy{u}_da{u}"] >= Decimal("0.08")


def test_no_output_hits_its_target(batch):
    for problem, values in batch:
        named = {q.name: v for q, v in values.items()}
        for k in problem.network.outputs:
            assert abs(named[f"y{k}"] - named[f"t{k}"]) >= Decimal("0.04")


def test_targets_of_cross_entropy_are_shares_of_one(batch):
    for problem, _ in batch:
        if problem.network.loss == "cross-entropy":
            assert sum(v for q, v in problem.values.items() if q.kind is QuantityKind.TARGET) == 1


def test_a_hidden_layer_of_relus_has_one_unit_on_and_one_off():
    for i in range(4):
        problem = drawn((2, 2, 1), ("relu", "sigmoid"), seed=f"relu/{i}")
        named = {q.name: v for q, v in solve(problem).values.items()}
        assert {named["a3"] > 0, named["a4"] > 0} == {True, False}


def test_a_learning_rate_that_is_asked_for_is_kept():
    assert drawn(eta=Decimal("0.125")).values[ETA] == Decimal("0.125")


def test_numbers_that_are_fixed_are_kept_and_the_others_drawn():
    x1 = Quantity(QuantityKind.INPUT, 1)
    order = Order(network((2, 2, 1)), fixed=((x1, Decimal("0.5")),))
    found = [draw(order, f"fixed/{i}") for i in range(3)]
    assert {p.values[x1] for p in found} == {Decimal("0.5")}
    assert len({p.code for p in found}) == 3


def test_where_no_good_numbers_exist_it_is_said_and_what_to_do(monkeypatch):
    monkeypatch.setattr("exercises.drawing.search.BLOCKS", 2)
    with pytest.raises(ByhandError, match=r"no good numbers found for 2-2-1 .*--places"):
        draw(Order(network((2, 2, 1)), places=1), "none")


@pytest.mark.parametrize(
    "plan",
    [
        Plan(kind="batch", examples=2),
        Plan(ask=("deltas",)),
        Plan(kind="chain", ask=("chain W13",)),
        Plan(kind="matrix", ask=("matrices",)),
        Plan(kind="optimizer", ask=("step W13",), optimizer="momentum"),
    ],
    ids=lambda p: p.kind,
)
def test_other_kinds_of_exercise_are_drawn_too(plan):
    order = Order(network((2, 2, 1)), plan=plan, fixed=((BETA, Decimal("0.9")),))
    problem = draw(order, "plan/1", make_scorer)
    assert problem == draw(order, "plan/1", make_scorer)
    values = solve(problem).values
    assert {s.quantity for s in problem.graph.steps} <= set(values)
    (coincide,) = SERVICES.record([problem])
    assert coincide["hidden"] == []


def test_all_numbers_are_positive_where_that_is_wanted():
    for make in (None, make_scorer):
        problem = draw(Order(network((2, 2, 1)), positive=True), "plus", make)
        assert all(v > 0 for v in problem.values.values())


# --- the best of many ---


class Likes:
    """A scorer that wants one number to be as small as it can be."""

    serious = 10**6

    def __init__(self, q):
        self.q = q

    def __call__(self, given):
        return np.rint(given[self.q] * 100).astype(np.int64)


def test_what_a_scorer_likes_best_is_drawn():
    eta = Quantity(QuantityKind.RATE)
    order = Order(network((2, 2, 1)))

    def make(graph, precision, usual):
        assert precision == Precision(4)
        assert set(usual) == set(graph.given)
        return Likes(eta)

    found = list(draw_all(order, (f"like/{i}" for i in range(6)), make))
    assert {p.values[eta] for p in found} == {Decimal("0.3")}


def test_a_problem_depends_on_its_own_seed_only():
    order = Order(network((2, 2, 1)))
    together = list(draw_all(order, (f"roster/{i}" for i in range(34)), make_scorer))
    assert len({p.code for p in together}) == 34
    for i in (0, 17, 33):
        assert draw(order, f"roster/{i}", make_scorer) == together[i]


@pytest.fixture(scope="module", params=[(2, 2, 1), (3, 2, 1)], ids=title)
def roster(request):
    """Problems as `byhand generate` draws them, and what still coincides."""
    found = list(draw_all(Order(network(request.param)), (f"r/{i}" for i in range(24)), make_scorer))
    return found, coincidences(survey_of(found[0].graph), found)


def test_drawn_numbers_hide_next_to_nothing_and_name_nearly_all(roster):
    _, found = roster
    survey = found[0].survey
    hidden = sum(len(one.concealed) for one in found) / len(found) / len(survey.ways)
    assert hidden <= 0.0002
    known = {name for name, places in survey.ways.items() if survey.catalogued[list(places)].any()}
    both = survey.catalogued[survey.pairs].all(axis=1)
    twins = {instance(survey.known[i]) for i in survey.pairs[survey.always_alike & both].ravel()}
    unclear = [
        {instance(survey.known[i]) for p in one.alike if both[p] for i in survey.pairs[p]} - twins
        for one in found
    ]
    # 3.04 % on 3-2-1: a y rounded to 0 or 1 (B33) is by its nature also what ReLU gives (B10); both are told.
    assert sum(map(len, unclear)) / len(found) / len(known - twins) <= 0.031


def test_the_variants_of_a_roster_are_equally_hard(roster):
    problems, _ = roster
    values = [solve(p).values for p in problems]
    graph = problems[0].graph
    arrays = {q: np.array([float(v[q]) for v in values]) for q in graph.known}
    hard = Difficulty(graph, graph.given, Precision(4)).measure(arrays, np.arange(len(problems)))
    assert hard.max() - hard.min() <= 2 * BAND * hard.mean() + 2


def test_difficulty_counts_small_multiplications_and_minus_signs():
    problem = shipped("exercise-2")
    measure = Difficulty(problem.graph, problem.graph.given, Precision(4))
    values = {q: np.array([float(v)]) for q, v in solve(problem).values.items()}
    plain = measure.measure(values, np.arange(1))[0]
    gradients = [
        rounded(solve(problem).values[gradient(s.quantity.before_update())], 4)
        for s in problem.graph.steps
        if s.link is Link.UPDATE
    ]
    digits = sum(len(f"{abs(g):f}".replace(".", "").lstrip("0")) for g in gradients)
    assert problem.values[ETA] == Decimal("0.5")
    longer = measure.measure({**values, ETA: np.array([0.25])}, np.arange(1))[0]
    assert longer - plain == digits  # η has one digit more, and is multiplied by each gradient
    minus = measure.measure({**values, ETA: np.array([-0.5])}, np.arange(1))[0]
    assert minus - plain == SIGN * len(gradients)


# --- the same numbers everywhere ---


def test_the_functions_are_right_to_the_last_places():
    x = np.concatenate([np.linspace(-12, 12, 2001), np.linspace(-0.01, 0.01, 201)])
    for function in FUNCTIONS:
        with np.errstate(all="ignore"):
            ours, theirs = portable_math.value(function, x), function.array(np, x)
        assert (np.isnan(ours) == np.isnan(theirs)).all(), function
        assert np.allclose(ours, theirs, rtol=8e-15, atol=1e-15, equal_nan=True), function
    with np.errstate(all="ignore"):
        assert portable_math.log(np.array([0.0, -1.0, np.inf])).tolist()[::2] == [-np.inf, np.inf]
        assert np.isnan(portable_math.exp(np.array([np.nan])))[0]


def test_the_functions_are_pinned_to_the_bit():
    x = np.linspace(-20, 20, 4001)
    with np.errstate(all="ignore"):
        found = [portable_math.value(function, x) for function in FUNCTIONS]
    text = b"".join(np.nan_to_num(v, nan=0.5).astype("<f8").tobytes() for v in found)
    assert hashlib.sha256(text).hexdigest() == PINNED_FUNCTIONS


ELSEWHERE = """
import hashlib, json, sys
from exercises.drawing.draw import Order, draw_all
from exercises.networks.network import Network
from grader.services import SERVICES
out = []
for shape, names, loss in (
    ((2, 2, 1), ("sigmoid", "tanh"), "half-squared-error"), ((2, 3), ("softmax",), "cross-entropy"),
):
    problems = list(draw_all(Order(Network(shape, names, loss, "yes")), "abcd", SERVICES.make_scorer))
    out += [[p.code for p in problems], SERVICES.record(problems)]
print(hashlib.sha256(json.dumps(out).encode()).hexdigest())
"""


def test_another_processor_draws_the_same_numbers():
    """NumPy without its vector units is as good as another machine: its own exponentials differ there."""
    umath = pytest.importorskip("numpy._core._multiarray_umath")
    spare = " ".join(name for name in umath.__cpu_dispatch__ if umath.__cpu_features__.get(name))
    found = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        env={**os.environ, "NPY_DISABLE_CPU_FEATURES": spare},
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == PINNED_ELSEWHERE


def test_the_quick_look_and_the_exact_one_agree():
    for shape, names in (((2, 2, 1), "sigmoid"), ((2, 2, 2), ("relu", "softmax")), ((2, 2, 1), "gelu")):
        loss = "cross-entropy" if "softmax" in names else "half-squared-error"
        problem = drawn(shape, names, loss)
        graph = problem.graph
        field = CandidateLines(graph, graph, {}, Precision(4))
        rows = field.table.draw(["exact"], 40)
        look = field.look(rows)
        differ = field.table.differ(rows)
        for row, friendly, good in zip(rows, look.friendly, differ, strict=True):
            values = [Decimal(int(n)).scaleb(-2) for n in row]
            given = dict(zip(field.table.quantities, values, strict=True))
            assert friendly == (good and field.is_friendly(given, problem.label))


def test_words_and_tables_are_pinned():
    words = RandomWords.of(["byhand"], 3, 4)
    assert [words.below(10).tolist() for _ in range(4)] == PINNED_WORDS
    value_range = ValueRange(
        tuple(Quantity(QuantityKind.INPUT, u) for u in (1, 2, 3)), (10, 20, 30, 40), signed=True
    )
    drawn_ones = Table((value_range,)).draw(["a", "b"], 50)
    assert (drawn_ones[:50] == Table((value_range,)).draw(["a"], 50)).all()
    sizes = np.sort(np.abs(drawn_ones), axis=1)
    assert (np.diff(sizes, axis=1) > 0).all()
    assert set(np.abs(drawn_ones).ravel()) == {10, 20, 30, 40}
    assert 0.2 < (drawn_ones < 0).mean() < 0.5


def test_a_change_changes_a_number_or_two():
    graph = drawn().graph
    table = Table(tuple(value_ranges(graph, ())))
    parent = table.draw(["parent"], 1)
    changed = table.changed(parent, ["change"], 400)
    counts = (changed != parent).sum(axis=1)
    assert set(counts) <= {0, 1, 2}
    assert (counts == 1).mean() > 0.4
    assert (changed != parent).any(axis=0).all()  # sooner or later each number


@pytest.mark.parametrize(
    "arguments", [("--kind", "collapse"), ("--examples", "2"), ("--shape", "2-3")], ids="-".join
)
def test_one_hot_targets_are_one_for_one_class_only(arguments):
    shape = () if "--shape" in arguments else ("--shape", "2-2-2")
    words = [*arguments, *shape, "--activation", "softmax", "--loss", "cross-entropy", "--one-hot"]
    options = exercise.make_context("exercise", words).params
    for problem in (one.problem for one in draw_problems(order_of(options), ["a", "b"], None)):
        by_example = {}
        for q, value in problem.values.items():
            if q.kind is QuantityKind.TARGET:
                by_example.setdefault(q.example, []).append(value)
        assert by_example
        assert all(sorted(own) == [0] * (len(own) - 1) + [1] for own in by_example.values())
    with pytest.raises(ByhandError, match="for a softmax at the output"):
        order_of(exercise.make_context("exercise", ["--one-hot"]).params)
