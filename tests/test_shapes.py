"""JSON, tables and lines in any shape are read by all labels of each number; what is told twice differently is left."""

import json
import re
from pathlib import Path

import pytest
from test_styles import KEYS, numbers, reading

PLACES = {net: {name: f"{0.1037 + 0.0131 * n:.4f}" for n, name in enumerate(KEYS[net])} for net in KEYS}
FOLDER = Path(__file__).parent / "typed"
SLOT = re.compile(r"@(\w+)@")


def shapes(name):
    """Each shape of a file by its name: the net and the suffix, and the text with a slot `@a3@` for each answer."""
    parts = (FOLDER / f"{name}.shapes").read_text(encoding="utf-8").split("%% ")[1:]
    pairs = (part.split("\n", 1) for part in parts)
    return {head.split(" ", 1)[1]: (*head.split(" ", 1)[0].split("."), body) for head, body in pairs}


SHAPES = shapes("nested") | shapes("tables") | shapes("texts")


def filled(net, text):
    truth = {name: PLACES[net][name] for name in SLOT.findall(text)}
    return SLOT.sub(lambda slot: truth[slot[1]], text), truth


@pytest.mark.parametrize("shape", SHAPES)
def test_every_number_goes_to_its_line(shape, tmp_path):
    net, suffix, text = SHAPES[shape]
    written, truth = filled(net, text)
    (found,) = reading(net, written, f".{suffix}", tmp_path).submissions
    assert numbers(net, found) == truth
    assert not {number for one in found.left_over for number in truth.values() if number in one.text}


def test_what_two_groups_tell_differently_counts_in_neither(tmp_path):
    text = json.dumps({"here": {"a3": "0.15", "y3": "0.25"}, "there": {"a3": "0.35"}})
    found = reading("one", text, ".json", tmp_path)
    (sheet,) = found.submissions
    assert numbers("one", sheet) == {"y3": "0.25"}
    assert [(one.where, one.text) for one in sheet.left_over] == [
        ("key here.a3", "a3 = 0.15"),
        ("key there.a3", "a3 = 0.35"),
    ]
    assert "stands in another group with another number; neither counts" in found.complaints[0]


def test_a_key_that_nobody_knows_takes_nothing_from_its_group(tmp_path):
    text = json.dumps({"deltas": {"unit 3": {"zork": "0.15"}}, "a3": {"zork": "0.25"}, "y3": "0.35"})
    (found,) = reading("one", text, ".json", tmp_path).submissions
    assert numbers("one", found) == {"y3": "0.35"}
    assert {one.text for one in found.left_over} == {"zork: 0.15", "0.25"}


def test_records_with_students_are_students(tmp_path):
    text = json.dumps([{"student": "Ada", "a3": "0.15"}, {"student": "Bo", "a3": "0.25"}])
    found = reading("one", text, ".json", tmp_path)
    assert [(s.student, numbers("one", s)) for s in found.submissions] == [
        ("Ada", {"a3": "0.15"}),
        ("Bo", {"a3": "0.25"}),
    ]
