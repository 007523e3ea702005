"""Whatever stands in a file that an instructor writes: it is read, or refused in sentences that name the file."""

import csv
import io

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from answer_keys import problem_set
from exercises.common.errors import ByhandError
from grader.course.placing import overrides, settled

WORDS = (
    "title", "seed", "exercise", "points", "shape", "kind", "problem", "question", "marking", "override", "reason",
    "student", "code", "quantity", "credit", "verdict", "convention", "late", "due", "per_day", "least_lines", "versions",
    "same_numbers_as", "figures", "places", "for", "layout", "follows", "repeated", "update", "hidden delta", "count",
)  # fmt: skip
NAMES = st.sampled_from(WORDS) | st.text(max_size=4).filter(lambda text: "\0" not in text)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
SCALARS = (
    st.booleans()
    | st.integers(-3, 40)
    | st.floats(width=32)
    | st.sampled_from([float("nan"), float("inf"), -float("inf"), 10**30, -(10**30), 1e300])
    | st.sampled_from(
        ["1-1", "2-2-1", "computation-graph", "half-up", "E", "correct", "2026-11-29", "=1+1", "../x"]
    )
    | st.dates()
    | st.datetimes()
    | TEXTS
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=10,
)
ROWS = st.lists(st.dictionaries(NAMES, ANYTHING, max_size=6), min_size=1, max_size=3)
TABLES = {
    "set": (
        problem_set.read,
        {"title": "T", "seed": "s", "exercise": [{"shape": "1-1", "points": 2}]},
        "exercise",
    ),
    "marking": (settled.read_scheme, {"marking": {"update": 2}}, "marking"),
    "overrides": (overrides.read_overrides, {"override": [{"reason": "so", "points": 1}]}, "override"),
}


def attempt(read, path, content):
    """Read a file that holds this; every sentence of a refusal names it, on a line of its own, and is not long."""
    path.write_bytes(content)
    try:
        read(path)
    except ByhandError as error:
        for fault in error.faults or (str(error),):
            assert path.name in fault
            assert len(fault) < 2_000
            assert "\n" not in fault
            assert "\x1b" not in fault


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("anything")


@pytest.mark.parametrize("name", TABLES)
@given(changes=st.dictionaries(NAMES, ANYTHING, max_size=4), rows=ROWS | ANYTHING)
def test_any_table_is_read_or_refused_in_sentences(folder, name, changes, rows):
    read, good, below = TABLES[name]
    if isinstance(good[below], list) and isinstance(rows, list):
        rows = [*good[below], *rows]
    elif isinstance(good[below], dict) and isinstance(rows, list) and isinstance(rows[:1], dict):
        rows = rows[0]
    attempt(read, folder / f"{name}.toml", tomlkit.dumps({**good, below: rows, **changes}).encode())


@pytest.mark.parametrize("name", [*TABLES, "settled"])
@given(
    data=st.binary(max_size=40) | st.text(alphabet="[]{}=\"'#.,;\n 019eE+-_nai", max_size=60).map(str.encode)
)
def test_any_bytes_are_read_or_refused_in_sentences(folder, name, data):
    read = settled.read_settled if name == "settled" else TABLES[name][0]
    attempt(read, folder / f"{name}.x", data)


HEADS = ["file", "place", "student_id", "code", "late", "points", "student", "quantity", "exercise", "reason"]


@given(
    heads=st.lists(st.sampled_from(HEADS) | TEXTS, max_size=8),
    rows=st.lists(st.lists(SCALARS.map(str), max_size=9), max_size=4),
)
def test_any_table_of_decisions_is_read_or_refused_in_sentences(folder, heads, rows):
    out = io.StringIO()
    csv.writer(out).writerows([heads, *rows])
    attempt(settled.read_settled, folder / "settled.csv", out.getvalue().encode())
