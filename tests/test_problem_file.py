"""Problem files: what is written reads back the same, and what is wrong is named, all of it at once."""

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import ACTIVATIONS, BIASES, ENTROPIES, SIGNS, SQUARES, drawn, made, table

from answer_keys import keyfile, published
from answer_keys.problems import load
from answer_keys.solution import solve
from exercises.common.errors import ByhandError, FileError, ProblemError
from exercises.formulas.decimals import rounded
from exercises.formulas.quantity import Link, a
from exercises.networks.plan import Plan
from exercises.problems import problem_file, problem_writer
from exercises.problems.marking import REPEATED
from exercises.problems.problem import Problem
from exercises.problems.specification import Specification

# --- reading what was written ---

NUMBERS = st.decimals(
    min_value=-10, max_value=10, allow_nan=False, allow_infinity=False, places=3
) | st.sampled_from([Decimal("0.50"), Decimal("1E+2"), Decimal("2.5E-7"), Decimal(3), Decimal("1E-30")])


@st.composite
def problems(draw):
    shape = draw(st.sampled_from([(1, 1), (2, 2, 1), (2, 2, 2), (1, 3), (2, 1, 2), (8, 2, 2)]))
    softmax = shape[-1] > 1 and draw(st.booleans())
    hidden = [draw(st.sampled_from(ACTIVATIONS)) for _ in shape[1:]]
    names = [*hidden[:-1], "softmax"] if softmax else hidden
    loss = draw(st.sampled_from([*SQUARES, *ENTROPIES]))
    content = table(
        shape,
        tuple(names),
        loss,
        draw(st.sampled_from(BIASES)),
        notation=draw(st.sampled_from(["unit", "layer"])),
        delta=draw(st.sampled_from(SIGNS)),
        places=draw(st.integers(1, 12)),
        title=draw(st.text(max_size=30)),
        marking={
            str(link): draw(st.integers(0, 9) | st.decimals(0, 1000, places=2))
            for link in draw(st.lists(st.sampled_from(Link), unique=True, max_size=4))
        }
        | draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "repeated": st.sampled_from(REPEATED),
                    "follows": st.decimals(0, 1, places=2),
                },
            )
        ),
    )
    for name in content["values"]:
        if name[0] != "t":
            content["values"][name] = draw(NUMBERS)
    return problem_file.from_table(content, "test")


@given(problems())
def test_writing_and_reading_gives_the_same_problem(problem):
    again = problem_file.parse(problem_writer.write(problem), "again")
    assert again == problem
    assert again.code == problem.code
    assert problem_writer.write(again) == problem_writer.write(problem)
    assert all(f"{again.values[q]:f}" == f"{v:f}" for q, v in problem.values.items())


@pytest.mark.parametrize("bias", BIASES)
@pytest.mark.parametrize("notation", ["unit", "layer"])
@pytest.mark.parametrize("network", [((2, 2, 1),), ((2, 3), "softmax", "cross-entropy")], ids=str)
def test_a_key_gives_back_the_problem(tmp_path, network, notation, bias):
    problem = drawn(*network, bias=bias, notation=notation, title="Week 3: “δ”")
    path = tmp_path / "key.json"
    path.write_text(keyfile.to_json(solve(problem), seed="s"), encoding="utf-8")
    assert keyfile.read(path) == problem
    assert load(str(path)) == problem
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["code"] == problem.code
    assert content["seed"] == "s"
    assert list(content["answers"]) == [s.quantity.name for s in problem.graph.steps]


def test_a_file_a_key_and_a_shipped_name_load_alike(tmp_path):
    text = published.text("huddar-1")
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    (tmp_path / "marked.toml").write_bytes(b"\xef\xbb\xbf" + text.encode())
    expected = problem_file.parse(text, "x")
    for named in ("huddar-1", tmp_path / "a.toml", tmp_path / "marked.toml"):
        assert load(str(named)) == expected


def test_what_is_left_out_takes_the_contracts_defaults():
    content = table((2, 2, 1))
    bare = problem_file.from_table({"shape": content["shape"], "values": content["values"]}, "x")
    assert bare.network.activations == ("sigmoid", "sigmoid")
    assert (bare.network.loss, bare.network.bias) == ("half-squared-error", "yes")
    assert (bare.notation, bare.delta, bare.places) == ("unit", "gradient", 4)


@pytest.mark.parametrize(
    "change",
    [
        {"shape": [3, 2, 1]},
        {"activation": "tanh"},
        {"loss": "squared-error"},
        {"bias": "fixed"},
        {"delta": "negative-gradient"},
        {"notation": "layer"},
        {"places": 5},
    ],
    ids=str,
)
def test_the_code_changes_with_whatever_changes_the_answers(change):
    problem = problem_file.from_table(table((2, 2, 1)), "x")
    content = {**table((2, 2, 1)), **change}
    content["values"] = {**table(tuple(content["shape"]))["values"], **content["values"]}
    if content["shape"] == [3, 2, 1]:
        content["values"] = table((3, 2, 1))["values"]
    assert problem_file.from_table(content, "x").code != problem.code


def test_the_code_changes_with_a_number_but_not_with_its_zeros_or_the_title():
    def code(**values):
        content = table((2, 2, 1), title="" if values else "Other")
        content["values"] |= values
        return problem_file.from_table(content, "x").code

    content = table((2, 2, 1))["values"]
    assert code() == code(x1=content["x1"])
    assert code(x1=Decimal("0.50")) == code(x1=Decimal("0.5"))
    assert code(x1=Decimal("0.5")) != code(x1=Decimal("0.51"))


# --- faults ---

GOOD = table((2, 2, 1))
VALUES = GOOD["values"]


def faults(content, origin="week3.toml"):
    with pytest.raises(ProblemError) as caught:
        problem_file.from_table(content, origin)
    return list(caught.value.faults)


def one_fault(content):
    found = faults(content)
    assert len(found) == 1, found
    assert found[0].startswith("week3.toml: ")
    assert "\n" not in found[0]
    return found[0]


def without(name):
    return {k: v for k, v in VALUES.items() if k != name}


# what is wrong: (the changed keys, the key that is named, what is said to be expected)
WRONG = {
    "unknown key": ({"activations": "tanh"}, "activations", "did you mean activation?"),
    "unknown key, nothing near": ({"zzz": 1}, "zzz", "expected one of title, shape"),
    "unknown value name": ({"values": {**VALUES, "W31": 1}}, "values.W31", "did you mean W"),
    "name of no unit": ({"values": {**VALUES, "x9": 1}}, "values.x9", "expected one of x1"),
    "computed, not given": ({"values": {**VALUES, "y3": 1}}, "values.y3", "expected one of x1"),
    "new": ({"values": {**VALUES, "W13_new": 1}}, "values.W13_new", "did you mean W13?"),
    "missing value": ({"values": without("W13")}, "W13", "expected a number"),
    "missing eta": ({"values": without("eta")}, "eta", "expected a number"),
    "nan": ({"values": {**VALUES, "x1": Decimal("nan")}}, "x1", "expected an ordinary number"),
    "infinite": ({"values": {**VALUES, "x1": Decimal("-inf")}}, "x1", "expected an ordinary number"),
    "huge": ({"values": {**VALUES, "x1": Decimal("1e31")}}, "x1", "too large or too small"),
    "huge int": ({"values": {**VALUES, "x1": 10**40}}, "x1", "too large or too small"),
    "tiny": ({"values": {**VALUES, "x1": Decimal("1e-31")}}, "x1", "too large or too small"),
    "bool for number": ({"values": {**VALUES, "x1": True}}, "x1", "not a number"),
    "text for number": ({"values": {**VALUES, "x1": "0.5"}}, "x1", "not a number"),
    "list for number": ({"values": {**VALUES, "x1": [1]}}, "x1", "not a number"),
    "date for number": ({"values": {**VALUES, "x1": dt.date(2024, 1, 1)}}, "x1", "not a number"),
    "values no table": ({"values": 3}, "values", "expected [values]"),
    "one layer": ({"shape": [3]}, "shape", "expected 2 to 10"),
    "eleven layers": ({"shape": [1] * 11}, "shape", "expected 2 to 10"),
    "empty layer": ({"shape": [2, 0, 1]}, "shape", "at least 1"),
    "negative layer": ({"shape": [2, -2, 1]}, "shape", "at least 1"),
    "too many units": ({"shape": [30, 30, 30], "activation": "tanh"}, "shape", "at most 60"),
    "shape text": ({"shape": "2-2-1"}, "shape", "[2, 2, 1]"),
    "shape of floats": ({"shape": [Decimal("2.0"), 2, 1]}, "shape", "whole numbers"),
    "shape of bools": ({"shape": [True, True]}, "shape", "whole numbers"),
    "shape nested": ({"shape": [[2], 2]}, "shape", "whole numbers"),
    "unknown activation": ({"activation": ["sigmoyd", "tanh"]}, "activation", "expected one of sigmoid"),
    "too few activations": ({"activation": ["tanh"]}, "activation", "one for each"),
    "too many activations": ({"activation": ["tanh"] * 3}, "activation", "one for each"),
    "activation a number": ({"activation": 3}, "activation", "a name nor a list of names"),
    "activations of numbers": ({"activation": [3, 4]}, "activation", "a name nor a list of names"),
    "softmax hidden": ({"activation": ["softmax", "sigmoid"]}, "activation", "output layer only"),
    "softmax of one": ({"activation": ["sigmoid", "softmax"]}, "activation", "at least two outputs"),
    "unknown loss": ({"loss": "mse"}, "loss", "expected one of half-squared-error"),
    "loss a list": ({"loss": ["mse"]}, "loss", "expected one of half-squared-error"),
    "bias text": ({"bias": "yes"}, "bias", 'expected true, false or "fixed"'),
    "bias number": ({"bias": 1}, "bias", 'expected true, false or "fixed"'),
    "notation": ({"notation": "units"}, "notation", 'expected "unit" or "layer"'),
    "notation a list": ({"notation": ["unit"]}, "notation", 'expected "unit" or "layer"'),
    "delta": ({"delta": "positive"}, "delta", 'expected "gradient" or "negative-gradient"'),
    "delta a table": ({"delta": {}}, "delta", 'expected "gradient" or "negative-gradient"'),
    "no places": ({"places": 0}, "places", "from 1 to 12"),
    "places too many": ({"places": 13}, "places", "from 1 to 12"),
    "places a bool": ({"places": True}, "places", "whole number"),
    "places a float": ({"places": Decimal("4.0")}, "places", "whole number"),
    "places text": ({"places": "four"}, "places", "whole number"),
    "title a number": ({"title": 3}, "title", "quotation marks"),
    "marking no table": ({"marking": []}, "marking", "expected [marking]"),
    "marking of no link": ({"marking": {"gradients": 1}}, "marking.gradients", "did you mean gradient?"),
    "marking negative": ({"marking": {"gradient": -1}}, "marking.gradient", "from 0 to 1000"),
    "marking nan": ({"marking": {"gradient": Decimal("nan")}}, "marking.gradient", "from 0 to 1000"),
    "follows above one": ({"marking": {"follows": 2}}, "marking.follows", "from 0 to 1"),
    "follows nan": ({"marking": {"follows": Decimal("nan")}}, "marking.follows", "from 0 to 1"),
    "repeated twice": ({"marking": {"repeated": "twice"}}, "marking.repeated", '"once" or "each"'),
    "marking text": ({"marking": {"gradient": "1"}}, "marking.gradient", "from 0 to 1000"),
    "target beyond 1": (
        {"loss": "cross-entropy", "values": {**VALUES, "t5": Decimal("1.5")}},
        "t5",
        "targets from 0 to 1",
    ),
    "target below 0": (
        {"loss": "binary-cross-entropy", "values": {**VALUES, "t5": Decimal("-0.5")}},
        "t5",
        "targets from 0 to 1",
    ),
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_each_fault_is_one_sentence_with_file_key_and_what_was_expected(change):
    changed, key, expected = change
    sentence = one_fault({**GOOD, **changed})
    assert key in sentence
    assert expected in sentence
    assert len(sentence) < 300


@pytest.mark.parametrize("key", ["shape", "values"])
def test_a_missing_key_is_named(key):
    found = faults({k: v for k, v in GOOD.items() if k != key})
    assert any(f.startswith(f"week3.toml: {key} is missing; expected ") for f in found)


def test_all_faults_are_told_at_once():
    content = {
        **GOOD,
        "colour": "red",
        "activation": ["tanh", "sine"],
        "loss": "hinge",
        "places": 2.5,
        "notation": "both",
        "marking": {"tea": 1},
    }
    found = faults(content)
    keys = ["colour is", "places:", "notation:", "marking.tea is", "activation: unknown name 'sine'", "loss:"]
    for key in keys:
        assert sum(f.startswith(f"week3.toml: {key}") for f in found) == 1, key
    assert len(found) == len(keys)


def test_all_missing_and_broken_values_are_told_at_once():
    values = {**VALUES, "W35": True, "W53": 1, "eta": Decimal("nan")}
    del values["x1"], values["t5"]
    found = faults({**GOOD, "values": values})
    assert len(found) == 5
    for name in ("W35", "W53", "eta", "x1", "t5"):
        assert sum(f"values.{name} " in f or f"values.{name}:" in f for f in found) == 1, name


def test_values_of_a_net_without_biases_may_not_name_any():
    content = {**GOOD, "bias": False}
    found = faults(content)
    assert len(found) == 3
    assert all("values.b" in f for f in found)


@pytest.mark.parametrize(
    "text",
    [
        "shape = [2, 2",
        "shape = [2, 2, 1]\nshape = [2, 2, 1]",
        "= 3",
        "a" * 50_000,
        "[values]\nx1 = 1e99999999999999999999",
        "x = " + "[" * 20_000,
        "x = " + "1" * 5_000,
        "\0",
    ],
    ids=lambda t: repr(t[:20]),
)
def test_broken_toml_is_one_sentence(text):
    with pytest.raises(ProblemError) as caught:
        problem_file.parse(text, "week3.toml")
    assert len(caught.value.faults) >= 1
    assert all(f.startswith("week3.toml: ") for f in caught.value.faults)


@pytest.mark.parametrize(
    "place",
    [
        "bias",
        "title",
        "values.x1",
        "marking.gradient",
        *(place for place in ("places", "loss", "shape")),
    ],
)
def test_an_endless_whole_number_is_a_fault_like_any_other(place):
    long = 16**8_000 - 1  # hexadecimal in TOML: Python will not print that many digits
    content = {**GOOD}
    if place == "shape":
        content["shape"] = [2, long, 1]
    elif "." in place:
        key, name = place.split(".")
        content[key] = {**content.get(key, {}), name: long}
    else:
        content[place] = long
    assert any(place.partition(".")[0] in f for f in faults(content))


def test_one_unknown_name_for_all_layers_is_one_fault():
    one_fault({**GOOD, "activation": "sigmoyd"})


@pytest.mark.parametrize("place", ["values", "marking", ""])
def test_a_key_with_control_characters_cannot_break_the_sentence_or_the_terminal(place):
    hostile = {"\x1b[2J\nfine": 1}
    changed = {place: {**GOOD.get(place, {}), **hostile}} if place else hostile
    for sentence in faults({**GOOD, **changed}):
        assert "\x1b" not in sentence
        assert "\n" not in sentence


def test_zero_has_one_code_whatever_its_sign():
    content = {**GOOD, "values": {**VALUES, "x1": Decimal("-0")}}
    problem = problem_file.from_table(content, "x")
    assert problem_file.parse(problem_writer.write(problem), "again").code == problem.code


def test_a_file_that_is_no_text_is_named(tmp_path):
    path = tmp_path / "week3.toml"
    path.write_bytes(b'title = "caf\xe9"\n')
    with pytest.raises(FileError, match=r"week3.toml: not UTF-8 text at byte 12"):
        problem_file.read(path)


def test_a_folder_a_missing_file_and_a_flood_are_named(tmp_path):
    with pytest.raises(FileError, match="cannot be read"):
        problem_file.read(tmp_path)
    with pytest.raises(FileError, match=r"none.toml: cannot be read"):
        problem_file.read(tmp_path / "none.toml")
    (tmp_path / "flood.toml").write_text("#" * 2_000_000, encoding="utf-8")
    with pytest.raises(FileError, match=r"flood.toml: larger than"):
        problem_file.read(tmp_path / "flood.toml")


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "3", "null", '{"format": "other"}', "[" * 100_000, '{"format": "byhand answer key 1"}',
     '{"format": "byhand answer key 1", "problem": 3}', '{"format": "byhand answer key 1", "problem": "x"}'],
    ids=lambda t: t[:60] or "empty",
)  # fmt: skip
def test_a_broken_key_is_one_sentence(tmp_path, content):
    path = tmp_path / "key.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ByhandError) as caught:
        load(str(path))
    assert len(caught.value.faults) == 1
    assert caught.value.faults[0].startswith(f"{path}: ")


@pytest.mark.parametrize("named", ["huddar-2", "", ".", "no/such/file.toml", "x" * 5_000])
def test_a_problem_that_is_not_there_is_one_sentence(named):
    with pytest.raises(ByhandError) as caught:
        load(named)
    assert len(caught.value.faults) == 1
    assert "\n" not in caught.value.faults[0]


def test_an_unknown_name_tells_which_exercises_are_shipped():
    assert {"huddar-1", "mazur-2-2-2", "tutorial-2-2-1"} <= set(published.names())
    with pytest.raises(FileError, match=", ".join(published.names())):
        load("huddar-2")


def test_a_number_that_does_not_exist_is_a_problem_error_that_names_the_line():
    content = table((1, 1), "linear", "cross-entropy")
    content["values"] |= {"x1": Decimal(1), "W12": Decimal(-2), "b2": Decimal(0)}
    with pytest.raises(ProblemError, match=r"E = −t₂·ln\(y₂\) does not exist"):
        solve(problem_file.from_table(content, "x"))


def test_a_problem_is_complete_or_is_none():
    """`Problem.of` works out what a sheet gives; the problem itself adds nothing to its fields."""
    full = made((2, 2, 1))
    said = Specification(full.network, full.values, plan=Plan(ask=("updates",)))
    found = Problem.of(said)
    lines = [q for q in found.graph.given if q not in full.values]
    assert lines
    assert all(found.values[q] == rounded(solve(full).values[q], 4) for q in lines)
    assert said.values == full.values
    assert replace(found) == found == Problem.of(found)
    assert found.full_pass == full
    with pytest.raises(ProblemError, match=f"{lines[0].name} is missing"):
        replace(found, values=full.values)


def test_a_worked_solution_goes_with_what_is_said_of_it():
    found = made((2, 2, 1)).recast(Plan("convention"))
    assert replace(found, title="Another") == replace(found.recast(found.plan), title="Another")
    with pytest.raises(ProblemError, match="a3 is not the number that is printed"):
        replace(found, values={**found.values, a(3): Decimal(7)})
    with pytest.raises(ProblemError, match="those about the worked solution are missing"):
        replace(found, questions=())


def test_a_problem_made_in_code_checks_itself_too():
    problem = made((2, 2, 1))
    with pytest.raises(ProblemError) as caught:
        Problem(problem.network, {}, places=99)
    assert len(caught.value.faults) == len(problem.graph.given) + 1


# --- anything at all ---

PRINTABLE = st.characters(exclude_categories=["C", "Zl", "Zp"])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**45), 10**45)
    | st.integers(-3, 13)
    | st.decimals()
    | st.text(max_size=12)
    | st.sampled_from(["sigmoid", "softmax", "relu", "fixed", "layer", "unit", "gradient", "cross-entropy"])
    | st.dates()
    | st.datetimes()
    | st.times()
)
NAMES = st.sampled_from([*problem_file.KEYS, *VALUES, *Link, "W1_13", "dE_dW13", "x0", "E"]).map(
    str
) | st.text(PRINTABLE, max_size=8)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=12,
)


@given(st.dictionaries(NAMES, ANYTHING, max_size=6))
def test_any_table_is_a_problem_or_a_problem_error(content):
    attempt(content)


@given(st.dictionaries(NAMES, ANYTHING, max_size=3), st.dictionaries(NAMES, ANYTHING, max_size=3))
def test_any_change_of_a_good_table_is_a_problem_or_a_problem_error(changes, values):
    attempt({**GOOD, "values": {**VALUES, **values}, **changes})


def attempt(content):
    try:
        problem = problem_file.from_table(content, "x.toml")
    except ProblemError as error:
        wrong = [f for f in error.faults or [""] if not f.startswith("x.toml: ") or "\n" in f]
    else:
        wrong = [] if problem_file.parse(problem_writer.write(problem), "again") == problem else [problem]
    assert not wrong


@given(st.text(max_size=60) | st.text(alphabet="[]{}=\"'#.,\n 0123456789eE+-_xabtrufalsenif", max_size=60))
def test_any_text_is_a_problem_or_a_problem_error(text):
    with pytest.raises(ProblemError) as caught:
        problem_file.parse(text, "x.toml")
    assert all(f.startswith("x.toml: ") for f in caught.value.faults)
