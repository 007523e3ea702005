"""A weight that is told by the two units that it joins: `1→3`, “from 1 to 3”, `wt 1-3`, `w(x1,h1)`, `h1 -> output`."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from exercises.formulas.quantity import QuantityKind, bias, weight
from grader.answers.lexicon import ROLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from exercises.formulas.quantity import Quantity
    from exercises.problems.problem import Problem

_END = r"(?:(?:unit|node|neuron) )?(?:(?:[xihoun]|in|inp|input|hid|hidden|out|output)[_ ]?)?\d{1,2}"
_OUTPUT = "o|out|output|uscita|sortie|salida|saída|ausgang|ausgabe"
_PAIR = re.compile(
    rf"(?P<from>\b(?:from|von|de|da|between|zwischen|z) )?(?P<stem>\b(?:w|wt|weight)[ _]?)?"
    rf"[({{\[]?(?<![\w.,])(?P<a>{_END}) ?(?P<sign>to|nach|vers|auf|à|a|and|und|→|->|-+>|[–−,-]|\]\[)"
    rf" ?(?P<b>{_END}|(?:{_OUTPUT})\b)(?![\w.,]|\d)[)}}\]]?",
    re.IGNORECASE,
)
_ARROWED = re.compile(
    rf"(?<=^)\W{{0,3}}(?P<from>)(?P<stem>(?:[^\W\d_]{{2,}}[ _]){{0,2}}|w)\(?(?P<a>{_END}) ?(?P<sign>→|->|-+>)"
    rf" ?(?P<b>{_END}|(?:{_OUTPUT})\b)(?![\w.,]|\d)\)?",
    re.IGNORECASE,
)
_CALLED = re.compile(  # w(x1,h1)
    rf"(?<![abce-z])(?P<from>)(?P<stem>[wW])[_ ]?[(\[{{]\s?(?P<a>{_END}) ?(?P<sign>,|→|->|;)"
    rf" ?(?P<b>{_END}|{_OUTPUT})\s?[)\]}}]",
    re.IGNORECASE,
)
_TOWARDS = re.compile(r"(?:from|to|into|von|nach|zu|de|da|vers|à|a)\s+", re.IGNORECASE)
_BIAS = frozenset({"bias", "b", "1 (bias)", "const", "offset"})
_SURE = frozenset({"→", "->", "-->"})


class Pairs:
    """The weights of a problem by their ends.

    unit: finds a unit by the letter of its layer and its number.
    """

    def __init__(self, problem: Problem, unit: Callable[[str, int], int]) -> None:
        self._net, self._unit = problem.network, unit
        self._numbered = problem.notation == "unit"
        self.weights = {q for q in self._net.parameters() if q.kind is QuantityKind.WEIGHT}

    def in_label(self, label: str) -> str:
        """A label in which such a weight has its name."""
        return _PAIR.sub(self._named, label) if any(c.isdecimal() for c in label) else label

    def in_line(self, line: str) -> str:
        """The same of a whole line, where only what begins it or stands in brackets is certain."""
        return _CALLED.sub(self._named, line) if "(" in line else _ARROWED.sub(self._named, line, count=1)

    def _named(self, pair: re.Match[str]) -> str:
        before = pair.string[: pair.start()]
        sure = pair["sign"] in _SURE or (
            pair[0][0] == "(" and all(pair[end][0].isalpha() for end in "ab")
        )  # (i1-h1)
        told = sure or pair["from"] or pair["stem"] or pair[0] == pair.string.strip()
        last = before.split()[-1].lower() if before.strip() else ""
        if not told and ROLES.get(last) not in ("weight", "gradient", "new"):
            return pair[0]
        q = self.between(pair["a"], pair["b"])
        if q is None:
            return pair[0]
        stem = pair["stem"] if len(pair["stem"] or "") > 2 else ""  # noqa: PLR2004 - “new”, “gradient of”
        if before[-1:] in ("d", "∂", "_", "/"):
            return q.name
        behind = pair.string[pair.end() :][:1]  # a wide gap would part two answers
        return f"{' ' * (not before[-1:].isspace())}{stem}{q.name}{' ' * (not behind.isspace())}"

    def placed(self, i: int, j: int = 0) -> Quantity | None:
        """The weight from the i-th input to the j-th hidden unit, or from the i-th hidden unit to the only output."""
        if len(self._net.layers) != 3 or (not j and len(self._net.outputs) > 1):  # noqa: PLR2004 - one hidden layer
            return None
        sources, units = self._net.layers[:2] if j else self._net.layers[1:]
        fits = 1 <= i <= len(sources) and max(j, 1) <= len(units)
        return weight(sources[i - 1], units[max(j, 1) - 1]) if fits else None

    def between(self, source: str, unit: str) -> Quantity | None:
        """The weight from one unit, or input, to another, or the bias of that; None if there is none."""
        if source.strip().lower() in _BIAS:
            return next((bias(b) for b in self._ends(unit)), None)
        pairs = (weight(a, b) for a in self._ends(source) for b in self._ends(unit))
        return next((q for q in pairs if q in self.weights), None)

    def _ends(self, written: str) -> list[int]:
        """The units or inputs that a place may be."""
        written = _TOWARDS.sub("", unicodedata.normalize("NFKC", written.strip()), count=1)
        letter, number = written.lower()[:1], int(re.sub(r"\D", "", written) or 0)
        inputs = self._net.layers[0]
        if not number:
            return list(self._net.outputs) if len(self._net.outputs) == 1 else []
        if letter in "xi":
            return [inputs[number - 1]] if 1 <= number <= len(inputs) else []
        if letter in "ho":
            return [unit] if (unit := self._unit(letter, number)) else []
        return [number] if self._numbered else []
