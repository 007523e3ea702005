"""What becomes of each answer found in a text: which line it is, and what is said where it is none.

A heading such as “Check run” tells that the quantities below it are those after the update. What is plainly a heading,
a given value or a line of a letter's head is no unknown name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exercises.formulas.formula import leaves
from exercises.formulas.quantity import QuantityKind, activation_slope, loss_slope
from grader.answers.answer import Working, read_answer
from grader.answers.numbers import Typed, clean, read_number
from grader.files.labels.headings import in_words, who

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from exercises.formulas.quantity import Quantity
    from grader.files.extraction.line_parts import NamedAnswer
    from grader.files.extraction.source import Answers, SourceTable

LONGEST_HEADING = 80
_AFTER = re.compile(
    r"updat(?:e|es|ed|ing)\b|\bnew (?:weights?|values?|parameters?|bias(?:es)?|numbers)|check run|second (?:forward )?pass"
    r"|after (?:the |one )?step|neue (?:gewichte|werte)|aktualisier|\bprobe\b",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"backward|gradient|delta|\bgiven\b|first (?:forward )?pass|slope|before", re.IGNORECASE)
_PRIMED = re.compile(r"['′’]|\\prime")
_SYMBOL = re.compile(r"(?=\S*\d)[A-Za-zδΔ∂∇\\]\S*")
_GIVENS = re.compile(r"(?:given|gegeben|data|inputs?|known|settings?|parameters?)\b", re.IGNORECASE)
_STARTS_WITH_NUMBER = re.compile(r"[~≈=\s]*[-+−–]?\s?[.,]?\d+(?:[.,]\d+)?(?![\w-])")
_NUMBER = re.compile(r"\d[.,]\d|(?<![\w.,])[.,]\d")
_ANSWER = re.compile(
    r"\b(?:delta|gradient|loss|weighted sum|slope|activation|new (?:weight|bias)|unit \d)", re.IGNORECASE
)
_TERM = re.compile(r"(?P<number>[-+−–]?\s*\d*[.,]?\d+(?:e-?\d+)?)\s+via\s+(?:unit\s+)?(?P<path>\d{1,3})")
_TERMS = re.compile(r"\((?P<inside>[^()]*\bvia\b[^()]*)\)\s*$")
_AND = re.compile(r"and|und|,|;|\+|\s")
_SET = frozenset({QuantityKind.RATE, QuantityKind.INPUT, QuantityKind.TARGET})


@dataclass(slots=True)
class Keeper:
    """Keeps the answers of one text.

    after:   whether the lines stand under a heading such as “Check run”.
    heading: that heading.
    """

    found: Answers
    sheet: SourceTable
    after: bool = False
    heading: str = ""

    def head(self, line: str) -> None:
        """See a line that holds no answer; it may be a heading."""
        text = line.strip("#*-_=:. \t")
        if not text or len(text) > LONGEST_HEADING:
            return
        if _AFTER.search(text):
            self.after, self.heading = _BEFORE.search(text) is None, clean(text, 40)
        elif _BEFORE.search(text):
            self.after = False

    def title(self, row: Sequence[str]) -> None:
        """What stands above a table: “Name” beside a name, “Name: …” in one cell, or a heading."""
        filled = [cell.strip() for cell in row if cell.strip()]
        if len(filled) == 2 and who(filled[0]) is not None:  # noqa: PLR2004 - a name and a value
            self.found.named(filled[0], filled[1])
            return
        for cell in filled:
            name, colon, value = cell.partition(":")
            if colon and who(name) is not None:
                self.found.named(name, value.strip())
        if len(filled) == 1:
            self.head(filled[0])

    def prose(self, line: str, place: str) -> None:
        """A line without a relation that speaks of an answer is told, lest it be lost."""
        if len(line) > 2 * LONGEST_HEADING or not _NUMBER.search(line):
            return
        if len(_NUMBER.findall(line)) > 1 or _ANSWER.search(line) or in_words(line, self.found.source.names):
            what = f"“{clean(line, 60)}” holds a number, but no “name = value”; not read"
            self.sheet.complain(place, what)

    def keep(self, piece: NamedAnswer, place: str) -> None:
        """Keep one answer, or say that its name is not known."""
        names = self.found.source.names
        quantity = piece.quantity
        if who(piece.name) is not None or quantity is None:
            quantity = self.renewed(piece)
            if quantity is None:
                if not self.found.named(piece.name, piece.text):
                    self.head(piece.name)
                    if not self.plain(piece):
                        self.sheet.unknown(place, piece.name)
                return
        elif not has_digit(piece.name + piece.text) and names.find(piece.name, strict=True) is None:
            self.head(f"{piece.name}: {piece.text}")
            return
        if self.doubled(quantity, piece):
            new = quantity.after_update().name
            what = f"{quantity.name} stands here again, behind new weights; write {new} if that is meant; not read"
            self.sheet.complain(place, what)
            return
        quantity = self.meant(quantity, piece)
        if has_digit(piece.text) or not self.found.texts.get(quantity):
            self.found.put(quantity, self.terms(quantity, piece.text))

    def terms(self, quantity: Quantity, text: str) -> str:
        """The answer without its terms in brackets, `-0.04 (-0.30 via 5 and 0.25 via 6)`, which are kept too."""
        brackets = (
            _TERMS.search(text) if quantity.kind is QuantityKind.LOSS_SLOPE and not quantity.via else None
        )
        if brackets is None or _AND.sub("", _TERM.sub("", brackets["inside"])):
            return text
        paths = [
            (loss_slope(quantity.unit, int(term["path"])), term["number"])
            for term in _TERM.finditer(brackets["inside"])
        ]
        lines = self.found.source.problem.graph.by_quantity
        if any(path not in lines for path, _ in paths):
            return text
        for path, number in paths:
            self.found.put(path, number)
        return text[: brackets.start()]

    # --- which line is meant ---

    def meant(self, quantity: Quantity, piece: NamedAnswer) -> Quantity:
        """The line: below “Check run” a repeated a₃ is the new one; a y₃′ made from y₃ is the slope."""
        if quantity.updated and quantity.kind is QuantityKind.ACTIVATION and _PRIMED.search(piece.name):
            return self.slope(quantity, piece.text)
        new = quantity.after_update()
        if not self.after or quantity.updated or not self.found.texts.get(quantity) or not self.line(new):
            return quantity
        self.say(f"{quantity.name} below “{self.heading}” was taken for {new.name}.")
        return new

    def doubled(self, quantity: Quantity, piece: NamedAnswer) -> bool:
        """Whether a line is repeated where that of the check run is expected, and no heading tells which is meant."""
        held = self.found.texts.get(quantity)
        new = quantity.after_update()
        if (
            self.after
            or piece.corrects
            or quantity.updated
            or not held
            or held == piece.text
            or not self.line(new)
        ):
            return False
        return new not in self.found.texts and any(
            q.updated and q.kind in (QuantityKind.WEIGHT, QuantityKind.BIAS) for q in self.found.texts
        )

    def slope(self, quantity: Quantity, text: str) -> Quantity:
        """What y₃′ is: the slope where its working is made from y₃ alone, else the new y₃."""
        read = read_answer(text, self.found.source.names)
        used = {q for link in read.links for q in leaves(link)} if isinstance(read, Working) else set()
        slope = activation_slope(quantity.unit)
        return slope if used == {quantity.before_update()} and self.line(slope) else quantity

    def renewed(self, piece: NamedAnswer) -> Quantity | None:
        """A weight below “Update” with another value than the given one: the new weight."""
        given = self.found.source.names.anything(piece.name)
        if (
            not self.after
            or given is None
            or given.kind not in (QuantityKind.WEIGHT, QuantityKind.BIAS)
            or given.updated
        ):
            return None
        new = given.after_update()
        if not self.line(new) or self.answers_given(given, piece.text):
            return None
        self.say(f"{given.name} below “{self.heading}” was taken for {new.name}.")
        return new

    def line(self, quantity: Quantity) -> bool:
        """Whether a quantity is a line of the problem."""
        return quantity in self.found.source.problem.graph.by_quantity

    def say(self, remark: str) -> None:
        """Remark something, once."""
        if remark not in self.found.remarks:
            self.found.remarks.append(remark)

    # --- what is no answer ---

    def plain(self, piece: NamedAnswer) -> bool:
        """Whether this is plainly a heading, a given value, or a line such as “Subject: …”."""
        name, text = piece.name.strip(), piece.text
        if not has_digit(text):
            return _SYMBOL.fullmatch(name) is None
        last = re.split(r"[\s(,;%:]+", name)[-1].strip("$")
        given = self.found.source.names.anything(last) if last else None
        if given is not None and self.is_given(given, text.partition(")")[0]):
            return given.kind in _SET or last != name
        if "=" in text or "≈" in text:
            return _GIVENS.match(name) is not None
        words = all(c.isalpha() or c in " .-'&/" for c in name)
        return words and not _STARTS_WITH_NUMBER.match(text)

    def answers_given(self, quantity: Quantity, text: str) -> bool:
        """Whether the answer in a text is the given value, or none at all."""
        read = read_answer(text, self.found.source.names)
        number = read.answer if isinstance(read, Working) else read
        return not isinstance(number, Typed) or self.found.source.problem.values.get(quantity) == number.value

    def is_given(self, quantity: Quantity, text: str) -> bool:
        """Whether a text is the given value of a quantity."""
        values: Mapping[Quantity, Decimal] = self.found.source.problem.values
        number = read_number(re.split(r"[;\s]", text.strip(), maxsplit=1)[0].rstrip(",."))
        return isinstance(number, Typed) and values.get(quantity) == number.value


def has_digit(text: str) -> bool:
    """Whether there is a digit, so that it may be an answer."""
    return any(c.isdecimal() for c in text)
