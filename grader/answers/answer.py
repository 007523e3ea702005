"""One answer: a number, or working that ends in one; else why it cannot be read.

Working is a chain `expression = expression = number`. The last link is the answer, the others are kept as
formulas, so that each can be compared with the next. A sheet as a whole settles what its commas mean.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from exercises.formulas.formula import Formula, Negative, Symbol, leaves
from grader.answers.constants import constant
from grader.answers.corrections import corrected
from grader.answers.expressions import TokenLine, too_long
from grader.answers.lexer import Token, Written
from grader.answers.mixed_numbers import mixed
from grader.answers.numbers import MAX_WORKING, PEN, Typed, Unreadable, read_plain
from grader.answers.parser import Fault, read_tokens
from grader.answers.plain_signs import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.answers.name_spellings import Lookup

_LONGEST = 60  # parts of a remark in brackets
_THOUSAND = 1000
_SHORT = 2  # letters of a name
_EARLIER = {"(", "before", "vorher", "earlier", "avant", "antes"}  # “less than before (0.0181)”
_THAN = {"than", "als"}  # “smaller than 0.0245”
_COMPARISONS = {"<", ">", "≤", "≥"}
_ALTERNATIVE = {"or", "oder", "ou", "o", "not", "nicht", "instead", "vs"}
_COMMA = re.compile(
    r"(?<![\d.,])(?:(?:0?|\d{4,}),\d+|\d{1,3},(?:\d{1,2}|\d{4,})|\d{1,3}(?:\.\d{3})+,\d+)(?![.,]?\d)"
)
_POINT = re.compile(
    r"(?<![\d.,])(?:(?:0?|\d{4,})\.\d+|\d{1,3}\.(?:\d{1,2}|\d{4,})|\d{1,3}(?:,\d{3})+\.\d+)(?![.,]?\d)"
)


@dataclass(frozen=True, slots=True)
class Working:
    """An answer with the way to it.

    text:   the line as it was typed.
    links:  the expressions between the equals signs, in order; the last is the answer's own.
    answer: the number at the end. Where the chain ends in an expression it is that expression's value, to
            twelve places.
    shown:  each link as it was typed.
    remark: what was written behind it.
    unread: an earlier link that could not be read; `links` then begins behind it.
    """

    text: str
    links: tuple[Formula, ...]
    answer: Typed
    shown: tuple[str, ...] = ()
    remark: str = ""
    unread: Unreadable | None = None


def commas(texts: Iterable[str]) -> bool | None:
    """Whether the numbers of a sheet bear decimal commas; None if that cannot be told.

    Only what has one reading counts: 0,5 and 1,23 but not 1,234.
    """
    comma = point = False
    for text in texts:
        comma = comma or ("," in text and _COMMA.search(text[:2000]) is not None)
        point = point or ("." in text and _POINT.search(text[:2000]) is not None)
    return None if comma == point else comma


def read_answer(
    text: str,
    name: Lookup,
    decimal_comma: bool | None = None,  # noqa: FBT001
) -> Typed | Working | Unreadable:
    """Read what stands on one line, with or without its own name in front. Never raises.

    name:          finds what a written name stands for.
    decimal_comma: what the sheet's commas are, from `commas`; it settles 1,234.
    """
    fast = read_plain(text)
    if fast is not None:
        return fast
    if text == PEN:
        return Unreadable(PEN, "it is written with a pen; a person must read it")
    put_right = corrected(text) if len(text) <= MAX_WORKING else None
    if put_right is None:
        return too_long(text) or _Reading(TokenLine.cut(text, name, decimal_comma)).answer()
    if not put_right.text:
        return Unreadable(one_line(text, MAX_WORKING), "it is crossed out, and nothing stands beside it")
    return _noted(
        _Reading(TokenLine.cut(put_right.text, name, decimal_comma)).answer(), text, put_right.remark
    )


def _noted(answer: Typed | Working | Unreadable, text: str, remark: str) -> Typed | Working | Unreadable:
    """An answer that was put right on its line, with what stood there before."""
    if isinstance(answer, Unreadable):
        return Unreadable(one_line(text, MAX_WORKING), answer.reason)
    remark = f"{answer.remark}; {remark}" if answer.remark else remark
    if isinstance(answer, Working):
        return replace(answer, text=one_line(text, MAX_WORKING), remark=remark)
    return replace(answer, remark=remark)


class _Reading:
    """The reading of one answer."""

    def __init__(self, text: TokenLine) -> None:
        self.text = text
        self.remarks: list[str] = []
        self.unread: Unreadable | None = None

    def answer(self) -> Typed | Working | Unreadable:
        parts = self.split()
        if isinstance(parts, Fault):
            return self.text.unreadable(parts, self.text.tokens)
        if not parts:
            return Unreadable(self.text.line, "it is empty; a number was expected")
        links: list[Formula] = []
        if len(parts) > 1 and all(t.kind == "word" for t in parts[0]):
            parts = parts[1:]  # a label such as “answer =”
        for i, part in enumerate(parts):
            found = read_tokens(mixed(part))
            if isinstance(found, Formula):
                links.append(found)
            elif i == len(parts) - 1 or _has_number(part):
                return self.text.unreadable(found, part)
            else:
                self.unread = self.unread or self.text.unreadable(found, part)
                links = []
        return self.ended(links, parts[len(parts) - len(links) :])

    def split(self) -> list[list[Token]] | Fault:
        """The tokens of each link, remarks taken out."""
        tokens = self.named(list(self.text.tokens))
        parts: list[list[Token]] = [[]]
        depth = at = 0
        while at < len(tokens):
            token = tokens[at]
            end = self.bracketed(tokens, at)
            if end:
                self.remarks.append(self.text.source(tokens[at:end]))
                at = end
                continue
            depth += {"open": 1, "close": -1}.get(token.kind, 0)
            if (
                depth <= 0
                and _complete(parts[-1])
                and (token.kind in ("sep", "word") or _dash(self, tokens, at))
                and not (
                    token.kind == "word"
                    and _is_factor(tokens, at)
                    and any(t.kind == "rel" for t in tokens[at:])
                )
            ):
                fault = self.tail(tokens[at:])
                if fault is not None:
                    return fault
                break
            if token.kind == "rel":
                parts.append([])
            else:
                parts[-1].append(token)
            at += 1
        if len(parts) > 1 and not parts[-1] and tokens[-1].text[:1].isalpha() and parts[-2]:
            self.remarks.append(self.text.source(tokens[-1:]))  # 0.5 approx.
            parts.pop()
        if len(parts) > 1 and not parts[-1]:
            return Fault("nothing stands behind the last equals sign", tokens[-1].start)
        return [part for part in parts if part]

    def named(self, tokens: list[Token]) -> list[Token]:
        """The tokens behind a leading `name:`."""
        colon = next((i for i, t in enumerate(tokens[:6]) if t.kind == "colon"), None)
        if colon is None or any(t.kind in ("number", "rel", "open") for t in tokens[:colon]):
            return tokens
        return tokens[colon + 1 :]

    def bracketed(self, tokens: Sequence[Token], at: int) -> int:
        """The index behind a remark in brackets that begins here; 0 if none does."""
        if tokens[at].kind != "open" or not at or not _complete(tokens[at - 1 : at]):
            return 0
        depth, end = 0, at
        while end < min(len(tokens), at + _LONGEST):
            depth += {"open": 1, "close": -1}.get(tokens[end].kind, 0)
            end += 1
            if not depth:
                break
        inside = tokens[at + 1 : end - 1]
        words = any(t.kind == "word" for t in inside) or (inside and _mere_words(inside))
        if depth or not words or _speaks_of_another(inside):
            return 0
        last = end == len(tokens) or tokens[end].kind in ("rel", "sep", "word")
        return end if last and not (inside[0].kind == "number" and _decimal(inside[0])) else 0

    def tail(self, rest: list[Token]) -> Fault | None:
        """Keep words behind the answer as a remark, unless they hold another number that might be meant."""
        words = [t for t in rest if t.kind == "word"]
        first = next((t for t in rest if t.kind in ("word", "number")), None)
        if len(rest) == 1 and rest[0].kind == "sep":
            return None
        if first is None or (rest[0].kind == "sep" and first.kind == "number"):
            return Fault("more than one answer stands here; which of them counts?", rest[0].start)
        if len(words) == 1 and len(words[0].text) == 1 and words[0].text != "?":
            return Fault(f"“{words[0].text}” is no quantity that is read here", words[0].start)
        if any(t.kind == "rel" for t in rest):
            return Fault("words stand inside the chain; which number is the answer?", first.start)
        if any(_decimal(t) and not _compared(rest, i) for i, t in enumerate(rest)) or _speaks_of_another(
            rest
        ):
            return Fault("more than one number stands here; which of them counts?", first.start)
        self.remarks.append(self.text.source(rest).lstrip(",;. "))
        return None

    def ended(self, links: list[Formula], parts: list[list[Token]]) -> Typed | Working | Unreadable:
        """The answer at the end of the links."""
        if len(links) > 1 and isinstance(links[-1], Symbol) and _alone(links[-2]):
            links, parts = links[:-1], parts[:-1]  # written the other way round: 0.5 = y3
        while len(links) > 1 and isinstance(links[0], Symbol):
            links, parts = links[1:], parts[1:]
        remark = "; ".join(self.remarks)
        last, shown = links[-1], self.text.source(parts[-1])[:200]
        number = _alone(last)
        if number is not None:
            value = number.typed.copy_negate() if isinstance(last, Negative) else number.typed
            grouped = abs(value) >= _THOUSAND and "," in shown  # quoted as 1234, lest its comma look decimal
            typed = Typed(f"{value:f}" if grouped else shown, value, number.unit)
        elif any(True for _ in leaves(last)):
            end = self.text.flat.place(parts[-1][-1].end)
            return Unreadable(self.text.line, "it says how, but ends without a number", end)
        else:
            computed = constant(last)
            if computed is None:
                start = self.text.flat.place(parts[-1][0].start)
                return Unreadable(self.text.line, "this expression has no value that fits here", start)
            typed = Typed(shown, *computed)
        if len(links) == 1 and number is not None and self.unread is None:
            return replace(typed, remark=remark)
        written = tuple(self.text.source(part) for part in parts)
        return Working(self.text.line, tuple(links), typed, written, remark, self.unread)


def _complete(tokens: Sequence[Token]) -> bool:
    """Whether tokens end in something that can be a whole expression."""
    return bool(tokens) and tokens[-1].kind in ("number", "name", "close", "e", "bar")


def _decimal(token: Token) -> bool:
    """Whether a token is a number that could be an answer, not a count such as the 4 of “4 places”."""
    if token.kind == "bad":
        return token.text[:1].isdigit()
    return token.kind == "number" and not token.text.isdigit()


def _dash(reading: _Reading, tokens: Sequence[Token], at: int) -> bool:
    """Whether a long dash begins a remark of several words: “0.0214 — smaller than before”."""
    words = [t.kind for t in tokens[at + 1 : at + 3]] == ["word", "word"]
    return words and reading.text.source(tokens[at : at + 1]) in ("—", "–", "--")


def _compared(tokens: Sequence[Token], at: int) -> bool:
    """Whether a number is only what the answer is compared with."""
    before = (token.text.lower() for token in reversed(tokens[:at]))
    return next((word for word in before if word not in _EARLIER), "") in _THAN


def _has_number(tokens: Sequence[Token]) -> bool:
    """Whether a link holds words behind a number, so that the answer might stand in its midst."""
    seen = next((i for i, t in enumerate(tokens) if t.kind == "number" and _decimal(t)), len(tokens))
    rest = tokens[seen:]
    prose = (t.kind == "word" and not _is_factor(rest, i) for i, t in enumerate(rest))
    return any(prose) or any(t.kind == "sep" or t.text in _COMPARISONS for t in rest)


def _is_factor(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word is rather a name that is not known here, as in `0.3*out_h1` and `2 h'(a_5)`."""
    before = tokens[at - 1].kind if at else "end"
    behind = tokens[at + 1] if at + 1 < len(tokens) else None
    if before in ("op", "open", "bad"):
        return True
    short = len(tokens[at].text) <= _SHORT and tokens[at].text.lower() not in _ALTERNATIVE
    return (
        short and behind is not None and (behind.kind in ("op", "bad", "open") or behind.text[:1] in "'′’^_")
    )


def _mere_words(tokens: Sequence[Token]) -> bool:
    """Whether tokens are such as “tanh” or “approx.”, with nothing to be calculated."""
    return all(t.kind == "function" or (t.kind == "rel" and t.text[:1].isalpha()) for t in tokens)


def _speaks_of_another(tokens: Sequence[Token]) -> bool:
    """Whether words such as “or” name another number."""
    return any(t.kind == "word" and t.text.lower() in _ALTERNATIVE for t in tokens) and any(
        t.kind == "number" for t in tokens
    )


def _alone(formula: Formula) -> Written | None:
    """The number that a formula is, its sign aside."""
    plain = formula.of if isinstance(formula, Negative) else formula
    return plain if isinstance(plain, Written) else None
