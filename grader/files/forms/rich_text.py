"""The text of an .rtf file: control words for lines and cells, characters by their codes, what is struck through."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

BEGIN = b"{\\rtf"
MAX_BYTES = 8_000_000
_GROUPS = 200  # within groups
_TOKEN = re.compile(
    r"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_WRITTEN = {"par": "\n", "line": "\n", "tab": "\t", "cell": " | ", "row": "|\n", "emdash": "—", "endash": "–"}
_SIGNS = {"~": " ", "-": "-", "_": "-", "\\": "\\", "{": "{", "}": "}"}
_LEFT_OUT = frozenset(
    (
        "fonttbl",
        "colortbl",
        "stylesheet",
        "info",
        "pict",
        "header",
        "footer",
        "listtable",
        "generator",
        "themedata",
    )
)


@dataclass(slots=True)
class _Page:
    """What has been written so far, and what holds in the group that is open.

    skipped: signs that are still to be left out, as they stand for a letter that has been written.
    """

    out: list[str] = field(default_factory=list)
    groups: list[tuple[bool, bool, int]] = field(default_factory=list)
    aside: bool = False
    struck: bool = False
    after: int = 1
    skipped: int = 0

    def brace(self, brace: str) -> None:
        if brace == "{":
            self.groups.append((self.aside, self.struck, self.after))
        else:
            self.aside, self.struck, self.after = self.groups.pop() if self.groups else (False, False, 1)

    def word(self, word: str, number: str | None) -> None:
        if word in _LEFT_OUT:
            self.aside = True
        elif word == "strike":
            self.struck = number != "0"
        elif word == "uc":
            self.after = int(number or 1)
        elif word == "u" and number:
            self.write(chr(int(number) % 65_536))
            self.skipped = self.after
        else:
            self.write(_WRITTEN.get(word, ""))

    def signs(self, written: str) -> None:
        taken = min(self.skipped, len(written))
        self.skipped -= taken
        self.write(written[taken:])

    def write(self, written: str) -> None:
        if written and not self.aside:
            self.out.append(f"~~{written}~~" if self.struck and written.strip() else written)


def text(data: bytes) -> str:
    """The lines of the file; a row of a table is written as in Markdown."""
    page = _Page()
    for found in _TOKEN.finditer(data[:MAX_BYTES].decode("latin-1")):
        word, number, code, sign, brace, run = found.groups()
        if brace:
            page.brace(brace)
            if len(page.groups) > _GROUPS:
                break
        elif sign == "*":
            page.aside = True
        elif word is not None:
            page.word(word, number)
        else:
            letter = bytes.fromhex(code).decode("cp1252", "replace") if code else _SIGNS.get(sign, "")
            page.signs(letter or run or "")
    written = (
        "".join(page.out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )  # a letter may take two words
    lines = written.replace("~~~~", "").split("\n")
    return "\n".join(f"| {line.rstrip(' |')} |" if line.rstrip().endswith("|") else line for line in lines)
