"""What a line's own working shows is said beside the diagnosis: never untrue, and never what is said already."""

import random
import time
from decimal import Decimal

import numpy as np
import pytest
from making import ACTIVATIONS, SHAPES, SQUARES, handed_in, made, perfect, shipped

from answer_keys.solution import solve
from exercises.formulas import decimals, typeset
from exercises.formulas.algebras import ArrayAlgebra
from exercises.formulas.formula import ONE, Negative, Product, Quotient, Sum, fold, negative, product, total
from exercises.formulas.quantity import parse_name
from grader.answers.expressions import parse
from grader.answers.names import Names
from grader.feedback.report import grade
from grader.judging.interval import exactly, written
from grader.working.flaws import flaw
from grader.working.same_factors import OwnNumbers, forms_of

HUDDAR = shipped("huddar-1")


def told(changes, problem=HUDDAR, *, hints=False):
    """The feedback of the changed lines of a sheet that is right but for them."""
    texts = perfect(problem) | {parse_name(name): text for name, text in changes.items()}
    (report,) = grade(problem, [handed_in(texts)], hints=hints)
    found = {a["quantity"]: a for a in report.as_json()["answers"]}
    assert all(found[name]["verdict"] == "wrong" for name in changes)
    return next(found[name]["feedback"] for name in changes)


@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        (
            "delta3",
            "W35·δ5·y3(1-y3)·x1 = -0.0009",
            "In W35·δ5·y3(1−y3)·x1 the factor x₁ does not belong.",
        ),
        ("dE_dy5", "(0.6903-0.5)*0.2138 = 0.0407", "the factor 0.2138 does not belong."),
        ("dE_dy5", "y5 - target = 0.6903 + 0.5 = 1.1903",
         "An earlier part of your working could not be read and is left out: “target” is"),
        ("a5", "0.3*0.6803 + 0.9*0.6803 = 0.8164", "y₃ stands where y₄ belongs."),
        (
            "delta3",
            "−(∂E/∂y₃)(∂y₃/∂a₃) = −(0.3)(0.0407) = -0.0122",
            "In −(0.3)(0.0407) the factor ∂y₃/∂a₃ is missing.",
        ),
        ("delta3", "0.3*(-0.0407)*0.2175*0.2175 = -0.0006", "the factor ∂y₃/∂a₃ stands twice."),
        ("dE_dW13", "dE/dy5·dy5/da5·da5/dy3·dy3/da3·da3/dW13 = (0.1903)(0.2138)(0.3)(0.35) = 0.0044",
         "the factor ∂y₃/∂a₃ is missing."),
        ("delta3", "0.3*(-0.0407)*0.6803 = -0.0380", "the factor (1 − y₃) is missing."),
    ],
)  # fmt: skip
def test_what_the_working_shows_is_told(name, typed, says):
    assert says in told({name: typed})


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (
            "−(0.1903)(0.2138) = −0.0470",
            "is right as far as −(0.1903)(0.2138); that is −0.0407, not −0.0470.",
        ),
        (
            "−(dE/dy5)(dy5/da5) = −0.0470",
            "is right as far as −(dE/dy5)(dy5/da5); that is −0.0407, not −0.0470.",
        ),
    ],
)
def test_right_factors_with_a_wrong_product_are_told_from_a_missing_factor(typed, says):
    found = told({"delta5": typed})
    assert says in found
    assert "missing" not in found


@pytest.mark.parametrize(
    "typed",
    [
        "0.3*(-0.0407) = -0.0122*0.2175 = -0.0037",
        "0.3*(-0.0407) = -0.0122 * y3(1-y3) = -0.0037",
        "-0.0122*0.2175 = -0.0037",
        "0.3 + 0.0407 = -0.0037",
        "0.7*0.6*0.5 = -0.0037",
        "0.3*(-0.0407)*0.2*0.1 = -0.0037",
    ],
)
def test_where_nothing_is_sure_nothing_is_said(typed):
    said = told({"delta3": typed})  # but for an equals sign that is false
    assert not any(word in said for word in (" factor ", " term "))


@pytest.mark.parametrize(
    ("name", "typed", "once"),
    [
        ("delta3", "0.3*(-0.0407) = -0.0122", "was not multiplied in"),
        ("delta3", "−dE/dy3 = -0.0122", "was not multiplied in"),
        ("delta3", "0.3*(-0.0407)*0.6803 = -0.0083", "its slope"),
        ("delta3", "W35·δ5·(1-y3) = -0.0039", "1 − y₃ was multiplied in"),
        ("delta3", "0.9*(-0.0407)*0.2175 = -0.0080", "belongs to another unit"),
        ("dE_dW13", "−(−0.0027)(0.9) = 0.0024", "the neighbouring unit"),
        ("dE_dW13", "-delta3 = 0.0027", "only the delta is there"),
        ("E", "(0.5-0.6903)^2 = 0.0362", "no factor stands before the square"),
        ("a3", "0.1*0.35 = 0.0350", "is missing from the sum"),
    ],
)
def test_what_the_diagnosis_says_is_not_said_again(name, typed, once):
    found = told({name: typed})
    assert once in found
    assert "In " not in found


def test_a_hint_gives_no_factor_away():
    found = told({"delta3": "W35·δ5·y3(1-y3)·x1 = -0.0009"}, hints=True)
    assert found.startswith("Look at δ₃ again.")
    assert found.endswith("In your working stands a factor too many.")
    assert "In " not in told({"delta3": "0.3*(-0.0407) = -0.0122"}, hints=True)


def test_a_path_that_the_working_lacks_is_told():
    """What the number could also come from is not asked: the working shows one path of two."""
    problem = shipped("mazur-2-2-2")
    values = solve(problem).values
    right = {q: f"{decimals.rounded(v, problem.places):f}" for q, v in values.items()}
    w, d = problem.values[parse_name("W35")], right[parse_name("delta5")]
    slope = right[parse_name("dy3_da3")]
    number = decimals.rounded(w * Decimal(d) * Decimal(slope), problem.places)
    found = told({"delta3": f"{w}·({d})·{slope} = {number:f}"}, problem)
    assert "the term W₃₆·δ₆ is missing." in found


# --- never untrue ---


def sheet_of(problem):
    """A sheet without a mistake: its numbers, and what they may stand for."""
    values = {**problem.values, **solve(problem).values}
    own = {q: decimals.rounded(v, problem.places) for q, v in values.items()} | dict(problem.values)
    unit = 10.0**-problem.places

    def box(q):
        value = np.float64(own[q])
        return exactly(value) if q in problem.values else written(value, np.float64(unit))

    return own, OwnNumbers(problem.graph, box, unit)


def value(formula, own):
    with np.errstate(all="ignore"):
        return float(fold(formula, ArrayAlgebra(), lambda q: float(own[q])))


def mutated(form, rng, other):
    """A form with one thing changed, somewhere in it."""
    match form:
        case Negative(of):
            return negative(mutated(of, rng, other))
        case Sum(terms):
            if rng.random() < 0.3:
                return total([t for t in terms if t is not rng.choice(terms)] or list(terms))
            at = rng.randrange(len(terms))
            return total([*terms[:at], mutated(terms[at], rng, other), *terms[at + 1 :]])
        case Product(parts):
            at = rng.randrange(len(parts))
            put = rng.choice([[], [parts[at], parts[at]], [other], [parts[at], other], [negative(parts[at])]])
            return product([*parts[:at], *put, *parts[at + 1 :]])
        case Quotient(over, under):
            return rng.choice([over, Quotient(under, over), Quotient(over, product([under, other]))])
    return rng.choice([product([form, other]), other, negative(form), ONE - form])


def in_numbers(form, own):
    return typeset.substituted(form, lambda q: typeset.number(own[q]))


PROBLEMS = [
    made(shape, rng.choice(ACTIVATIONS), rng.choice(SQUARES), notation=notation, delta=delta, seed=i)
    for i, shape in enumerate((*SHAPES, (2, 2, 1), (2, 2, 2), (2, 2, 3)))
    for rng in [random.Random(f"evidence {i}")]  # noqa: S311 - no secrets
    for notation, delta in [(rng.choice(("unit", "layer")), rng.choice(("gradient", "negative-gradient")))]
]


@pytest.mark.part(4)
@pytest.mark.parametrize("problem", PROBLEMS, ids=[f"{i}" for i in range(len(PROBLEMS))])
def test_whatever_is_said_is_true_and_right_work_is_left_alone(problem):
    own, sheet = sheet_of(problem)
    names, rng, said = Names(problem), random.Random(5), 0  # noqa: S311 - no secrets
    for step in problem.graph.steps:
        forms = list(forms_of(step.formula, problem.graph))[:6]
        for form in forms:
            right = parse(in_numbers(form, own), names)
            assert flaw([form, right], step, sheet) is None, in_numbers(form, own)
            for _ in range(3):
                other = parse(rng.choice(["0.7", "1.3", "x1", "0.25", "2"]), names)
                wrong = mutated(form, rng, other)
                link = parse(in_numbers(wrong, own), names) if rng.random() < 0.5 else wrong
                found = flaw([link], step, sheet)
                if found is not None:
                    said += 1
                    assert abs(value(link, own) - value(step.formula, own)) > 0.4 * sheet.unit
                    assert holds(found[1], step.formula, link, own, sheet), (found, in_numbers(link, own))
    assert said > 10


WIDE = made((9, 9, 9))


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("a10", " + ".join(["0.5*0.5"] * 10)),
        ("dE_dy10", " + ".join(["0.5*0.5"] * 9)),
        ("dE_dy10", " + ".join(f"W10_{j}·delta{j}" for j in range(19, 28)) + " + 0.1"),
        ("delta10", "(" + " + ".join(["0.5*0.5"] * 9) + ")*" + "*".join(["0.25"] * 18)),
        ("delta10", "·".join(["y10"] * 10 + ["(1-y10)"] * 10)),
        ("dE_dW1_10", "*".join(["0.25"] * 300)),
        ("dE_dW1_10", "+".join(["0.25"] * 300)),
    ],
    ids=lambda text: text[:16],
)
def test_no_working_takes_long_to_compare(name, typed):
    _, sheet = sheet_of(WIDE)
    step, names = WIDE.graph.by_quantity[parse_name(name)], Names(WIDE)
    link = parse(typed, names)
    taken = []
    for _ in range(3):
        sheet._kept.clear()
        begun = time.thread_time()  # not the clock on the wall: other tests run beside this one
        flaw([link], step, sheet)
        taken.append(time.thread_time() - begun)
    assert min(taken) < 0.05


def holds(found, right, link, own, sheet):
    """Whether the sentence is true: with that one thing put right, the link has the right value."""
    part, whole, mine = value(found.part, own), value(right, own), value(link, own)
    near = 0.02 * max(abs(whole), abs(mine)) + 20 * sheet.unit
    if found.kind == "term":
        forms = forms_of(right, sheet.graph)
        without = (value(fewer, own) for form in forms for fewer in with_one_term_less(form, found.part))
        return any(abs(less - mine) <= near for less in without)
    for term in (link, *(link.terms if isinstance(link, Sum) else ())):
        before = value(term, own)
        match found.kind:
            case "missing":
                repaired = before * part
            case "twice" | "extra":
                repaired = before / part if part else 0.0
            case _:
                instead = value(found.instead, own)
                repaired = before / instead * part if instead else whole
        if min(abs(mine - before + repaired - whole), abs(mine - before - repaired - whole)) <= near:
            return True
    return False


def with_one_term_less(form, term):
    """A form without one term, wherever in it that term stands."""
    match form:
        case Sum(terms):
            kept = [t for t in terms if t not in (term, negative(term))]
            if len(kept) < len(terms):
                yield total(kept)
        case Product(parts):
            for i, part in enumerate(parts):
                for fewer in with_one_term_less(part, term):
                    yield product([*parts[:i], fewer, *parts[i + 1 :]])
        case Negative(of):
            yield from (negative(fewer) for fewer in with_one_term_less(of, term))
