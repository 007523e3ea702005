"""The lines of a text as a person reads them: without quotes, signatures and prompts, continued lines put together.

Every line keeps the number that it has in the file. What is taken away is none of the student's answers: what they quote,
the head of a mail, the time stamp of a chat. A line that an interpreter printed gets the name that was asked for.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from grader.files.extraction.session import HEADS, NUMBER, prompt_of, session

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Line = tuple[int, str]

_CHAT = re.compile(
    r"\s*(?:\[\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?: ?[AP]M)?(?:, ?[\d./-]{6,10})?\]"
    r"|\[?[\d./-]{4,10},? \d{1,2}[:.]\d\d(?::\d\d)?(?: ?[AP]M)?\]?"
    r"|\d{1,2}:\d\d(?: ?[AP]M)?)\s*[-–]?\s*[^:=\d]{1,40}:\s+(?=\S)"
)
_HEAD = re.compile(
    r"(?:from|to|cc|subject|date|sent|von|an|betreff|gesendet|datum|de|à|objet|asunto|para)\s*:\s",
    re.IGNORECASE,
)
_WROTE = re.compile(r"(?:on|am|le|el) .{5,160}(?:wrote|schrieb|écrit|escribió)\b.{0,80}:\s*$", re.IGNORECASE)
_QUOTE = re.compile(r"\s*>(?!>)\s?")
_SIGNATURE = re.compile(r"--\s*")
_SPACED = 6  # lines of a text that may be double spaced
_FOOT = 8  # lines of a signature at most
_BEGINS = re.compile(
    r"(?:\s*(?:[-*+•]|\d{1,3}[.)])(?=\s+=))?\s*&?\s*(?:=(?!=+\s*\w)|≈|\\approx\b)\s*(?=[^\s=])|(?:is|equals|ist|beträgt|ergibt|vaut|est|es|è|é)\s+[-−–]?\d*[.,]\d"
)
_NUMBERED = re.compile(r"^(?:[-*+•]|\d{1,3}[.)])\s+(?==)")
_ENDS = re.compile(r"(?:[=≈]|(?<=\w):)\s*(?:\\\\)?\s*$")
_WORKED = re.compile(
    r"\s*[^\d=:≈][^=:≈]{0,40}[:=][^=:≈]*(?:[-−–+*/·×÷^(]|\bexp\b)[^=:≈]*\d[^=:≈]*"
)  # a3: 0.1×0.35+0.8×0.9
_OPEN = re.compile(r"\s*[^\W\d][^=:\d\[\]]{0,20}\d{0,2}[^=:\d\[\]]{0,8}=\s*")  # a3 =
_NUMBERS = re.compile(r"\s*[-−+]?\d*\.\d+(?:[eE][-+]?\d+)?(?:\s+[-−+]?\d*\.\d+(?:[eE][-+]?\d+)?)*\s*")
_PRINTED = re.compile(r"\s*(?:tensor|array)\(|\s*\[+\s*[-+]?\d")
_SHOWN = re.compile(r"\s*(?P<name>[^\W\d][\w.^_]{0,30}(?:\([a-z]\))?)\s*(?:=(?!=)[^\[]*)?\s*")
_STEPPED = re.compile(r"^\s*\w{0,20}(?:opt|sgd)\w{0,20}\.step\(\).*$")
_HELD = "Parameter containing:"
_FIRST_ROW = re.compile(r"(?P<name>[^\[\]]{1,80}=\s*)(?P<row>\[[^\[\]=]*\])\s*(?:\([^()]*\))?")
_ROW = re.compile(r"\s+(?P<row>\[[^\[\]=]*\])\s*(?:\([^()]*\))?")
_COMMENT = re.compile(r"(?P<code>[^#/|]*(?:/(?!/)[^#/|]*)*\S)\s+(?:#|//|%)\s*(?P<said>.*)")
_RESULT = re.compile(r"(?:->|→|==?|≈|~)?\s*(?P<number>[-−+]?\s?\d*[.,]\d+(?:[eE][-+]?\d+)?)\s*")
_PAIR = re.compile(r"[^\W\d]\w*\s*[=≈]\s*[-−+]?\d*[.,]?\d+\s*")
_MATRIX = re.compile(r"\\begin\{[bpv]?matrix\}(?P<rows>.*?)\\end\{[bpv]?matrix\}")
_LONGEST = 1_500  # characters of a line to which more is joined
_JOINED = 8  # lines that one bracket or matrix may go over


def peeled(text: str, most: int) -> list[Line]:
    """The lines of a text, at most so many, as they are to be read."""
    lines: Sequence[Line] = list(enumerate(text.splitlines()[:most], 1))
    if (prompt := prompt_of(text)) is not None:
        lines = list(session(lines, prompt))
    lines = list(_headed(_single(_own(lines))))
    lines = list(_below(list(_shown(lines))))
    return list(_together([(number, _with_comment(line)) for number, line in _closed(list(_stacked(lines)))]))


def _own(lines: Sequence[Line]) -> list[Line]:
    """What the student wrote: without the head of a mail, a signature, and what they quote beside it."""
    heads = sum(_HEAD.match(line) is not None for _, line in lines[:12])
    quoted = [_QUOTE.match(line) is not None for _, line in lines]
    mail = heads > 1 or any(_WROTE.match(line) for _, line in lines)
    answered = mail and any(_holds(line) for (_, line), quote in zip(lines, quoted, strict=True) if not quote)
    end = next(
        (i for i, (_, line) in enumerate(lines) if _SIGNATURE.fullmatch(line) and _is_foot(lines[i + 1 :])),
        None,
    )
    out = []
    for i, ((number, line), quote) in enumerate(zip(lines[:end], quoted, strict=False)):
        if (quote and answered) or _WROTE.match(line) or (heads > 1 and i < 12 and _HEAD.match(line)):  # noqa: PLR2004
            out.append((number, ""))
        else:
            out.append(
                (
                    number,
                    _CHAT.sub("", line, count=1)
                    if _CHAT.match(line) and line[:1] in "[0123456789 "
                    else line,
                )
            )
    return out


def _single(lines: Sequence[Line]) -> list[Line]:
    """The lines without those between them where a text is double spaced."""
    filled = [bool(line.strip()) for _, line in lines]
    if sum(filled) < _SPACED or any(a and b for a, b in pairwise(filled)):
        return list(lines)
    return [
        line
        for line, here, before in zip(lines, filled, [False, *filled], strict=False)
        if here or not before
    ]


def _holds(line: str) -> bool:
    return re.search(r"\d[.,]\d", line) is not None and not line.lstrip().startswith("|")


def _is_foot(rest: Sequence[Line]) -> bool:
    filled = [line for _, line in rest if line.strip()]
    return len(filled) <= _FOOT and not any("=" in line for line in filled)


def _headed(lines: Sequence[Line]) -> Iterator[Line]:
    """Names with as many numbers on the line below, as R prints them, each with its number."""
    named: list[str] = []
    for at, (number, line) in enumerate(lines):
        values = line.split()
        if named and len(values) == len(named) and all(map(NUMBER.fullmatch, values)):
            yield number, "; ".join(f"{name} = {value}" for name, value in zip(named, values, strict=True))
            named = []
            continue
        if named:
            yield lines[at - 1]
        named = values if len(line) < _LONGEST and HEADS.fullmatch(line) else []
        if not named:
            yield number, line
    if named:
        yield lines[-1]


def _shown(lines: Sequence[Line]) -> Iterator[Line]:
    """An array that a program printed below the statement, or the name, whose value it is: `h.grad`, `tensor([…])`."""
    held: Line | None = None  # a line that may be such a name
    for number, line in lines:
        begins = _PRINTED.match(line)
        if line.strip() == _HELD:
            yield number, ""
            continue
        name = _SHOWN.fullmatch(held[1].partition("#")[0]) if held is not None else None
        if held is not None:
            yield held[0], "" if name and begins else held[1]
        held = (
            number,
            f"{name['name']} = {line.strip()}" if name and begins else _STEPPED.sub("After the update", line),
        )
    if held is not None:
        yield held


def _below(lines: Sequence[Line]) -> Iterator[Line]:
    """Rows of bare numbers below `a =`, as MATLAB and Octave print vectors and matrices, as a list of rows."""
    held: list[Line] = []
    rows: list[str] = []
    for number, line in [*lines, (0, "end")]:
        if held and _NUMBERS.fullmatch(line):
            rows.append(f"[{', '.join(line.split())}]")
        elif held and not line.strip() and not rows:
            pass
        elif held:
            several = len(rows) > 1 or (rows and "," in rows[0])
            if several:
                yield held[0][0], f"{held[0][1].rstrip()} [{', '.join(rows)}]"
                yield from ((n, "") for n, _ in held[1:])
            else:
                yield from held
            held, rows = [], []
        if _OPEN.fullmatch(line):
            held = [(number, line)]
        elif held:
            held.append((number, line))
        elif number:
            yield number, line


def _stacked(lines: Sequence[Line]) -> Iterator[Line]:
    """The rows of a matrix that stand below each other, each in brackets of its own, put together."""
    rows: list[str] = []
    first: Line = (0, "")
    for (number, line), (_, below) in zip([*lines, (0, "")], [*lines[1:], (0, ""), (0, "")], strict=False):
        goes_on = _ROW.fullmatch(line) if first[1] else None
        if goes_on:
            rows.append(goes_on["row"])
            yield number, ""
            continue
        if first[1]:
            yield first[0], f"{first[1]}[{', '.join(rows)}]" if len(rows) > 1 else f"{first[1]}{rows[0]}"
        begins = _FIRST_ROW.fullmatch(line)
        named = (
            begins["name"] if begins else f"{line} " if _ENDS.search(line) and _ROW.fullmatch(below) else ""
        )
        first, rows = (number, named), [begins["row"]] if begins else []
        if number and not named:
            yield number, line


def _closed(lines: Sequence[Line]) -> Iterator[Line]:
    """Lines over which a square bracket or a matrix goes, put together; the others keep their number by empty ones."""
    held, waiting = "", 0
    for at, (number, line) in enumerate(lines):
        if not held and _ENDS.search(line) and at + 1 < len(lines) and lines[at + 1][1].lstrip()[:1] == "[":
            held, waiting = line.rstrip(), 1
            continue
        whole = f"{held} {line.strip()}" if held else line
        opens = (
            whole.count("[") > whole.count("]")
            and re.search(r"[=:]\s*(?:np\.array\(|array\(|tensor\()?\[", whole) is not None
        )
        opens = opens or (whole.count("\\begin{") > whole.count("\\end{") and "matrix}" in whole)
        if opens and waiting < _JOINED:
            held, waiting = whole, waiting + 1
            continue
        yield number, _MATRIX.sub(_bracketed, whole)
        held, waiting = "", 0
    if held:
        yield lines[-1][0], held


def _bracketed(matrix: re.Match[str]) -> str:
    rows = [row.split("&") for row in re.split(r"\\\\", matrix["rows"]) if row.strip()]
    return "[" + ", ".join("[" + ", ".join(cell.strip() for cell in row) + "]" for row in rows) + "]"


def _together(lines: Sequence[Line]) -> Iterator[Line]:
    """A line that begins or ends with an equals sign with what it belongs to."""
    held: Line | None = None
    for number, line in lines:
        if held is None:
            held = (number, line)
        elif not line.strip():
            if not _ENDS.search(held[1]):
                yield held
                held = (number, line)
        elif len(held[1]) < _LONGEST and _continues(line) and _WORKED.fullmatch(held[1].rstrip(" ,;")):
            held = (held[0], f"{held[1].rstrip(' ,;')} = {line.strip()}")
        elif (
            len(held[1]) < _LONGEST
            and held[1].strip()
            and (_BEGINS.match(line) or (_ENDS.search(held[1]) and _continues(line)))
        ):
            held = (held[0], f"{_stripped(held[1])} {_NUMBERED.sub('', line.strip(), count=1)}")
        else:
            yield held
            held = (number, line)
    if held is not None:
        yield held


_NAMED_BEHIND = re.compile(
    r"\s*(?P<number>[-−–+]?\d*[.,]?\d+)\s*(?:<-+|←)\s*(?P<name>[^\W\d][^=≈:]{0,24}?)\s*"
)


def _stripped(line: str) -> str:
    return re.sub(
        r"\s*\\\\\s*$|(?<=\d)\s+(?:<-+|←|#|//)[^=≈]*$|(?<=\S)\s{2,}(?:#|//|%)[^=≈]*$", "", line.rstrip()
    )


def _continues(line: str) -> bool:
    """Whether a line is but a number, which belongs to the name on the line before."""
    return NUMBER.fullmatch(line.rstrip(" ,;.✓")) is not None


def _with_comment(line: str) -> str:
    """A statement with the result that a comment behind it tells; a number with its name behind it, the name first."""
    if (named := _NAMED_BEHIND.fullmatch(line)) is not None:
        return f"{named['name']} = {named['number']}"
    if not ("#" in line or "//" in line or "%" in line) or line.lstrip().startswith(("#", "|")):
        return line
    found = _COMMENT.fullmatch(line)
    if found is None:
        return line
    if _PAIR.fullmatch(found["said"]):
        return found["said"]
    result = _RESULT.fullmatch(found["said"])
    if result is None or "=" not in found["code"]:
        return line
    return f"{found['code']} = {result['number']}"
