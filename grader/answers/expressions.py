"""Expressions as students write them, to formulas; where that fails, why, where, and what would have been read.

The grammar is in `descent`, the tokens in `tokens`. Text is data here: nothing of it is ever evaluated as code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.answers.lexer import Lexer, Token, Written
from grader.answers.numbers import MAX_WORKING, Unreadable
from grader.answers.parser import MAX_DEPTH, PAIRS, Fault, read_tokens
from grader.answers.plain_signs import flatten, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exercises.formulas.formula import Formula
    from grader.answers.name_spellings import Lookup
    from grader.answers.plain_signs import Flat

__all__ = ["MAX_DEPTH", "MAX_WORKING", "Fault", "TokenLine", "Written", "parse", "too_long"]


@dataclass(frozen=True, slots=True)
class TokenLine:
    """One line cut into tokens, and the way back from a token to its place in the line."""

    line: str
    flat: Flat
    tokens: tuple[Token, ...]

    @classmethod
    def cut(cls, text: str, name: Lookup, comma: bool | None) -> TokenLine:  # noqa: FBT001
        """Cut a text of at most MAX_WORKING characters."""
        line = one_line(text, MAX_WORKING)
        flat = flatten(line)
        return cls(line, flat, tuple(Lexer(flat, name, comma).run()))

    def source(self, tokens: Sequence[Token]) -> str:
        """What was typed for some neighbouring tokens."""
        return self.flat.source(tokens[0].start, tokens[-1].end) if tokens else ""

    def unreadable(self, fault: Fault, tokens: Sequence[Token]) -> Unreadable:
        """A fault, as it is reported: with its place and what would have been read."""
        would = fault.would or self._would_read(fault, tokens)
        return Unreadable(self.line, fault.reason, self.flat.place(fault.at), would)

    def _would_read(self, fault: Fault, tokens: Sequence[Token]) -> str:
        """The longest beginning that can be read by itself, with its brackets closed."""
        good = [t for t in tokens if t.end <= max(fault.at, fault.until) and t.kind != "bad"]
        while good and good[-1].kind in ("op", "open", "function", "fraction", "max", "sep", "rel", "colon"):
            good.pop()
        opened: list[str] = []
        for token in good:
            if token.kind == "open":
                opened.append(PAIRS[token.text])
            elif token.kind == "close" and opened:
                opened.pop()
        closing = [Token("close", fault.at, fault.at, c) for c in reversed(opened)]
        if not good or isinstance(read_tokens([*good, *closing]), Fault):
            return ""
        return self.source(good)[:200] + "".join(c.text for c in closing)


def too_long(text: str) -> Unreadable | None:
    """Working of more than MAX_WORKING characters is not looked at."""
    if len(text) <= MAX_WORKING:
        return None
    return Unreadable(one_line(text, 40) + "…", f"it is longer than {MAX_WORKING:,} characters")


def parse(text: str, name: Lookup, *, decimal_comma: bool | None = None) -> Formula | Unreadable:
    """Read one expression over numbers and names. Never raises."""
    long = too_long(text)
    if long is not None:
        return long
    cut = TokenLine.cut(text, name, decimal_comma)
    found = read_tokens(cut.tokens)
    return cut.unreadable(found, cut.tokens) if isinstance(found, Fault) else found
