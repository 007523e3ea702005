"""Small exercises that show the mistakes of kinds other than the full pass; fixed, so that examples stay as they are."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from exercises.problems import problem_file

if TYPE_CHECKING:
    from exercises.problems.problem import Problem

_HEAD = 'shape = [2, 2, 1]\nbias = false\nplaces = 5\nkind = "{kind}"\n{more}\n[values]\n'
_WEIGHTS = "W13 = 0.7\nW23 = -0.4\nW14 = 0.5\nW24 = 1.2\nW35 = 1.4\nW45 = -0.9\neta = 0.6\n"
_ONE = "x1 = 0.65\nx2 = -0.35\nt5 = 0.15\n"
_STEP = 'optimizer = "{name}"\nask = ["step W13", "step W35"]\nat_step = {at}'
_OF_STEP = _HEAD.replace("places = 5", "places = 6")
_TEXTS = {
    "batch": _HEAD.format(kind="batch", more='ask = "no-check-run"\nexamples = 2')
    + _WEIGHTS
    + "x1_ex1 = 0.65\nx2_ex1 = -0.35\nt5_ex1 = 0.15\nx1_ex2 = -0.8\nx2_ex2 = 0.55\nt5_ex2 = 0.85\n",
    "descent": _HEAD.format(kind="descent", more='ask = "no-check-run"\nsteps = 2') + _WEIGHTS + _ONE,
    "chain": _HEAD.format(kind="chain", more='ask = "chain W13"') + _WEIGHTS + _ONE,
    "two-paths": _HEAD.format(kind="chain", more='ask = "chain W13"').replace("2, 2, 1", "2, 2, 2")
    + _WEIGHTS
    + _ONE
    + "W36 = 0.8\nW46 = 1.7\nt6 = 0.35\n",
    "vanishing": 'shape = [1, 1, 1, 1]\nbias = false\nplaces = 5\nkind = "vanishing"\nask = "deltas"\n[values]\n'
    "x1 = 0.85\nW12 = 1.3\nW23 = -0.7\nW34 = 1.6\nt4 = 0.15\neta = 0.6\n",
    "momentum": _OF_STEP.format(kind="optimizer", more=_STEP.format(name="momentum", at=1))
    + _WEIGHTS
    + _ONE
    + "m_W13 = 0.03\nm_W35 = -0.17\nbeta = 0.9\n",
    "rmsprop": _OF_STEP.format(kind="optimizer", more=_STEP.format(name="rmsprop", at=1))
    + _WEIGHTS
    + _ONE
    + "v_W13 = 0.0031\nv_W35 = 0.017\nbeta = 0.9\nepsilon = 0.001\n",
    "adam": _OF_STEP.format(kind="optimizer", more=_STEP.format(name="adam", at=3))
    + _WEIGHTS
    + _ONE
    + "m_W13 = 0.012\nv_W13 = 0.002\nm_W35 = 0.04\nv_W35 = 0.013\nbeta1 = 0.9\nbeta2 = 0.99\nepsilon = 0.001\n",
}


@lru_cache(maxsize=1)
def exercises() -> dict[str, Problem]:
    """The exercises by name."""
    return {name: problem_file.parse(text, name) for name, text in _TEXTS.items()}
