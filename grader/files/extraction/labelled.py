"""A line as labels and values by turns, whatever stands between them: `unit 3: sum .755 -> 0.7550, squashed 0.68`.

A value is a number, or working that ends in one; what stands before it is its label. A label that is not complete takes
what is missing from the label before it on the line, or from what stands before a colon; else from the heading above.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.answers.answer import read_answer
from grader.answers.numbers import Typed, Unreadable, read_number
from grader.answers.worded import ASIDE, NOTHING, Wording, of_quantity
from grader.files.extraction.named_answer import NamedAnswer
from grader.files.extraction.relations import AND, inside
from grader.files.extraction.vectors import rows_of
from grader.files.labels.cells import EMPHASIS, answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exercises.formulas.quantity import Quantity
    from grader.files.extraction.keeper import Keeper

_NUMBER = re.compile(
    r"(?<![\w.,{])(?:(?<![\w)\]}²] )(?<![\w)\]}²])[-−–+~≈]\s?)?"
    r"(?:\d{1,40}[.,]\d{1,40}|[.,]\d{1,40}|\d{1,40}(?=[eE]))(?:[eE][-+−]?\d{1,3})?(?![\w]|[.,]\d)"
)
_GOES_ON = re.compile(r"\s*(?:[=≈*/+·×⋅∙^)\]}²%!]|[-−–](?!\s*[A-Za-z])|x\s*[\d(.]|[(\[]\s*\d)")
_TO_GO_ON = re.compile(r"[*+/·×⋅∙^(\[]\s*$|(?:^|\s)[-−–x]\s*$")
_ARROW = re.compile(r"\s*(?:→|⇒|->|=>|~|or better|rounded|gerundet|i\.e\.|ca\.?|approx\.?)?\s*")
_PART = re.compile(  # parts two labels, or a label and what holds for it
    r"\s*(?:;|:(?!=)|,(?=\s|$|[A-Za-zδ∂])|\||\t|⇒|=>|(?<![-\d)])\s?(?:→|->)|\s[–—-]\s|\s{3,}|(?<=\w)\.(?=\s)|(?<=\s)/(?=\s))\s*"
)
_EQUALS = re.compile(r"\s*(?::=|==?|≈|←|<-|→|->|~(?=\s*$))\s*")
_REMARK = re.compile(r"(?:(?<=\s)|^)\((?![^()]*\d[.,]\d)[^()]{1,80}\)")
_STRUCK = re.compile(r"~~[^~]{1,60}~~")
_JOIN = re.compile(
    rf"^(?:[\s,;.|/)\]]|(?:{AND}|so|then|also|thus|hence|therefore|dann|donc|which|that|becomes|giving|gives|with|while|but)\b)+",
    re.IGNORECASE,
)
_EXPRESSION = re.compile(r"[*+·×^/()½²]|\s[-−–]\s|\bexp\b|\\cdot|\d[a-z]\d")
_BRACKETS = re.compile(r"\([^()]*\)")
_UNWRAPPED = re.compile(r"\(([^()\d]{1,40})\)")  # 0.5 (new)
_CERTAINLY = re.compile(r"\d\s?\(\d|\)\s?\(|\s[-−–+*·×]\s")
_FACTOR = re.compile(r"\s\w+\s*=\s*")  # behind a number, with nothing between
_OF_UNITS = re.compile(r"(?P<said>[^()]{2,60})\((?P<units>[^()]{3,60})\)")
_APPLIED = re.compile(r"[^\W\d_]\(\s*[-−–+]?\s*$")
_LISTED = re.compile(rf"\s*[,;/]\s+|\s+(?:{AND}|&)\s+|,(?![^{{}}]*\}})")
_LAST_BRACKET = re.compile(r"\(([^()]*)\)\s*$")
_MOST = 24  # values on a line
_LONGEST = 600  # characters


@dataclass(slots=True)
class _Value:
    """A value, and what stands before it."""

    before: str
    text: str


def labelled(line: str, keeper: Keeper) -> list[NamedAnswer]:
    """The answers of a line of which every value has a label; nothing if one has none."""
    values, rest = _values(_STRUCK.sub(" ", line))
    if not 0 < len(values) <= _MOST:
        return []
    found = list(_Reading(keeper).answers(values)) if _says_nothing(rest, keeper) else []
    if not found and len(rest) > 1:
        found = _behind(values, rest, keeper)
    return found


def _behind(values: list[_Value], rest: str, keeper: Keeper) -> list[NamedAnswer]:
    """The answers of a line whose labels stand behind their numbers; what stands before the first holds for all."""
    ahead, reading = _REMARK.sub(" ", values[0].before), _Reading(keeper)
    if ahead.strip() and not reading.context(_JOIN.sub("", ahead).strip(EMPHASIS + " :=")):
        return []
    gaps = [_UNWRAPPED.sub(r"\1", gap) for gap in (*(value.before for value in values[1:]), rest)]
    return list(reading.answers([_Value(gap, one.text) for one, gap in zip(values, gaps, strict=True)]))


def _says_nothing(rest: str, keeper: Keeper) -> bool:
    """Whether what stands behind the last number is but a remark."""
    words = rest.strip(" .,;!)(]}✓%").lower()
    if not words:
        return True
    said = keeper.names.vocabulary.find(words)
    if said is not None:
        return not (said.meant or said.new or said.unit or said.parameter)
    return rest.lstrip()[:1] in "([" and keeper.names.vocabulary.heading(rest) == NOTHING


def _values(line: str) -> tuple[list[_Value], str]:
    """The values of a line, each with the text before it; and the text behind the last."""
    out: list[_Value] = []
    if len(line) > _LONGEST:
        return [], ""
    end = start = 0
    for number in _NUMBER.finditer(line):
        gap = line[end : number.start()]
        if out and _is_inside(gap):
            out[-1].text = line[start : number.end()]
        else:
            out.append(_Value(gap, number[0]))
            start = number.start()
        end = number.end()
    return out, line[end:]


def _is_inside(gap: str) -> bool:
    """Whether what stands between two numbers makes them one value: an operator, an equals sign, an arrow."""
    if _TO_GO_ON.search(gap) and ":" not in gap and ";" not in gap:
        return True
    if _GOES_ON.match(gap):
        return not _PART.search(gap.strip(" =≈→").removesuffix("->"))
    return bool(gap.strip()) and _ARROW.fullmatch(gap) is not None


class _Reading:
    """The reading of one line."""

    def __init__(self, keeper: Keeper) -> None:
        self.keeper = keeper
        self.vocabulary = keeper.names.vocabulary
        self.around = keeper.context
        self.last: Quantity | None = None
        self.said = NOTHING  # by the last label

    def answers(self, values: list[_Value]) -> Iterator[NamedAnswer]:
        out: list[NamedAnswer] = []
        for value in values:
            if _APPLIED.search(value.before):
                return  # sigmoid(0.755) = 0.68
            found = self.label(value.before)
            if found is None:
                return
            name, quantity, working = found
            if out and quantity in self.keeper.found.texts and _FACTOR.fullmatch(value.before):
                return  # dE/dW35 = -0.0471 y3 = -0.0198
            text = f"{working}{value.text}".strip(EMPHASIS)
            if quantity is None and read_number(value.text) is None:
                return
            if quantity is not None and is_weak(name, self.keeper):
                name = quantity.name  # the label before it tells which
            out.append(NamedAnswer(name, text, quantity))
        kept = list({piece.quantity: piece for piece in out if piece.quantity is not None}.values())
        if len(kept) < len(out):  # the last of two counts
            kept = [replace(piece, corrects=True) for piece in kept]
        if not are_read(kept, self.keeper):
            return
        yield from kept

    def label(self, before: str) -> tuple[str, Quantity | None, str] | None:
        """The label that ends such a text, its line (None where it is given or aside), and working behind the label."""
        text = _JOIN.sub("", _REMARK.sub(" ", before)).rstrip(" =≈:,")
        parts = _cut(text, _PART)
        at = next((i for i in range(len(parts) - 1, -1, -1) if not self.is_working(parts[i][0])), None)
        if at is None:
            return None
        chain = _cut(parts[at][0], _EQUALS)
        name = chain[0][0].strip(EMPHASIS + "()") if chain else ""
        if not self.means(name) or any(not (self.is_working(p) or self.is_whole(p)) for p, _ in chain[1:]):
            return None
        for phrase, _ in parts[:at]:
            if read_number(phrase) is not None:
                return None  # 1 - y3 = 0.58
            if not self.context(phrase) and not self.is_whole(name):
                return None
        quantity = self.line(name)
        if quantity is None and not self.is_aside(name):
            return None
        start = chain[1][1] if len(chain) > 1 else len(parts[at][0])
        working = text[parts[at][1] :][start:].lstrip(" ,") if len(chain) > 1 or at + 1 < len(parts) else ""
        return name, quantity, working

    def is_working(self, phrase: str) -> bool:
        """Whether a phrase is how the number behind it was found."""
        if _CERTAINLY.search(phrase):
            return True
        return not phrase or (
            _EXPRESSION.search(phrase) is not None
            and not self.means(phrase.split("=", maxsplit=1)[0].strip())
        )

    def is_whole(self, name: str) -> bool:
        """Whether a label needs nothing around it."""
        said = self.vocabulary.find(name)
        return said is not None and (
            said.whole is not None or (said.parameter is not None and bool(said.meant or said.new))
        )

    def means(self, phrase: str) -> bool:
        said = self.vocabulary.find(phrase)
        return (said is not None and said != NOTHING) or self.keeper.names.anything(phrase) is not None

    def context(self, phrase: str) -> bool:
        """See what stands before a label; whether it is known."""
        plain = phrase.strip(EMPHASIS + "()")
        said = self.vocabulary.find(plain) or self.vocabulary.find(_BRACKETS.sub(" ", plain))
        said = said.of_neuron() if said is not None else None  # “inputs to the neurons: h1 = …”
        if said is not None and said != NOTHING:
            self.around = said.within(self.around)
            self.last = None
        return said is not None

    def context_of(self, phrase: str) -> bool:
        """See what is said of several units, “hidden layer: weighted sums”; whether it tells what their numbers are."""
        for part in phrase.split(":"):
            if part.strip() and not self.context(part):
                return False
        return bool(self.around.meant)

    def line(self, name: str) -> Quantity | None:
        """The line that a label means here."""
        said = self.vocabulary.find(name) or NOTHING
        alone = len(name) == 1 and self.keeper.names.find(name) is not None  # E is E, whatever was spoken of
        found = self.inherited(said) if self.last is not None and not alone else None
        found = found or self.keeper.line_of(name, self.around)
        if found is not None:
            self.last, self.said = found, said
        return found

    def inherited(self, said: Wording) -> Quantity | None:
        """The line of a label that lacks a unit, a weight or what is said of it, from the label before."""
        last = of_quantity(self.last) if self.last is not None else NOTHING
        if said.whole is not None or said.roles & ASIDE:
            return None
        if last.via and (said.roles <= {"sum", "total"} or said == Wording(via=said.via)):
            q = (
                replace(self.last, via=said.via) if self.last is not None else None
            )  # via 5: …, via 6: …, sum: …
            return q if q is not None and self.keeper.line(q) else None
        if not (said.unit or said.parameter) and (said.meant or said.new):
            found = self.vocabulary.complete(said, replace(last, roles=frozenset(), whole=None))
            return self.keeper.renewed_line(found) if found is not None and self.around.new else found
        if (said.unit or said.parameter) and not (said.meant or said.new):
            roles = last.roles
            return self.vocabulary.complete(
                replace(said, roles=said.roles - {"place"}), Wording(roles, new=last.new)
            )
        return None

    def is_aside(self, name: str) -> bool:
        """Whether a label is of a given value, or of an old one."""
        said = self.vocabulary.find(name) or NOTHING
        return bool(said.roles & ASIDE) or self.keeper.names.anything(name) is not None


def listed(names: str, values: str, keeper: Keeper) -> list[NamedAnswer]:
    """Names and numbers in the same order: `y3, y4 = 0.42, 0.26`, `new W35, W45: (0.1, 0.2)`; nothing if it is none."""
    reading = _Reading(keeper)
    shared = _OF_UNITS.fullmatch(names.strip())  # weighted sums (unit 3, unit 4)
    if shared is not None:
        reading.context_of(shared["said"])
    parts = _LISTED.split(shared["units"] if shared is not None else names.strip(" ()[]"))
    parts = [part.strip(EMPHASIS + "()") for part in parts]
    several = shared is None and len(parts) > 2 and keeper.names.find(parts[0]) is None  # noqa: PLR2004
    if several and reading.context(parts[0]):
        parts = parts[1:]  # hidden layer, W13 and W14
    if len(parts) < 2:  # noqa: PLR2004
        return []
    values = _REMARK.sub("", values).strip(EMPHASIS + ";,✓")
    rows = rows_of(values)
    numbers = (
        [cell for row in rows for cell in row]
        if rows is not None
        else values.split("; ")
        if ";" in values
        else _LISTED.split(values.strip(" ()"))
    )
    numbers = [number.strip(EMPHASIS + ";,.") for number in numbers]
    if len(numbers) != len(parts) or not all(isinstance(read_number(n), Typed) for n in numbers):
        return []
    lines = [reading.line(part) for part in parts]
    if any(q is None for q in lines) or len(set(lines)) < len(lines):
        return []
    return [
        NamedAnswer(part if "'" in part else q.name, n, q)
        for part, q, n in zip(parts, lines, numbers, strict=True)
        if q is not None
    ]


def are_several(names: str, keeper: Keeper) -> bool:
    """Whether a label names several lines, so that no one number is its answer."""
    parts, reading = _LISTED.split(names.strip(" ()[]")), _Reading(keeper)
    return len(parts) > 1 and all(reading.line(part.strip(EMPHASIS)) is not None for part in parts)


def listed_at_head(row: Sequence[str], keeper: Keeper) -> list[NamedAnswer]:
    """The answers of a row that begins with as many names as it has numbers: `into 5 (∂E/∂W35, ∂E/∂W45) | 0.08 | 0.07`."""
    if len(row) < 3 or not _LISTED.search(row[0]):  # noqa: PLR2004 - a label and two numbers
        return []
    inner = _LAST_BRACKET.search(row[0])
    values = [answer(cell.strip(EMPHASIS)) for cell in row[1:] if cell.strip()]
    return listed(inner[1] if inner else row[0], "; ".join(values), keeper)


def _cut(text: str, sign: re.Pattern[str]) -> list[tuple[str, int]]:
    """What stands between such signs, each with where it begins."""
    signs = (m for m in sign.finditer(text) if not inside(text, m.start()))
    ends = [0, *(at for m in signs for at in m.span()), len(text)]
    return [(text[a:b].strip(), a) for a, b in zip(ends[::2], ends[1::2], strict=True)]


def count(pieces: list[NamedAnswer], keeper: Keeper) -> int:
    """How many of some answers are those of lines, and by more than a guess."""
    return len({p.quantity for p in pieces if p.quantity is not None and not is_weak(p.name, keeper)})


def are_read(pieces: list[NamedAnswer], keeper: Keeper) -> bool:
    """Whether each text can be read as an answer."""
    return not any(p.quantity and isinstance(read_answer(p.text, keeper.names), Unreadable) for p in pieces)


def is_weak(name: str, keeper: Keeper) -> bool:
    """Whether a label such as “output” names no unit, so that it is one of several or that of the network."""
    said = keeper.names.vocabulary.find(name)
    return (
        said is not None and said.meant == {"out"} and not (said.unit or said.whole or "outer" in said.roles)
    )
