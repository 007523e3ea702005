"""The press: PDFs of many like pages, each laid out once for all of its kind.

A page is cut into blocks (`page_blocks`). Each kind of block is laid out by WeasyPrint once, with placeholders for
its numbers (`layout_templates`); where the blocks of a page fall is found in the same way (`flow`). A page of known
blocks then takes its numbers' widths from the font (`shaping`), moves what moves with them (`text_rows`), and is
written out (`document_template`, `writing`). Whatever the press cannot be sure of is laid out in the plain way, by
`pdf.write_pdf`.

The bytes depend on the page alone: not on what was printed before, nor on the process. With a release of WeasyPrint
that the press has not been tried with, the first page of each plan is laid out plainly too, and compared.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from exercises.printing import weasy
from exercises.printing.pdf import font_settings, uncollected, write_pdf
from exercises.printing.press.document_template import FIRST, DocumentTemplate
from exercises.printing.press.flow import PageFlow, flow, signature
from exercises.printing.press.fonts import FontCache, united
from exercises.printing.press.footers import learn_footers
from exercises.printing.press.layout_templates import LayoutSetting, learn
from exercises.printing.press.network_drawing import Draughtsman
from exercises.printing.press.page_blocks import read
from exercises.printing.press.page_templates import FilledBlock
from exercises.printing.press.proof import same_pages
from exercises.printing.press.shaping import Faces, Unprovable
from exercises.printing.press.writing import string

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from exercises.printing.press.fonts import Glyphs
    from exercises.printing.press.footers import Footers
    from exercises.printing.press.layout_templates import LayoutTemplate
    from exercises.printing.press.network_drawing import DrawnFigure
    from exercises.printing.press.page_blocks import BlockKind, Page, PageBlock
    from exercises.printing.press.shaping import Shaped

Fills = tuple[int, ...]  # how many placeholders for each number
Key = tuple["BlockKind", Fills]  # what a template is made from
K = TypeVar("K")
V = TypeVar("V")
SETTINGS, TEMPLATES, FLOWS, PLANS = 60, 4000, 400, 100  # how many are remembered


class PreparedBlock(NamedTuple):
    """A block's template, its slots, the glyphs of its numbers, its drawings and its other figures."""

    template: LayoutTemplate
    slots: list[float]
    shaped: list[Shaped]
    drawings: list[DrawnFigure]
    figures: list[bytes]


class Press:
    """Prints pages made by `page.render`. Each process has its own."""

    def __init__(self) -> None:
        self.faces = Faces()
        self.fonts = FontCache(self.faces.fonts, FIRST)
        self.draughtsman = Draughtsman(self.faces)
        self.templates: OrderedDict[LayoutSetting, OrderedDict[Key, LayoutTemplate | None]] = OrderedDict()
        self.flows: OrderedDict[Any, PageFlow] = OrderedDict()
        self.plans: OrderedDict[Any, DocumentTemplate] = OrderedDict()
        self.footers: OrderedDict[Any, Footers] = OrderedDict()
        self.plain = 0  # pages that were laid out in the plain way

    def pdf(self, html: str, *, forms: bool = False, keywords: tuple[str, ...] = ()) -> bytes:
        """Give the page as `pdf.write_pdf` would show it: the same to the eye, to a reader of text and of fields."""
        font_settings()  # which says what is wrong where WeasyPrint cannot be loaded
        try:
            with uncollected():
                found = self._pressed(html, forms=forms, keywords=keywords)
        except Exception:  # noqa: BLE001 - whatever another release's inside brings forth, the plain page is right
            found = None
        if found is None:
            self.plain += 1
            return write_pdf(html, forms=forms, keywords=keywords)
        return found

    def _pressed(self, html: str, *, forms: bool, keywords: tuple[str, ...]) -> bytes | None:
        """None where a release that the press has not been tried with prints such pages in another way."""
        weasy.inside()
        page = read(html)
        setting = LayoutSetting(page.language, page.css, page.body, forms)
        ready_blocks = self._prepare(page.blocks, setting)
        plan = self._plan(page, ready_blocks, setting)
        for ready in ready_blocks:
            for one in ready.shaped if ready.template.letters else ():
                plan.allows(one)
        drawings = [ready.drawings for ready in ready_blocks]
        filled = [
            FilledBlock(
                ready.slots, [*_gaps(ready.drawings), *[one.shown for one in ready.shaped], *ready.figures]
            )
            for ready in ready_blocks
        ]
        info = _info(page, keywords)
        found = plan.completed(filled, [block.numbers for block in page.blocks], info, drawings)
        if plan.proved is None:
            plan.proved = not weasy.untried() or same_pages(
                found, write_pdf(html, forms=forms, keywords=keywords)
            )
        return found if plan.proved else None

    def _prepare(self, blocks: Sequence[PageBlock], setting: LayoutSetting) -> list[PreparedBlock]:
        """Find each block a template, and fill it: one with short placeholders, with long ones, or of the very block."""
        found: list[PreparedBlock | None] = [None] * len(blocks)
        wanted = {n: (block.kind, short(len(block.numbers))) for n, block in enumerate(blocks)}
        for fitting in (_keeping_fours, _longer, _exact, None):
            templates = self._learned(wanted, setting)
            failed: dict[int, Key] = {}
            for n, key in wanted.items():
                try:
                    found[n] = self._filled(blocks[n], key, templates[key])
                except Unprovable:
                    if fitting is None:
                        raise
                    failed[n] = fitting(blocks[n], key, templates[key])
            wanted = failed
        return [ready for ready in found if ready is not None]

    def _filled(self, block: PageBlock, key: Key, template: LayoutTemplate | None) -> PreparedBlock:
        if template is None:
            raise Unprovable(block.html)
        if template.still:
            return PreparedBlock(template, [], [], [], [])
        numbers = block.numbers[: len(key[1])]
        drawings = [self.draughtsman.draw(picture) for picture in block.pictures[: key[0].frames]]
        own = [figure for figure in block.figures if figure in template.even] if template.figures else []
        figures = [found[figure] for found, figure in zip(template.figures, own, strict=True)]
        return PreparedBlock(
            template, *template.filled(numbers, [one.width for one in drawings]), drawings, figures
        )

    def _learned(self, wanted: dict[int, Key], setting: LayoutSetting) -> dict[Key, LayoutTemplate | None]:
        known = _kept(self.templates, setting, OrderedDict, SETTINGS)
        missing = [key for key in dict.fromkeys(wanted.values()) if key not in known]
        if missing:
            known.update(zip(missing, learn(missing, setting, self.faces), strict=True))
        found = {key: known[key] for key in wanted.values()}
        while len(known) > TEMPLATES:
            known.popitem(last=False)
        return found

    def _plan(
        self, page: Page, ready_blocks: Sequence[PreparedBlock], setting: LayoutSetting
    ) -> DocumentTemplate:
        templates = [ready.template for ready in ready_blocks]
        letters = tuple(drawn.letters for ready in ready_blocks for drawn in ready.drawings)
        key = setting, page.tree, tuple(map(id, templates)), letters

        def make() -> DocumentTemplate:
            known = setting, page.tree, tuple(map(signature, templates))
            found = _kept(self.flows, known, lambda: flow(page.tree, templates, setting), FLOWS)
            first = page.blocks[0].kind if page.blocks else None
            footers = _kept(
                self.footers, (setting, first), lambda: learn_footers(first, setting, self.faces), FLOWS
            )
            drawn: Glyphs = {}
            for one in letters:
                united(drawn, self.draughtsman.alphabet(one))
            return DocumentTemplate(templates, found, footers, self.fonts, drawn)

        return _kept(self.plans, key, make, PLANS)


@lru_cache
def _own() -> Press:
    return Press()


def print_pdf(html: str, *, forms: bool = False, keywords: tuple[str, ...] = ()) -> bytes:
    """Give a page made by `page.render` as a PDF, by this process's press. See `Press.pdf`."""
    return _own().pdf(html, forms=forms, keywords=keywords)


def _kept(known: OrderedDict[K, V], key: K, make: Callable[[], V], most: int) -> V:
    """Look something up, or make it; the least used are forgotten."""
    if key not in known:
        known[key] = make()
        if len(known) > most:
            known.popitem(last=False)
    known.move_to_end(key)
    return known[key]


@lru_cache
def short(count: int) -> Fills:
    """Stand-ins of different lengths, none longer than a number."""
    return tuple(1 + n % 3 for n in range(count))


def _keeping_fours(block: PageBlock, key: Key, _: LayoutTemplate | None) -> Key:
    """With each 4 in its place."""
    return (block.keeping_fours(), key[1]) if key[0].figures else key


def _longer(block: PageBlock, key: Key, template: LayoutTemplate | None) -> Key:
    """Stand-ins nearly as long as the numbers, so that lines are broken where theirs are."""
    return (key[0], template.fills(block.numbers)) if template is not None else key


def _exact(block: PageBlock, _: Key, __: LayoutTemplate | None) -> Key:
    return block.exact(), ()


def _gaps(drawings: Sequence[DrawnFigure]) -> Iterator[bytes | float]:
    """What goes into the gaps for drawings."""
    for one in drawings:
        yield one.width
        yield one.shown


def _info(page: Page, keywords: tuple[str, ...]) -> bytes:
    """What the PDF says of itself."""
    found = {"Producer": f"WeasyPrint {weasy.version()}", "Title": page.title}
    for name, entry in (("keywords", "Keywords"), ("generator", "Creator")):
        if name in page.meta:
            found[entry] = page.meta[name]
    if page.meta.keys() - {"keywords", "generator"}:
        raise Unprovable(page.meta)
    if keywords:
        found["Keywords"] = ", ".join(keywords)
    entries = [b"/%b%b" % (name.encode(), string(text)) for name, text in found.items() if text]
    return b"<<%b>>" % b"".join(entries)
