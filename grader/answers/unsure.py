"""Answers that were seen and could not be read for certain, such as handwriting: a text that says why, and no number."""

from __future__ import annotations

from grader.answers.numbers import Unreadable

MARK = "\ufdd1"  # begins such a text; no character: nobody can write it
SHOWN = "(handwriting)"  # what stands in its place for people


def unsure(reason: str) -> str:
    """The text of an answer that a person must look at; `reason` is half a sentence."""
    return MARK + reason


def for_people(text: str) -> str:
    """A text as people see it."""
    return SHOWN if text.startswith(MARK) else text


def seen_only(text: str) -> Unreadable | None:
    """Why an answer could not be read, if its text says that it was only seen."""
    return Unreadable(SHOWN, text.removeprefix(MARK)) if text.startswith(MARK) else None
