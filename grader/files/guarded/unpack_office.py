"""The text of a .docx or .odt file: a line a paragraph, `| a | b |` a row of a table, ~~…~~ what is struck through.

Word's equations are written on a line, `(a)/(b)`, `a_3`. Runs in the other process of `guard`: it may take all its time
or crash.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from grader.files.guarded.sheet_xml import local_part
from grader.files.guarded.unpack_xlsx import BREAKS, check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CALLED = "document"  # in complaints
MAX_PART = 40_000_000  # bytes of the part with the text
DEEPEST = 60
MAX_LINES = 20_000
_PARTS = ("word/document.xml", "content.xml")
_BROKEN = "not a readable document; save it as .docx again, or as .txt"
_DROPPED = {
    "del",
    "moveFrom",
    "instrText",
    "rPr",
    "pPr",
    "tracked-changes",
    "annotation",
    "note",
    "Fallback",
    "ctrlPr",
    "fPr",
}
_LINES = {"p", "h"}


def unpack(data: bytes) -> dict[str, Any]:
    """The lines of a document. Raises ValueError with one sentence."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            check(archive)
            part = next((name for name in _PARTS if name in archive.namelist()), None)
            if part is None:
                raise ValueError("a packed file, but no document of text; save it as .docx again, or as .txt")
            if archive.getinfo(part).file_size > MAX_PART:
                raise ValueError(f"its text is longer than {MAX_PART // 1_000_000} MB; not read")
            xml = archive.read(part)
    except BREAKS:
        raise ValueError(_BROKEN) from None
    if b"<!DOCTYPE" in xml[:4_000] or b"<!ENTITY" in xml[:4_000]:
        raise ValueError("its XML declares entities, as no program for texts writes it; not read")
    try:
        root = ET.fromstring(xml)  # noqa: S314 - without entities, of capped size, in a process of its own
    except ET.ParseError:
        raise ValueError(_BROKEN) from None
    lines: list[str] = []
    for line in _lines(root, _struck_styles(root), 0):
        lines.append(line)
        if len(lines) >= MAX_LINES:
            break
    return {"text": "\n".join(lines)}


def _struck_styles(root: ET.Element) -> frozenset[str]:
    """The names of an .odt file's styles that strike through."""
    found = set()
    for style in root.iter():
        if local_part(style.tag) == "style":
            for inner in style:
                line = next(
                    (v for k, v in inner.attrib.items() if local_part(k) == "text-line-through-style"), "none"
                )
                if line != "none":
                    found.add(next((v for k, v in style.attrib.items() if local_part(k) == "name"), ""))
    return frozenset(found)


def _lines(element: ET.Element, struck: frozenset[str], depth: int) -> Iterator[str]:
    """The paragraphs and the rows of tables, in order."""
    for child in element if depth < DEEPEST else ():
        tag = local_part(child.tag)
        if tag in _LINES:
            yield from _inside(child, struck, depth).split("\n")
        elif tag in ("tr", "table-row"):
            cells = [
                " ".join(_lines(cell, struck, depth + 1)).strip()
                for cell in child
                if local_part(cell.tag) in ("tc", "table-cell")
            ]
            if cells:
                yield f"| {' | '.join(cells)} |"
        elif tag not in _DROPPED:
            yield from _lines(child, struck, depth + 1)


def _inside(element: ET.Element, struck: frozenset[str], depth: int) -> str:
    """What is written in a paragraph or a run."""
    if depth > DEEPEST:
        return ""
    tag = local_part(element.tag)
    if tag in _DROPPED:
        return ""
    if tag in _WRITTEN:
        return _WRITTEN[tag]
    if tag in _EQUATION:
        return _EQUATION[tag]({local_part(child.tag): _inside(child, struck, depth + 1) for child in element})
    text = (element.text or "") if tag not in ("r", "tbl", "body") or local_part(element.tag) == "t" else ""
    for child in element:
        text += _inside(child, struck, depth + 1) + ("" if tag == "r" else child.tail or "")
    return f"~~{text}~~" if text.strip() and _is_struck(element, struck) else text


def _is_struck(element: ET.Element, struck: frozenset[str]) -> bool:
    """Whether a run is struck through."""
    tag = local_part(element.tag)
    if tag == "span":
        return any(
            local_part(key) == "style-name" and value in struck for key, value in element.attrib.items()
        )
    for style in element if tag == "r" else ():
        for mark in style if local_part(style.tag) == "rPr" else ():
            if local_part(mark.tag) in ("strike", "dstrike"):
                return not any(value in ("0", "false", "off") for value in mark.attrib.values())
    return False


_WRITTEN = {
    "tab": "\t",
    "br": "\n",
    "cr": "\n",
    "line-break": "\n",
    "s": " ",
    "noBreakHyphen": "-",
    "softHyphen": "",
}
_EQUATION: dict[str, Callable[[dict[str, str]], str]] = {
    "f": lambda part: _over(part.get("num", ""), part.get("den", "")),
    "sSub": lambda part: f"{part.get('e', '')}_{_low(part.get('sub', ''))}",
    "sSup": lambda part: f"{part.get('e', '')}^{_low(part.get('sup', ''))}",
    "sSubSup": lambda part: f"{part.get('e', '')}_{_low(part.get('sub', ''))}^{_low(part.get('sup', ''))}",
    "d": lambda part: f"({part.get('e', '')})",
    "rad": lambda part: f"sqrt({part.get('e', '')})",
    "acc": lambda part: f"\\hat{{{part.get('e', '')}}}",
}


def _over(num: str, den: str) -> str:
    """A fraction; one of two derivatives needs no brackets."""
    both = num.strip()[:1] in ("∂", "d") and den.strip()[:1] in ("∂", "d")
    return f"{num.strip()}/{den.strip()}" if both else f"({num})/({den})"


def _low(text: str) -> str:
    return text.strip() if text.strip().isalnum() else f"{{{text.strip()}}}"
