"""Where blocks fall on pages, by WeasyPrint's own rules: it lays out empty blocks of the blocks' heights.

That takes a tenth of the time of the page itself, and serves every page whose blocks are as tall.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from exercises.printing import weasy
from exercises.printing.pdf import laid_out, uncollected
from exercises.printing.press.box_kinds import kind_of
from exercises.printing.press.layout_templates import closing, document
from exercises.printing.press.page_blocks import BlockBranch
from exercises.printing.press.painting import bare, plain
from exercises.printing.press.shaping import Unprovable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exercises.printing.press.layout_templates import LayoutSetting, LayoutTemplate

BlockTree = tuple[BlockBranch | int, ...]


@dataclass(slots=True)
class BranchOnPage:
    """A branch as far as it is on one page: its element's name, and blocks by number or further branches."""

    tag: str
    children: list[BranchOnPage | int] = field(default_factory=list)

    def count(self) -> int:
        """How many branches there are on it."""
        return sum(1 + child.count() for child in self.children if not isinstance(child, int))

    def blocks(self) -> Iterator[int]:
        """All its blocks, in order."""
        for child in self.children:
            if isinstance(child, int):
                yield child
            else:
                yield from child.blocks()


@dataclass(frozen=True, slots=True)
class PageFlow:
    """Pages in order; where the border box of each block begins; width and height of the paper, in CSS pixels.

    language: of the text.
    """

    pages: list[BranchOnPage]
    tops: dict[int, float]
    width: float
    height: float
    language: str


class Signature(NamedTuple):
    """What a block's place depends on; see `LayoutTemplate`."""

    height: float
    margins: tuple[float, float]
    breaks: tuple[str, str, str]
    whole: bool


def signature(template: LayoutTemplate) -> Signature:
    """Give what a block's place depends on."""
    return Signature(template.height, template.margins, template.breaks, template.whole)


def flow(tree: BlockTree, templates: Sequence[LayoutTemplate], setting: LayoutSetting) -> PageFlow:
    """Let blocks fall on pages. Raises Unprovable where a page would end within a block."""
    styles: dict[Signature, str] = {}
    for template in templates:
        styles.setdefault(signature(template), f"press-{len(styles)}")
    rules = "".join(f".{name} {{ {_rule(key)} }}" for key, name in styles.items())
    body = _body(tree, [styles[signature(template)] for template in templates])
    with uncollected():
        pages = laid_out(document(body, setting, css=rules)).pages
        tops: dict[int, float] = {}
        branches = [_page(weasy.page_box(page), templates, tops) for page in pages]
    if len(tops) != len(templates):
        raise Unprovable("a block was lost")
    return PageFlow(branches, tops, pages[0].width, pages[0].height, setting.language)


def _rule(key: Signature) -> str:
    above, below = key.margins
    before, after, inside = key.breaks
    return (
        f"height: {key.height!r}px; margin: {above!r}px 0 {below!r}px; "
        f"break-before: {before}; break-after: {after}; break-inside: {inside}"
    )


def _body(tree: BlockTree, names: list[str]) -> str:
    return "".join(
        f'<div class="{names[child]}" data-press="{child}"></div>'
        if isinstance(child, int)
        else f"{child.opening}{_body(child.children, names)}{closing(child.opening)}"
        for child in tree
    )


def _page(page: Any, templates: Sequence[LayoutTemplate], tops: dict[int, float]) -> BranchOnPage:
    (root,) = [child for child in page.children if child.element_tag == "html"]
    (body,) = root.children
    branch = BranchOnPage("body")
    first = not tops
    fresh: list[int] = []
    _grow(branch, body, tops, fresh)
    bottom = page.content_box_y() + page.height
    for number in fresh:
        template = templates[number]
        if tops[number] + template.height > bottom or (
            not first and number == fresh[0] and not template.whole
        ):
            raise Unprovable("a page ends within a block")
        if template.pinned and tops[number] != template.top:
            raise Unprovable("a block that belongs to the top of a page is somewhere else")
    return branch


def _grow(branch: BranchOnPage, box: Any, tops: dict[int, float], fresh: list[int]) -> None:
    plain(box)
    if (
        not bare(box)
        or kind_of(box) != "block"
        or any(getattr(box, f"border_{s}_width") + getattr(box, f"padding_{s}") for s in _SIDES)
    ):
        raise Unprovable(box)
    for child in box.children:
        number = child.element.get("data-press")
        if number is None:
            branch.children.append(BranchOnPage(child.element_tag))
            _grow(branch.children[-1], child, tops, fresh)  # type: ignore[arg-type]
        elif int(number) in tops:
            raise Unprovable("a page ends within a block")
        else:
            fresh.append(int(number))
            tops[fresh[-1]] = child.border_box_y()
            branch.children.append(fresh[-1])


_SIDES = ("top", "right", "bottom", "left")
