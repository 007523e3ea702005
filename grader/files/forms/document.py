"""Texts of a word processor or a browser: .docx, .odt, .rtf, .html. Each becomes lines, which are read as any text is."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from grader.files.extraction.decode import decode
from grader.files.extraction.submission import Reading
from grader.files.forms import rich_text
from grader.files.forms import text as plain_text
from grader.files.guarded.guard import unpack

if TYPE_CHECKING:
    from grader.files.extraction.source import Source

PACKED = b"PK\x03\x04"
MAX_TEXT = 2_000_000  # characters


def read(data: bytes, source: Source) -> Reading:
    """One student's document."""
    if data.startswith(PACKED):
        content = unpack("office", data)
        if isinstance(content, str):
            return Reading(complaints=[f"{source.shown}: {content}"])
        lines = str(content["text"])
    else:
        lines = text(data)
    return plain_text.read(lines.encode(), source)


def text(data: bytes) -> str:
    """The lines of a document; nothing of one that cannot be read."""
    if data.startswith(PACKED):
        content = unpack("office", data)
        return "" if isinstance(content, str) else str(content["text"])
    return rich_text.text(data) if data.lstrip().startswith(rich_text.BEGIN) else _of_html(decode(data))


# --- HTML ---

_BLOCKS = frozenset(
    (
        "p",
        "div",
        "li",
        "tr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "table",
        "ul",
        "ol",
        "pre",
        "blockquote",
        "section",
    )
)
_SILENT = frozenset({"script", "style", "head", "template", "noscript"})
_STRUCK = frozenset({"s", "del", "strike"})
_NO_LETTER = re.compile(
    r"&#\d{8,};?"
)  # longer than any letter's number; Python's own reader fails at 4,300 digits


class _Lines(HTMLParser):
    """Gathers the lines of a page; a row of a table is written as in Markdown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.silent = self.pre = self.size = 0

    def add(self, written: str) -> None:
        self.size += len(written)
        if self.size <= MAX_TEXT:
            self.out.append(written)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.silent += tag in _SILENT
        self.pre += tag == "pre"
        written = {"br": "\n", "td": "| ", "th": "| ", "sub": "_{", "sup": "^{", "blockquote": "\n> "}.get(
            tag, ""
        )
        self.add(written or ("\n" if tag in _BLOCKS else "~~" if tag in _STRUCK else ""))

    def handle_endtag(self, tag: str) -> None:
        self.silent = max(0, self.silent - (tag in _SILENT))
        self.pre = max(0, self.pre - (tag == "pre"))
        written = {"tr": "|\n", "td": " ", "th": " ", "sub": "}", "sup": "}"}.get(tag, "")
        self.add(written or ("\n" if tag in _BLOCKS else "~~" if tag in _STRUCK else ""))

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.add(data if self.pre else re.sub(r"\s+", " ", data))


def _of_html(page: str) -> str:
    reader = _Lines()
    reader.feed(_NO_LETTER.sub("\ufffd", page[: 2 * MAX_TEXT]))
    reader.close()
    written = "".join(reader.out).replace("_{}", "").replace("^{}", "")
    return re.sub(r"\|[ \n]*\n *(?=\|)", "|\n", written)  # the rows of a table stand together
