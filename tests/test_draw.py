"""Drawn problems: the same seed the same bytes, numbers that are kind to the hand, and nothing hidden."""

import hashlib
from collections import Counter
from decimal import Decimal

import pytest
from making import drawn, network, title

from answer_keys import keyfile
from answer_keys.solution import solve
from exercises import problem_writer
from exercises.dice import Dice
from exercises.draw import Order, draw
from exercises.errors import ByhandError
from exercises.quantity import ETA, Kind

# --- dice ---


def test_the_first_numbers_of_a_seed_are_pinned():
    dice = Dice("byhand")
    assert [dice.below(100) for _ in range(12)] == [4, 53, 30, 59, 72, 3, 92, 48, 39, 7, 46, 96]
    assert Dice("byhand").sample("abcdefgh", 8) == list("adbhcefg")


@pytest.mark.parametrize("n", [1, 2, 3, 7, 10, 97])
def test_dice_are_fair(n):
    dice, rolls = Dice(f"fair {n}"), 6_000
    counts = Counter(dice.below(n) for _ in range(rolls))
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
    assert Dice("seed").below(3) == 2


def test_different_seeds_differ_and_a_sample_has_no_repeats():
    assert len({tuple(Dice(str(i)).sample(range(10), 8)) for i in range(50)}) == 50
    assert sorted(Dice("s").sample(range(40), 40)) == list(range(40))


# --- the same seed, the same bytes ---

PINNED = {
    "2-2-1": "63759a35dd776cfd9bd3d894abd05f4f50aadd9583b21e807b5fc35938589247",
    "2-2-2 layer": "0438c6a59bca106cdd8a602351d6b0259c81d99931f174ce39e565390a4f7fd4",
    "3-2-1 tanh": "32a7b4a69b4132be90ba6866fcf926915991d1353227717c684d8e575289a87a",
    "2-3 softmax": "22a9a10ca226ce10aa491242e32b944ddfd0b320cba8e1e4b79a2a568f23ccf3",
    "2-2-1 relu": "a14b694b7659849f2a42738f1fefe7bbaa84eaa3d64746bfa5d841919526c9ac",
    "2-2-1 gelu": "9e58adc7cd5a791f4c88f117a74032a83f7a1366b7086fe78831356159e82ec0",
    "4-2-2-1": "e5a1d9dce5b9a167612e502461e89a26a0712b877129097ed65fad4a42271c25",
}


def digest(problem):
    text = problem_writer.write(problem) + keyfile.to_json(solve(problem), "seed")
    return hashlib.sha256(text.encode()).hexdigest()


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
            for kind in (Kind.WEIGHT, Kind.BIAS):
                sizes = [abs(v) for q, v in problem.values.items() if q.kind is kind and q.unit in layer]
                assert len(set(sizes)) == len(sizes)


def test_no_number_is_0_or_1(batch):
    for problem, _ in batch:
        assert [q for q, v in problem.values.items() if abs(v) in (0, 1)] == []


def test_inputs_differ_and_so_do_targets(batch):
    for problem, _ in batch:
        for kind in (Kind.INPUT, Kind.TARGET):
            found = [v for q, v in problem.values.items() if q.kind is kind]
            if kind is Kind.INPUT or problem.network.loss != "cross-entropy":
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
        found = {q.name: v for q, v in solve(problem).values.items() if q.kind is Kind.DELTA}
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
            assert sum(v for q, v in problem.values.items() if q.kind is Kind.TARGET) == 1


def test_a_hidden_layer_of_relus_has_one_unit_on_and_one_off():
    for i in range(4):
        problem = drawn((2, 2, 1), ("relu", "sigmoid"), seed=f"relu/{i}")
        named = {q.name: v for q, v in solve(problem).values.items()}
        assert {named["a3"] > 0, named["a4"] > 0} == {True, False}


def test_a_learning_rate_that_is_asked_for_is_kept():
    assert drawn(eta=Decimal("0.125")).values[ETA] == Decimal("0.125")


def test_a_problem_that_is_not_acceptable_is_drawn_again():
    first = drawn(seed="again")
    order = Order(network((2, 2, 1)))
    second = draw(order, "again", lambda p: solve(p).values, lambda p: p != first)
    assert second != first


def test_where_no_good_numbers_exist_it_is_said_and_what_to_do(monkeypatch):
    monkeypatch.setattr("exercises.draw.TRIES", 100)
    order = Order(network((2, 2, 1)), places=1)
    with pytest.raises(ByhandError, match=r"no good numbers found for 2-2-1 .*--places"):
        draw(order, "none", lambda p: solve(p).values)
