"""What a problem set says: its exercises, and from what everybody's numbers are drawn."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

from exercises.pages.sheet_layout import layout_of

if TYPE_CHECKING:
    from decimal import Decimal

    from exercises.pages.sheet_layout import SheetLayout
    from exercises.paper.sheet import Purpose
    from exercises.problems.marking import Marking
    from exercises.problems.problem import Problem


@dataclass(frozen=True, slots=True)
class FreeText:
    """A question that is answered in words: its title, its paragraphs, how many lines there are to write on."""

    title: str
    paragraphs: tuple[str, ...]
    lines: int


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise of a set.

    name:    its number as printed, from 1.
    points:  what it is worth.
    seed:    what tells it from the others when its numbers are drawn.
    options: as `byhand generate` takes them.
    given:   the problem, the same for everybody, where none is to be drawn.
    same:    the name of the exercise before it whose numbers it has; empty where its own are drawn.
    words:   what is to be answered in words, in so many lines; a person marks it, and there is no problem.
    """

    name: str
    points: Decimal
    seed: str
    options: dict[str, Any]
    given: Problem | None = None
    same: str = ""
    words: FreeText | None = None


@dataclass(frozen=True, slots=True)
class ProblemSet:
    """A whole set.

    date:         as it is to be printed.
    instructions: paragraphs for the cover.
    seed:         the set's secret: with it, and only with it, the numbers can be drawn again.
    paper:        "a4" or "letter".
    marking:      what lines are worth in every exercise; None where the set does not say.
    purpose:      what its sheets are made for: "screen", "paper" or "both".
    chosen:       the name of their layout, empty for the usual one; scratch: whether a page to scratch on follows each.
    policy:       when sheets are due and so on, as a file for whoever grades; empty where the set does not say.
    rules:        what of that students are told, in sentences.
    versions:     so many lots of numbers there are, A, B and so on; 0 where everybody has their own.
    notes:        what may not be as it was meant.
    """

    title: str
    course: str
    date: str
    instructions: tuple[str, ...]
    seed: str
    paper: str
    exercises: tuple[Exercise, ...]
    marking: Marking | None = None
    purpose: Purpose = "screen"
    chosen: str = ""
    scratch: bool = False
    policy: str = ""
    rules: tuple[str, ...] = ()
    versions: int = 0
    notes: tuple[str, ...] = ()

    @property
    def layout(self) -> SheetLayout:
        """How its sheets are set out."""
        return layout_of(self.chosen or None, paper=self.purpose != "screen", scratch=self.scratch)

    def version(self, student_id: str) -> str:
        """The letter of a student's numbers, which the secret and the id decide; empty where everybody has their own."""
        if not self.versions:
            return ""
        digest = hmac.new(self.seed.encode(), f"version\n{student_id}".encode(), hashlib.sha256).digest()
        return ascii_uppercase[int.from_bytes(digest[:8]) % self.versions]

    def seed_for(self, exercise: Exercise, student_id: str) -> str:
        """What one student's numbers for one exercise are drawn from.

        It depends on nothing but the secret, the exercise and the student, so that a roster may grow or be
        sorted anew; and it does not lead back to the secret (HMAC-SHA256, RFC 2104).
        """
        message = f"{exercise.seed}\n{student_id}".encode()
        return hmac.new(self.seed.encode(), message, hashlib.sha256).hexdigest()
