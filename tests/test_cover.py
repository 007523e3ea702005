"""What a cover says of mistakes and of days: what the set says, and nothing else."""

import datetime as dt
from decimal import Decimal

import pytest

from answer_keys import problem_set
from answer_keys.booklets import instructions
from exercises.problems.marking import Marking
from exercises.problems.policy import told_to_students

HEAD = 'title = "Set"\nseed = "s"\n'
EXERCISE = '[[exercise]]\nkind = "composite"\n'


def read(tmp_path, text):
    path = tmp_path / "set.toml"
    path.write_text(HEAD + text + EXERCISE, encoding="utf-8")
    return problem_set.read(path)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("", "whatever follows from it by right steps counts in full."),
        ("[marking]\nfollows = 0.5\n", "what follows from it by right steps counts 50\N{NO-BREAK SPACE}%."),
        ("[marking]\nfollows = 0\n", "and every line that follows from it."),
        ('[marking]\nrepeated = "each"\n', "counts in full. If it is made again, it costs that line too."),
    ],
)
def test_how_mistakes_are_charged_is_told_as_the_set_says(tmp_path, table, said):
    assert instructions(read(tmp_path, table))[1].endswith(said)


def test_words_of_ones_own_that_say_otherwise_are_noticed(tmp_path):
    starter = f'instructions = "Work alone.\\n\\n{Marking().told}"\n'
    (note,) = read(tmp_path, starter + "[marking]\nfollows = 0.25\n").notes
    assert "is not what [marking] says" in note
    assert not read(tmp_path, starter + "[marking]\nupdate = 2\n").notes


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({}, ()),
        ({"due": dt.date(2026, 12, 1)}, ("Due on 1 December 2026.",)),
        (
            {
                "due": dt.datetime(2026, 12, 1, 18, tzinfo=dt.timezone(dt.timedelta(hours=1))),
                "late": {"per_day": Decimal("0.1"), "free_days": 1, "last_day": 7},
                "least_lines": 3,
            },
            (
                (
                    "Due on 1 December 2026, 18:00 UTC+01:00. The first day after that costs nothing, each further "
                    "day begun costs 10\N{NO-BREAK SPACE}%. After 7 days nothing counts any more."
                ),
                "An exercise with fewer than 3 answers earns nothing.",
            ),
        ),
        (
            {"due": dt.date(2026, 12, 1), "late": {"per_day": 1, "last_day": 0}},
            (
                "Due on 1 December 2026. Each day begun costs 100\N{NO-BREAK SPACE}%. After that nothing counts any more.",
            ),
        ),
    ],
)
def test_when_sheets_are_due_is_told(table, said):
    assert told_to_students(table) == said


def test_a_cover_tells_the_rules_below_words_of_ones_own(tmp_path):
    found = read(tmp_path, 'instructions = "Work alone."\ndue = 2026-12-01\n')
    assert instructions(found) == ("Work alone.", "Due on 1 December 2026.")
