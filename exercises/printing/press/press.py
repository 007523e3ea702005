"""The press: PDFs of many like pages, each laid out once for all of its kind.

A page comes with its slots marked (`common.slots`): what is left is its kind. Of each kind WeasyPrint lays out and
prints one page, with stand-ins for its numbers (`page_template`). Every other page of the kind then takes its numbers'
widths from the font (`shaping`), moves what moves with them (`boxes`, `text_rows`), and is written out (`writing`).
Whatever the press cannot be sure of is laid out in the plain way, by `pdf.write_pdf`; so is what is printed `for_one`.

The bytes depend on the page and on that alone: not on what was printed before, nor on the process. With a release of
WeasyPrint that the press has not been tried with, the first page of each kind is laid out plainly too, and compared.
"""

from __future__ import annotations

from collections import OrderedDict
from contextlib import contextmanager
from functools import lru_cache
from html import unescape
from string import ascii_letters, digits
from typing import TYPE_CHECKING

from exercises.common.slots import MARK, NAME
from exercises.printing import weasy
from exercises.printing.pdf import font_settings, style, write_pdf
from exercises.printing.press.network_drawing import Draughtsman
from exercises.printing.press.page_template import Kind, PageTemplate
from exercises.printing.press.proof import same_pages
from exercises.printing.press.shaping import PAIRED, PLACEHOLDER, Faces, Unprovable

if TYPE_CHECKING:
    from collections.abc import Iterator

CODES = "-0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # what codes of problems are written with
NAMES = "".join(map(chr, range(0xC0, 0x100))) + ascii_letters + digits + " -.,·’“”"  # and most names
KINDS = 150  # how many are remembered
_SIGNS = frozenset(PAIRED) - {PLACEHOLDER}
_OF_CODES, _OF_NAMES = frozenset(CODES), frozenset(NAMES)


class Press:
    """Prints pages made by `pages.rendering`. Each process has its own."""

    def __init__(self) -> None:
        self.faces = Faces()
        self.draughtsman = Draughtsman(self.faces)
        self.templates: OrderedDict[Kind, PageTemplate | None] = OrderedDict()
        self.plain = 0  # pages that were laid out in the plain way
        self.idle = False  # whether all are: see `for_one`

    def pdf(self, page: str, *, forms: bool = False, keywords: tuple[str, ...] = ()) -> bytes:
        """Give a marked page as `pdf.write_pdf` would show it: the same to the eye, to a reader of text and of fields."""
        font_settings()  # which says what is wrong where WeasyPrint cannot be loaded
        try:
            found = None if self.idle else self._pressed(page, forms=forms, keywords=keywords)
        except Exception:  # noqa: BLE001 - whatever another release's inside brings forth, the plain page is right
            found = None
        if found is None:
            self.plain += 1
            return write_pdf(page, forms=forms, keywords=keywords)
        return found

    def _pressed(self, page: str, *, forms: bool, keywords: tuple[str, ...]) -> bytes | None:
        """None where the press cannot be sure."""
        weasy.inside()
        texts, slots = _parted(page)
        drawn = {n: self.draughtsman.draw(text) for n, text in enumerate(slots) if text.startswith("<svg ")}
        written = ["" if n in drawn else unescape(text) for n, text in enumerate(slots)]
        numbers = [text.removeprefix(NAME) for text in written]
        if any("<" in text for n, text in enumerate(slots) if n not in drawn) or PLACEHOLDER in page:
            raise Unprovable("marks that do not match, or a page with the press's own placeholder")
        letters = [drawn[n].height if n in drawn else _letters(text) for n, text in enumerate(written)]
        kind = Kind(texts, tuple(letters), tuple((n, one.letters) for n, one in drawn.items()), forms)
        template = self._template(kind)
        if template is None:
            return None
        found = template.completed(numbers, list(drawn.values()), keywords)
        if template.proved is None:
            plain = write_pdf(page, forms=forms, keywords=keywords) if weasy.untried() else found
            template.proved = plain is found or same_pages(found, plain)
        return found if template.proved else None

    def _template(self, kind: Kind) -> PageTemplate | None:
        """Find a kind's template, or make it; the least used are forgotten."""
        if kind not in self.templates:
            self.templates[kind] = None
            self.templates[kind] = PageTemplate(kind, self.faces, self.draughtsman)
            if len(self.templates) > KINDS:
                self.templates.popitem(last=False)
        self.templates.move_to_end(kind)
        return self.templates[kind]


@lru_cache
def _own() -> Press:
    return Press()


@contextmanager
def for_one() -> Iterator[None]:
    """Lay pages out plainly meanwhile: a template costs more than one page of its kind, and less than two."""
    press, before = _own(), _own().idle
    press.idle = True
    try:
        yield
    finally:
        press.idle = before


def print_pdf(page: str, *, forms: bool = False, keywords: tuple[str, ...] = ()) -> bytes:
    """Give a page made by `pages.rendering` as a PDF, by this process's press. See `Press.pdf`."""
    return _own().pdf(page, forms=forms, keywords=keywords)


def _parted(page: str) -> tuple[tuple[str, ...], list[str]]:
    """Tell what a page has in common with others from its slots."""
    first, *pieces = page.replace(style(), "", 1).split(MARK)
    texts, slots = [first], []
    for found, text in zip(pieces[::2], pieces[1::2], strict=True):
        inner = found.strip(" ")
        if not inner:
            texts[-1] += found + text
            continue
        before, _, behind = found.partition(inner)
        texts[-1] += before
        slots.append(inner)
        texts.append(behind + text)
    return tuple(texts), slots


def _letters(text: str) -> str:
    """What else a slot like this may be written with, so that like pages need the same glyphs; `NAME`: anything."""
    used = set(text.removeprefix(NAME))
    if used <= _SIGNS:
        return ""
    if used <= _OF_CODES:
        return CODES
    if used <= _OF_NAMES:
        return NAMES
    return NAME if text.startswith(NAME) else "".join(sorted(used | _SIGNS))
