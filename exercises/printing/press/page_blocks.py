"""A page's HTML cut into blocks: the pieces below one another that are laid out by themselves.

A block is a heading, a line of a key, a band of rows, a drawing … Its numbers are taken out, so that like blocks
of other pages have the same shape. Nothing here knows how a page is laid out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from html import unescape
from typing import TYPE_CHECKING

from exercises.printing.pdf import style
from exercises.printing.press.shaping import FIGURES, PAIRED, PLACEHOLDER, Unprovable

if TYPE_CHECKING:
    from collections.abc import Iterator

BRANCHES = re.compile(r'<(section)\b[^<>]*>|<div class="(key|feedback)">')  # what holds blocks, and no text
CODES = "0123456789ABCDEFGHJKMNPQRSTVWXYZ-"  # what codes of problems are written with
_PAGE = re.compile(
    r'<!DOCTYPE html>\s*<html lang="(\w+)">\s*<head>(.*?)</head>\s*(<body\b[^<>]*>)(.*)</body>\s*</html>\s*',
    re.DOTALL,
)
_HEAD = re.compile(
    r'\s*(?:<meta charset="utf-8"/>|<title>(?P<title>[^<>]*)</title>|<style>(?P<style>[^<>]*)</style>'
    r'|<meta name="(?P<name>\w+)" content="(?P<content>[^"<>]*)"/>)',
)
_OPENING = re.compile(r"\s*(<([a-zA-Z]\w*)(?:\s[^<>]*)?>)")
# An index is no number; a code may be without figures.
_TEXT = re.compile(r"(?<!<sub|<var)>([^<>&]*[0-9][^<>&]*|[A-Z]{4}-[A-Z]{4})(?=<)")
_MARKUP = re.compile(r"<[^<>]*>")
_HEADING = re.compile(r"<h[12]\b")  # whose words are also in the outline or in the footer
_NUMBER = re.compile(r"\d\.\d|= ?−?\d")
_WORD = re.compile(r"[^\W\d_]{2,}(?![^\W\d_]*\()")  # but no name of a function
_PAIRED = frozenset(PAIRED)
_GAP = re.compile(r"\s\s|\n")
_CODE = re.compile(rf"[{CODES[:-1]}]{{4}}-[{CODES[:-1]}]{{4}}")
_SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_SVG_SIZE = re.compile(r'<svg [^<>]*?width="([\d.]+)mm" height="([\d.]+)mm"')


@dataclass(frozen=True, slots=True)
class BlockKind:
    """What blocks have in common that are laid out alike.

    around: the opening tags of the branches that it is on.
    before: the opening tag of what it follows on its branch, "" for nothing.
    last:   whether nothing follows it there.
    shape:  its HTML, each number a `PLACEHOLDER`, and of a drawing only the height.
    frames: how many drawings have been taken out of it.
    figures: how many figures of other text are zeros in it; even: which figures these may stand for.
    letters: what its numbers are written with, unless that is figures and signs only.
    """

    around: tuple[str, ...]
    before: str
    last: bool
    shape: str
    letters: str
    frames: int = 0
    figures: int = 0
    even: str = FIGURES


@dataclass(frozen=True, slots=True)
class PageBlock:
    """A block: its kind, its numbers, drawings and other figures in order, and all of it as it was."""

    kind: BlockKind
    numbers: tuple[str, ...]
    pictures: tuple[str, ...]
    figures: str
    html: str

    def keeping_fours(self) -> BlockKind:
        """Its kind with each 4 of its prose in place, which in italics is a little wider than other figures."""
        kind = self.kind
        return _parted(
            self.html, kind.around, kind.before, last=kind.last, even=FIGURES.replace("4", "")
        ).kind

    def exact(self) -> BlockKind:
        """Its kind with everything in place, for what must be laid out by itself."""
        kind = self.kind
        return BlockKind(kind.around, kind.before, kind.last, self.html, "")


@dataclass(frozen=True, slots=True)
class BlockBranch:
    """What holds blocks, or further branches; `opening` is its tag."""

    opening: str
    children: tuple[BlockBranch | int, ...]  # blocks by number


@dataclass(frozen=True, slots=True)
class Page:
    """A page in pieces.

    language, title, author: as its head has them, with all its `meta`.
    css:  the page's own style sheets, but for the one that all pages share.
    body: the body's opening tag.
    """

    language: str
    title: str
    meta: dict[str, str]
    css: str
    body: str
    tree: tuple[BlockBranch | int, ...]
    blocks: tuple[PageBlock, ...]


def read(html: str) -> Page:
    """Cut a page made by `page.render`. Raises Unprovable at what no template of ours has."""
    found = _PAGE.fullmatch(html.replace(style(), "", 1))
    if found is None or PLACEHOLDER in html:
        raise Unprovable("no page of ours")
    language, head, body, content = found.groups()
    title, css, meta, at = "", [], {}, 0
    while piece := _HEAD.match(head, at):
        at = piece.end()
        title = unescape(piece["title"] or title)
        if piece["style"] is not None:
            css.append(piece["style"])
        if piece["name"]:
            meta[piece["name"]] = unescape(piece["content"])
    if head[at:].strip() or not css or css[0]:
        raise Unprovable("a head that the press does not know")
    blocks: list[PageBlock] = []
    tree = _cut(content, 0, len(content), (), blocks)
    return Page(language, title, meta, "".join(css[1:]), body, tree, tuple(blocks))


def _cut(
    html: str, at: int, end: int, around: tuple[str, ...], blocks: list[PageBlock]
) -> tuple[BlockBranch | int, ...]:
    """Cut what is between two places, on the branches `around`."""
    pieces = list(_pieces(html, at, end))
    found: list[BlockBranch | int] = []
    before = ""
    for number, (opening, start, stop) in enumerate(pieces):
        if BRANCHES.fullmatch(opening):
            inner = html.rindex("<", start, stop)
            children = _cut(html, start + len(opening), inner, (*around, opening), blocks)
            found.append(BlockBranch(opening, children))
        else:
            blocks.append(_block(html[start:stop], around, before, last=number == len(pieces) - 1))
            found.append(len(blocks) - 1)
        before = opening
    return tuple(found)


def _pieces(html: str, at: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Find elements that follow one another: opening tag, beginning and end."""
    while found := _OPENING.match(html, at, end):
        opening, tag = found.groups()
        start, at, depth = found.start(1), found.end(), int(not found[1].endswith("/>"))
        tags = _tags(tag)
        while depth:
            piece = tags.search(html, at, end)
            if piece is None:
                raise Unprovable("tags that do not match")
            at = piece.end()
            depth += -1 if piece[1] else 0 if piece[2] else 1
        yield opening, start, at
    if html[at:end].strip():
        raise Unprovable("text beside blocks")


_TAGS: dict[str, re.Pattern[str]] = {}


def _tags(tag: str) -> re.Pattern[str]:
    if tag not in _TAGS:
        _TAGS[tag] = re.compile(rf"<(/)?{tag}\b[^<>]*?(/)?>")
    return _TAGS[tag]


_FIXED: dict[tuple[object, ...], PageBlock] = {}  # blocks without numbers come again and again
MOST = 4000


def _block(html: str, around: tuple[str, ...], before: str, *, last: bool) -> PageBlock:
    key = html, around, before, last
    block = _FIXED.get(key)
    if block is None:
        block = _parted(html, around, before, last=last)
        if not block.numbers and not block.pictures:
            if len(_FIXED) >= MOST:
                _FIXED.clear()
            _FIXED[key] = block
    return block


def _parted(html: str, around: tuple[str, ...], before: str, *, last: bool, even: str = FIGURES) -> PageBlock:
    """Take numbers and drawings out of a block, and those figures of other text that are in `even`."""
    numbers: list[str] = []
    pictures: list[str] = []
    shape, letters = html, ""

    def frame(found: re.Match[str]) -> str:
        size = _SVG_SIZE.match(found[0])
        if size is None:
            return found[0]
        pictures.append(found[0])
        return _frame(size[2])

    if "<svg" in html:
        shape = _SVG.sub(frame, html)

    prose = not _HEADING.search(shape) and "<svg" not in html.replace("<svg", "", len(pictures))
    figures: list[str] = []

    def take(found: re.Match[str], *, masked: bool = prose) -> str:
        text: str = found[1]
        core = text.strip()
        if _CODE.fullmatch(core) or (
            _NUMBER.search(core) and not _WORD.search(core) and not _GAP.search(core)
        ):
            numbers.append(core)
            return found[0].replace(core, PLACEHOLDER, 1)
        if not masked:
            return found[0]
        figures.extend(figure for figure in text if figure in even)
        return found[0].translate(dict.fromkeys(map(ord, even), "0"))

    whole, shape = shape, _TEXT.sub(take, shape)
    if len(figures) != _MARKUP.sub("", shape).count(
        "0"
    ):  # there are other zeros that could be mistaken for these
        numbers.clear()
        figures.clear()
        shape = _TEXT.sub(partial(take, masked=False), whole)
    used = set("".join([CODES if _CODE.fullmatch(text) else text for text in numbers]))
    if not used <= _PAIRED:
        signs = _PAIRED - {PLACEHOLDER} if any(map(_NUMBER.search, numbers)) else set()
        letters = "".join(sorted(used | signs))
    kind = BlockKind(around, before, last, shape, letters, len(pictures), len(figures), even)
    return PageBlock(kind, tuple(numbers), tuple(pictures), "".join(figures), html)


FRAME_WIDTH = 100.0  # millimetres


def _frame(height: str) -> str:
    """Stand in for a drawing in a template."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{FRAME_WIDTH}mm" height="{height}mm" '
        f'viewBox="0 0 {FRAME_WIDTH} {height}"><title>drawing</title></svg>'
    )
