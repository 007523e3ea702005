"""The stand-in for NumPy says what NumPy says: on whole reports, and where the two could part most easily."""

# ruff: noqa: ARG005 - one signature for all

import ast
import math
import random
import re

import numpy as np
import practice_sheets
import pytest

from grader.practice import runtime, standin


def same(sheets):
    here, there = practice_sheets.reports(sheets), practice_sheets.reports_without_numpy(sheets)
    assert len(here) == len(there) == len(sheets)
    assert [n for n, (one, other) in enumerate(zip(here, there, strict=True)) if one != other] == []
    return here


@pytest.mark.slow
def test_reports_are_the_same_to_the_letter():
    reports = same(practice_sheets.simulated(5) + practice_sheets.every_kind(1)[1:3])
    assert any('"wrong"' in report for report in reports)


@pytest.mark.slow
def test_reports_on_sheets_of_all_kinds_are_the_same_to_the_letter():
    sheets = practice_sheets.simulated(30) + practice_sheets.every_kind(1)
    reports = same(sheets)
    assert sum('"wrong"' in report for report in reports) > 10
    assert sum('"follows"' in report for report in reports) > 5


def numbers(kind, count):
    rng = random.Random(f"{kind} {count}")  # noqa: S311 - nothing here is secret
    if kind == "whole":
        return [rng.randint(-9, 9) for _ in range(count)]
    found = [rng.choice((0.0, -0.0, math.nan, math.inf, -math.inf, rng.uniform(-3, 3))) for _ in range(count)]
    return found if kind == "odd" else [rng.uniform(-3, 3) for _ in range(count)]


def plain(value):
    """As Python's own values, so that no number is like no number, and zeros keep their signs."""
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    return repr(
        value.tolist() if hasattr(value, "tolist") else value.item() if hasattr(value, "item") else value
    ).lower()


ONE = {
    "sum": lambda np, a: a.sum(),
    "sum0": lambda np, a: a.reshape(2, -1).sum(axis=0),
    "sum1": lambda np, a: a.reshape(2, -1).sum(axis=1),
    "mean": lambda np, a: a.mean(),
    "min": lambda np, a: a.min(),
    "max": lambda np, a: a.max(),
    "any": lambda np, a: np.any(a > 1),
    "all": lambda np, a: np.all(a < 3),
    "sort": lambda np, a: np.sort(a + 0),
    "sort0": lambda np, a: np.sort(a.reshape(-1, 2) + 0, axis=0),
    "cumsum": lambda np, a: np.cumsum(a),
    "cumprod0": lambda np, a: np.cumprod(a.reshape(-1, 2), axis=0),
    "round": lambda np, a: np.round(a, 2),
    "rint": lambda np, a: np.rint(a * 1.0),
    "floor": lambda np, a: np.floor(a * 1.0),
    "sign": lambda np, a: np.sign(a * 1.0),
    "divide": lambda np, a: 1.0 / a,
    "divided": lambda np, a: a / (a - a),
    "power": lambda np, a: (a * 1.0) ** 2,
    "where": lambda np, a: np.where(a > 0, a, -1.0),
    "not": lambda np, a: ~(a > 0),
    "new axis": lambda np, a: a[:, None] * a[None, :3],
    "masked": lambda np, a: a[a > 0],
    "listed": lambda np, a: a[[3, 1]],
    "fmin": lambda np, a: np.fmin(a, 0.5),
    "minimum": lambda np, a: np.minimum(a, 0.5),
    "clip": lambda np, a: np.clip(a, -1, 1),
    "reduce": lambda np, a: np.maximum.reduce(a.reshape(2, -1)),
    "unique": lambda np, a: np.unique(np.round(a * 1.0)),
    "argmax": lambda np, a: np.argmax(a.reshape(2, -1) > 0, axis=0),
    "nonzero": lambda np, a: np.nonzero(a.reshape(2, -1) > 0),
    "stack": lambda np, a: np.stack([a, -a], axis=1),
    "copysign": lambda np, a: np.copysign(1.0, a),
    "frexp": lambda np, a: np.frexp(np.where(np.isfinite(a * 1.0), a * 1.0, 1.0)),
    "median": lambda np, a: np.median(a),
    "nextafter": lambda np, a: np.nextafter(a * 1.0, 9.0),
    "take": lambda np, a: a.take(np.arange(2)),
    "neg": lambda np, a: -a,
    "logical": lambda np, a: np.logical_and.reduce([a > -1, a < 1]),
    "vstack": lambda np, a: np.vstack([a, a]),
    "pair": lambda np, a: a.reshape(2, -1)[np.array([1, 0]), np.arange(2)],
    "ellipsis": lambda np, a: a.reshape(2, -1)[..., 1],
}


@pytest.mark.parametrize("name", ONE)
@pytest.mark.parametrize("kind", ["float", "odd", "whole"])
@pytest.mark.parametrize("count", [6, 40])
def test_each_operation_is_numpys(name, kind, count):
    values = numbers(kind, count)
    if kind == "whole" and name in {"divide", "divided", "nextafter", "power", "copysign"}:
        values = [float(value) for value in values]
    if kind == "odd" and name in {"unique", "cumprod0"}:
        values = numbers("float", count)
    with np.errstate(all="ignore"):
        wanted = plain(ONE[name](np, np.array(values)))
    assert plain(ONE[name](standin, standin.array(values))) == wanted


def test_a_row_is_added_up_in_numpys_order():
    values = numbers("float", 700)
    for count in (7, 8, 9, 127, 129, 300, 700):
        assert standin.array(values[:count]).sum() == np.array(values[:count]).sum()


def test_the_stand_in_has_every_name_that_the_graders_modules_call():
    """A name that comes to be used some day is noticed here, and not by a student."""
    called = {
        name
        for path, data in runtime.sources().items()
        if path.endswith(".py") and "/standin/" not in path
        for name in re.findall(r"\bnp\.(\w+)", data.decode())
    }
    assert {"where", "stack", "nanmedian"} < called
    assert sorted(name for name in called if not hasattr(standin, name)) == []


def test_the_graders_modules_take_nothing_else_from_outside():
    """Beside Python's own library: NumPy's place is taken, and the last one is fetched by exercises that need it."""
    names = set()
    for data in runtime.sources().values():
        for node in ast.walk(ast.parse(data)):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.split(".")[0])
    outside = {
        "sympy",
        "click",
        "rich",
        "jinja2",
        "weasyprint",
        "pikepdf",
        "pypdfium2",
        "tomlkit",
        "fontTools",
    }
    assert {"numpy", "mpmath"} < names
    assert not names & outside
