"""Answers to questions about shapes: rows and columns of a matrix, written in any of the usual ways."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from exercises.formulas.quantity import QuantityKind
from exercises.pages import matrix_labels
from grader.answers.numbers import Unreadable, clean
from grader.questions.judged import Judged

if TYPE_CHECKING:
    from exercises.problems.matrices import Matrix
    from exercises.problems.problem import Problem

_TIMES = re.compile(r"[×✕✖⨯·∙*]|(?<![A-Za-z])[xX](?![A-Za-z])|\\times|\bby\b")
_WORD = re.compile(r"[A-Za-zℝ]+")
_KNOWN = re.compile(
    r"rows?|col(?:umn)?s?|vector|matrix|shape|size|dimension|scalar|numbers?|length|entr(?:y|ies)|an?|and|with|of"
    r"|[Rℝ]|mathbb"
)
_LONGEST = 80
_MARKS = r"[\s\d,;:.^{}()\[\]$\\/|&~-]*"


def judge(problem: Problem, matrix: Matrix, text: str) -> Judged:
    """Judge one answer."""
    if not text.strip():
        return Judged("missing", "Left blank.")
    found = read(text)
    if isinstance(found, Unreadable):
        return Judged("unreadable", found.told(), unread=found)
    right = matrix.shape(problem)
    if found == right:
        return Judged("correct")
    told = f"{_about(problem, matrix, found, right)} Rows first: {right[0]} × {right[1]}."
    return Judged("wrong", told, hint=_hint(problem, matrix))


def read(text: str) -> tuple[int, int] | Unreadable:
    """Rows and columns: `2x3`, `(2, 3)`, `2 by 3`, `3 rows and 2 columns`; a single number is a column's length."""
    plain = _TIMES.sub(" ", unicodedata.normalize("NFKC", text[:_LONGEST]))
    words = [w.lower() if len(w) > 1 else w for w in _WORD.findall(plain)]
    sizes = [int(n) for n in re.findall(r"\d{1,4}", plain)]
    shown = clean(text, _LONGEST)
    if (
        len(text) > _LONGEST
        or not all(map(_KNOWN.fullmatch, words))
        or not re.fullmatch(_MARKS, _WORD.sub("", plain))
    ):
        return Unreadable(shown, "rows and columns were expected, such as 2 × 3")
    if not sizes and {"scalar", "number"} & set(words):
        return 1, 1
    if len(sizes) == 1:
        return (1, sizes[0]) if {"row", "rows"} & set(words) else (sizes[0], 1)
    if len(sizes) != 2:  # noqa: PLR2004 - rows and columns
        return Unreadable(shown, "two numbers were expected, rows and columns, such as 2 × 3")
    first = next((w for w in words if w.startswith(("row", "col"))), "row")
    turned = first.startswith("col") and any(w.startswith("row") for w in words)
    return (sizes[1], sizes[0]) if turned else (sizes[0], sizes[1])


def _about(problem: Problem, matrix: Matrix, found: tuple[int, int], right: tuple[int, int]) -> str:
    """What such a shape shows."""
    name = matrix_labels.text_of(problem, matrix)
    shown = f"{found[0]} × {found[1]}"
    if found == (right[1], right[0]):
        return f"{shown} is the shape of the transposed, {name}ᵀ; {_laid_out(problem, matrix)}"
    net = problem.network
    others = [
        matrix_labels.text_of(problem, other)
        for layer in range(1, len(net.layers))
        if (other := type(matrix)(matrix.kind, layer)).shape(problem) == found
    ]
    if others:
        return f"{shown} is the shape of {others[0]}; {_laid_out(problem, matrix)}"
    return f"{shown} does not fit; {_laid_out(problem, matrix)}"


def _laid_out(problem: Problem, matrix: Matrix) -> str:
    """Why a matrix has its shape."""
    name = matrix_labels.text_of(problem, matrix)
    if matrix.kind is QuantityKind.WEIGHT:
        row, column = matrix_labels.ends(problem)
        return f"{name} has a row for each unit {row} and a column for each {column}."
    if matrix.kind is QuantityKind.WEIGHT_GRADIENT:
        weights = matrix_labels.text_of(problem, type(matrix)(QuantityKind.WEIGHT, matrix.layer))
        return f"{name} has one entry for each of {weights}, in the same places."
    return f"vectors are columns here, and {name} has one entry for each unit of its layer."


def _hint(problem: Problem, matrix: Matrix) -> str:
    """Where to look, no number given away."""
    said = _laid_out(problem, matrix)
    return f"{said[0].upper() if said[0].isascii() else said[0]}{said[1:]} Count the units on both sides of its arrows."
