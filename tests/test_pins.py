"""The same seed gives the same bytes, on every machine and in every version that does not say otherwise."""

import hashlib

import pytest
from click.testing import CliRunner

from answer_keys import problem_set
from answer_keys.draw_problems import draw_problems
from answer_keys.order import order_of
from byhand import main
from exercises.networks.kinds import KINDS
from exercises.problems import problem_writer
from grader.services import SERVICES

# Of the problem file of each kind, drawn from the seed "pins". A change here is one that instructors must be told of:
# it goes into the changelog.
PINNED = {
    "full-pass": "62c0bdb79487bf30",
    "chain": "a74c1f196eb0cb72",
    "batch": "5729843f34ec79a5",
    "descent": "d0865633d8ebe7ac",
    "relu": "5826fe851c9a4203",
    "vanishing": "40cd5b4ed70a2f4a",
    "optimizer": "69322a19022fa3e4",
    "matrix": "fd9e1892ed56fc45",
    "collapse": "8b9880e6e09ae729",
    "find-the-mistake": "f65d90aea10122cf",
    "convention": "c0b1d93b8cf88095",
    "composite": "72e09d5e4813e1be",
    "computation-graph": "742bc847e34a6540",
}


def digest(kind, path):
    """Of what is drawn of a kind."""
    text = f'title = "Pins"\nseed = "pins"\n\n[[exercise]]\nkind = "{kind}"\n'
    path.write_text(text, encoding="utf-8")
    (exercise,) = problem_set.read(path).exercises
    (found,) = draw_problems(order_of(exercise.options), ["pins"], SERVICES)
    return hashlib.sha256(problem_writer.write(found.problem).encode()).hexdigest()[:16]


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
