"""The sign of each verdict, and what it is called: on a feedback page, and by whoever reads the page aloud."""

from __future__ import annotations

SIGNS = {"correct": "✓", "follows": "↷", "wrong": "✗", "missing": "–", "unreadable": "?", "not-assessed": "·"}
SAID = {
    "correct": "right",
    "follows": "follows rightly from an earlier slip of your own",
    "wrong": "this step broke",
    "missing": "left empty",
    "unreadable": "could not be read",
    "not-assessed": "nothing to judge",
}
SPOKEN = {sign: SAID[verdict] for verdict, sign in SIGNS.items()}
