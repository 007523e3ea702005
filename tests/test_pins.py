"""The same seed gives the same bytes, on every machine and in every version that does not say otherwise."""

import hashlib

import pytest
from click.testing import CliRunner

from answer_keys import problem_set
from answer_keys.commands import order_of
from answer_keys.drawing import draw_problems
from byhand import main
from exercises import problem_file
from exercises.kinds import KINDS
from grader.telling import TELLING

# Of the problem file of each kind, drawn from the seed "pins". A change here is one that instructors must be told of:
# it goes into the changelog.
PINNED = {}


def digest(kind, path):
    """Of what is drawn of a kind."""
    text = f'title = "Pins"\nseed = "pins"\n\n[[exercise]]\nkind = "{kind}"\n'
    path.write_text(text, encoding="utf-8")
    (exercise,) = problem_set.read(path).exercises
    (found,) = draw_problems(order_of(exercise.options), ["pins"], TELLING)
    return hashlib.sha256(problem_file.write(found.problem).encode()).hexdigest()[:16]


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_gives_the_numbers_that_it_always_gave(kind, tmp_path):
    assert digest(kind, tmp_path / "set.toml") == PINNED[kind]


def test_a_seed_gives_the_same_pages_twice(tmp_path):
    found = []
    for name in ("one", "other"):
        arguments = [
            "generate",
            "--shape",
            "2-2-1",
            "--seed",
            "pins",
            "--html",
            "--out",
            str(tmp_path / name),
        ]
        assert CliRunner().invoke(main, arguments).exit_code == 0
        found.append({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()})
    assert len(found[0]) > 3
    assert found[0] == found[1]
