"""What a screen reader says of signs that are drawn with a letter, such as ✓: a text for each in the PDF's structure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pikepdf

_FONTS = re.compile("Symbols|Math")  # what signs are set in; as a letter of a text another font has them too
_PAIR = re.compile(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_GLYPH = 4  # figures of a glyph's number


def speak(pdf: pikepdf.Pdf, words: Mapping[str, str]) -> None:
    """Give each sign that stands for itself its words, as the alternative text of its element."""
    import pikepdf

    if "/StructTreeRoot" not in pdf.Root:
        return
    numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    parents = {int(n): own for n, own in zip(numbers[::2], numbers[1::2], strict=True)}
    known: dict[tuple[int, int], dict[str, str]] = {}
    for page in pdf.pages:
        elements = parents.get(int(page.get("/StructParents", -1)))
        if not isinstance(elements, pikepdf.Array):
            continue
        for mark, text in _texts(page, known):
            if text.strip() in words and mark < len(elements):
                elements[mark].Alt = pikepdf.String(words[text.strip()])


def _texts(page: pikepdf.Page, known: dict[tuple[int, int], dict[str, str]]) -> Iterator[tuple[int, str]]:
    """Each piece of marked text in the fonts of signs, by its number."""
    import pikepdf

    letters: dict[str, str] | None = None
    mark, text = -1, ""
    for instruction in pikepdf.parse_content_stream(page, "BDC EMC Tf TJ Tj"):
        operands: Any = instruction.operands
        match str(instruction.operator):
            case "BDC":
                own: Any = operands[1]
                mark, text = int(own.get("/MCID", -1)) if hasattr(own, "get") else -1, ""
            case "EMC":
                if mark >= 0 and text:
                    yield mark, text
                mark = -1
            case "Tf":
                font = page.Resources.Font[str(operands[0])]
                letters = _letters(font, known) if _FONTS.search(str(font.BaseFont)) else None
            case _ if mark >= 0:
                text += _shown(operands[0], letters) if letters is not None else "\0"


def _letters(font: Any, known: dict[tuple[int, int], dict[str, str]]) -> dict[str, str]:
    """The letters of a font by the numbers of their glyphs."""
    if font.objgen not in known:
        table = font.ToUnicode.read_bytes().decode("latin-1")
        known[font.objgen] = {
            glyph.upper(): bytes.fromhex(letters).decode("utf-16-be", "replace")
            for glyph, letters in _PAIR.findall(table)
        }
    return known[font.objgen]


def _shown(operand: Any, letters: dict[str, str]) -> str:
    import pikepdf

    pieces = operand if isinstance(operand, pikepdf.Array) else [operand]
    figures = "".join(bytes(piece).hex() for piece in pieces if isinstance(piece, pikepdf.String)).upper()
    glyphs = (figures[n : n + _GLYPH] for n in range(0, len(figures), _GLYPH))
    return "".join(letters.get(glyph, "\0") for glyph in glyphs)
