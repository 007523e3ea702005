r"""A line without what LaTeX, Markdown and HTML put around its answers: `\\boxed{…}`, `**…**`, `\\qquad`."""

from __future__ import annotations

import re

from grader.answers.plain_signs import ITALIC

_SIGNS = (
    (re.compile(r"&nbsp;|&emsp;|&ensp;"), "  "),
    (re.compile(r"<br ?/?>"), "\t"),
    (re.compile(r"<sub>\s*([\w,+-]{1,12})\s*</sub>"), r"_\1"),
    (re.compile(r"</?(?:s|del|strike)>"), "~~"),
    (
        re.compile(
            r"\\(?:pd|pdv|pder|dv|diff|deriv)\s*\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}\s*\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}"
        ),
        r"\\frac{\\partial \1}{\\partial \2}",
    ),
    (re.compile(r"\(?([∂d][A-Za-zŷ_\d]{1,6})\)?\s*/\s*\(\s*([∂d][^()\s]{1,12})\s*\)"), r"\1/\2"),
    (re.compile(r"\\(?:leftarrow|gets)(?![A-Za-z])"), "←"),
    (re.compile(r"\\(?:sout|st|x?cancel)\{([^{}]*)\}"), r"~~\1~~"),
    (re.compile(r"\\[,;:!>](?=\\|\s|\w|-)"), " "),
    (re.compile(r"\\left\.|\\displaystyle|\\nonumber|\\[()\[\]]"), ""),
    (re.compile(r"\\right\|"), "|"),
    (re.compile(r"&\s*(?==|≈|:|->|\\approx|\\to\b)|(?<=[=≈:])\s*&"), ""),
    (re.compile(r"(?<!\\)&|\\q?quad\b|\\hspace\*?\{[^{}]*\}|\\\\(?=\s|$)"), "\t"),
    (re.compile(r"\\(?:approx|simeq|doteq|cong)(?![A-Za-z])"), "≈"),
    (re.compile(r"\\(?:Rightarrow|implies|Longrightarrow)(?![A-Za-z])|⟹"), "⇒"),
    (re.compile(r"\\(?:to|rightarrow)(?![A-Za-z])|-+>|⟶"), "→"),
)
SCALAR = re.compile(r"\b(?:tensor|array)\(\s*([-+]?\d*\.\d+(?:e[-+]?\d+)?)\s*(?:,[^()]*)?\)")
_LEADERS = re.compile(r"(?<=\w) ?(?:\.{4,}|(?:\. ){3,}|_{4,}|-{4,}) ?(?=[-−+]?[\d.])")  # a3 ........ 0.7550
_BOLD = re.compile(r"(?<![\w*)])(\*\*|__)(?=[^\s*_])([^*]+?)(?<=\S)\1(?![*\w])")
_CODE = re.compile(r"(?<![\w`])`([^`]+)`(?![\w`])")
_BOX = re.compile(r"\\(?:boxed|fbox|underline)\s*\{")


FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {
    0x3000: " ",
    0x3001: ", ",
    0x3002: ". ",
}


def tidy(line: str) -> str:
    """The line with its answers parted by tabs where they stood in columns."""
    if not line.isascii():
        line = line.translate(FULL_WIDTH)
    if not line.isascii() or any(c in line for c in "\\&*`<>_/"):
        line = _unboxed(line)
        for pattern, meant in _SIGNS:
            line = pattern.sub(meant, line)
        line = ITALIC.sub(r"\1", line)
        line = _CODE.sub(r"\1", _BOLD.sub(r"\2", _CODE.sub(r"\1", line)))
    if "r(" in line or "y(" in line:
        line = SCALAR.sub(r"\1", line)
    return (
        _LEADERS.sub(": ", line).rstrip()
        if "...." in line or "____" in line or "----" in line
        else line.rstrip()
    )


def _unboxed(line: str) -> str:
    """Without boxes around what stands in them."""
    while (box := _BOX.search(line)) is not None:
        depth, at = 1, box.end()
        while at < len(line) and depth:
            depth += {"{": 1, "}": -1}.get(line[at], 0)
            at += 1
        inside = line[box.end() : at - 1] if not depth else line[box.end() :]
        line = line[: box.start()] + inside + line[at:]
    return line
