"""An interpreter's session: what it printed gets the name that was asked for. Python, IPython, Octave, MATLAB, R, Julia."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.files.labels.tidy import SCALAR

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Line = tuple[int, str]

NUMBER = re.compile(r"\s*[-−+]?\s?\d{0,40}[.,]?\d{1,40}(?:[eE][-+]?\d{1,4})?\s*")
HEADS = re.compile(r"\s*(?:[^\W\d](?:[\w/∂]{0,12}\d\w{0,6})?\s+)+[^\W\d](?:[\w/∂]{0,12}\d\w{0,6})?\s*")
_PROMPT = re.compile(r"\s*(?:>>>|>>|octave(?:\.exe)?:\d+>|In\s?\[\d*\]:|julia>)\s?(?P<code>.*)")
_OF_R = re.compile(r"\s*[>+] (?P<code>.*)")
_IS_R = re.compile(
    r"^\s*> .*<-(?:.*\n)+?\s*\[1\]|^> \w+\(.*\n(?:\s*\[1\] |\s+[^\W\d]\w*(?:\s+[^\W\d]\w*)+\s*$)",
    re.MULTILINE,
)
_DOTTED = re.compile(r"(?<=\w)\.(?=[A-Za-z])")  # dE.dy5
_OUT = re.compile(r"\s*(?:Out\s?\[\d*\]:|ans\s*=|\[1\])\s*")
_ARRAY_BELOW = re.compile(
    r"\s*\d+(?:-element|[×x]\d+)\b.*(?:Vector|Matrix|Array)\b.*:\s*"
)  # 2×2 Matrix{Float64}:
_ECHO = re.compile(
    r"\s*(?P<name>[^\W\d]\w*)\s*=\s*(?:[-−+]?\d{0,40}\.?\d{1,40}(?:e[-+]?\d{1,4})?)?\s*", re.IGNORECASE
)  # a3 = 0.755
_ROUNDING = re.compile(  # r = lambda v: round(v, 4)
    r"(?:def\s+)?\b(?P<name>\w+)\s*(?:=\s*lambda\s+\w+\s*:|\(\w+\)\s*[:=]|(?:<-|=)\s*function\s*\(\w+\))\s*(?:return\s+)?(?:np\.)?round\b"
)
_CALL = re.compile(
    r"(?:np\.|numpy\.)?(?P<function>\w+)\.?\(\s*(?P<inner>.*?)\s*(?:,\s*(?:digits\s*=\s*)?\d{1,2}\s*)?\)"
)
_NAME = re.compile(r"-?[^\W\d][\w .,]{0,60}|(?P<of>\w+)\s?\.?\*\s?\(1\s?\.?-\s?(?P=of)\)")
_SHOWING = frozenset({"round", "print", "disp", "float"})
_ARRAY = re.compile(r"(?:tensor\(|array\()?\s*\[[-+\d.,;eE\s\[\]]*\]\s*(?:,[^()]*)?\)?")
_NAMES = re.compile(r"(?:[^,#:]*\d[^,#:]{0,12})(?:,[^,#:]*\d[^,#:]{0,12})*")  # a3, a4
_FEW = 6  # words of a name
_STEP = re.compile(
    r"(?P<name>[wWb]_?\d{1,2})\s*[-+]\s*(?:eta|lr|alpha|n|a|rate|0?\.\d+|1(?:\.0)?)\s*\*.+"
)  # w13 - eta*g13
_IN_PLACE = re.compile(r"(?<![\w.])(?P<name>[wWb]_?\d{1,2})\s*[-+]=")
_LISTED = re.compile(r"\s*\(\s*([-\d.eE+ ]+(?:,\s*[-\d.eE+ ]+)+)\)\s*")
_LONG = 300  # characters of a statement
_LONGEST = 1_500  # characters of an array


def prompt_of(text: str) -> re.Pattern[str] | None:
    """What a line begins with on which a statement was typed; None where a text is no session."""
    if any(_PROMPT.match(line) for line in text.splitlines()):
        return _PROMPT
    return _OF_R if _IS_R.search(text[:4_000]) else None


def session(lines: Sequence[Line], prompt: re.Pattern[str]) -> Iterator[Line]:
    """The lines with the names of what was printed, or those that a comment gives."""
    if prompt is _OF_R:
        lines = [(number, _DOTTED.sub("_", line)) for number, line in lines]
    asked = held = ""
    heads: list[str] = []  # of a table that is being printed
    stepped: set[str] = set()  # what has been updated in place, and is new from there on
    showing = _SHOWING | {found["name"] for _, line in lines for found in _ROUNDING.finditer(line)}
    code = [found["code"] if (found := prompt.match(line)) else None for _, line in lines]
    printed = {_asked(one, showing) for one in code if one is not None} | {
        found["name"] for _, line in lines if (found := _ECHO.fullmatch(line))
    }
    for (number, line), typed in zip(lines, code, strict=True):
        if typed is not None:
            asked, held, heads = _after(_asked(typed, showing), stepped), "", []
            stepped |= {step["name"] for step in _IN_PLACE.finditer(typed)}
            name, equals, _ = typed.replace("<-", "=").partition("=")
            yield number, "" if asked or (equals and name.strip() in printed) else typed
            continue
        if asked and not held and HEADS.fullmatch(line):
            heads = line.split()
            yield number, ""
            continue
        if heads and (row := _of_heads(asked, heads, line.split())):
            yield number, row
            continue
        if asked and _ARRAY_BELOW.fullmatch(line):
            yield number, f"{asked} ="
            asked = held = ""
            continue
        shown = f"{held} {_OUT.sub('', line, count=1).strip()}".strip()
        if asked and shown.count("[") > shown.count("]") and len(shown) < _LONGEST:
            held = shown  # goes on
            yield number, ""
            continue
        answer = _named(asked, shown) if asked else ""
        if answer or held:
            asked = held = ""
        yield number, answer or (_OUT.sub("", line, count=1) if prompt is _OF_R else line)


def _of_heads(asked: str, heads: list[str], words: list[str]) -> str:
    """A row below names, as R prints it, each number with what was asked for; empty if it is none."""
    row, values = words[: -len(heads)], words[-len(heads) :]
    if len(row) > 1 or len(values) < len(heads) or not all(map(NUMBER.fullmatch, values)):
        return ""
    ends = [f"from {row[0]} to {head}" if row else head for head in heads]
    return "; ".join(f"{asked} {end} = {value}" for end, value in zip(ends, values, strict=True))


def _after(asked: str, stepped: set[str]) -> str:
    """Names that are asked for, with what tells that they have been updated."""
    names = [name.strip() for name in asked.split(",")] if stepped else []
    return ", ".join(f"{name}_new" if name in stepped else name for name in names) or asked


def _named(asked: str, shown: str) -> str:
    """What was printed with its name; empty if it is no number, and no list of them."""
    shown = scalar[1] if (scalar := SCALAR.fullmatch(shown)) else shown
    values = listed[1].split(",") if (listed := _LISTED.fullmatch(shown)) else [shown]
    names = [name.strip() for name in asked.split(",")]
    values = (
        shown.split() if len(names) > 1 and len(shown.split()) == len(names) and "," not in shown else values
    )
    if len(names) == len(values) and all(NUMBER.fullmatch(value) for value in values):
        return "; ".join(f"{name} = {value.strip()}" for name, value in zip(names, values, strict=True))
    return f"{asked} = {shown}" if _ARRAY.fullmatch(shown) else ""


def _asked(code: str, showing: frozenset[str]) -> str:
    """The name whose value a statement shows, or several; empty if it shows none.

    showing: functions that give or print but what they are given.
    """
    code, _, comment = code.partition("#")
    last, told = code.rsplit(";", 1)[-1].strip()[:_LONG], comment.strip()[:_LONG]
    if told and _NAMES.fullmatch(told) and " from " not in told:
        return told
    if (step := _STEP.fullmatch(last)) is not None:
        return f"{step['name']}_new"
    names = [_bare(part, showing) for part in re.split(r"(?<=\))\s*,\s*", last)]
    if all(_NAME.fullmatch(name) for name in names):
        return ", ".join(names)
    return told if "=" not in last and len(told.split()) < _FEW else ""


def _bare(shown: str, showing: frozenset[str]) -> str:
    """What is shown, without the functions around it that only show it."""
    while (call := _CALL.fullmatch(shown)) is not None and call["function"] in showing:
        shown = call["inner"]
    return shown
