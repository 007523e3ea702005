"""The outline of a document: its headings as bookmarks."""

from __future__ import annotations

from dataclasses import dataclass, field

from exercises.printing.press.writing import figure, string


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A heading: its level, words, page (by the number of its object), place in points, and whether it is open."""

    level: int
    label: str
    page: int
    x: float
    y: float
    state: str


@dataclass(slots=True)
class _Item:
    number: int
    bookmark: Bookmark
    children: list[_Item] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many are below it, open ones with theirs."""
        return _counted(self.children)


def _counted(items: list[_Item]) -> int:
    return len(items) + sum(item.count for item in items if item.bookmark.state != "closed")


def write(plain: dict[int, bytes], first: int, bookmarks: list[Bookmark]) -> tuple[int, bytes]:
    """Write outline objects from number `first` on; gives the next free number, and the catalog's entry."""
    if not bookmarks:
        return first, b""
    top: list[_Item] = []
    open_: list[_Item] = []
    for n, bookmark in enumerate(bookmarks, first + 1):
        item = _Item(n, bookmark)
        while open_ and open_[-1].bookmark.level >= bookmark.level:
            open_.pop()
        (open_[-1].children if open_ else top).append(item)
        open_.append(item)
    _write(plain, top, first)
    plain[first] = b"<</Count %d/First %d 0 R/Last %d 0 R>>" % (_counted(top), top[0].number, top[-1].number)
    return first + 1 + len(bookmarks), b"/Outlines %d 0 R" % first


def _write(plain: dict[int, bytes], items: list[_Item], parent: int) -> None:
    for n, item in enumerate(items):
        mark = item.bookmark
        place = f"[{mark.page} 0 R/XYZ {figure(mark.x)} {figure(mark.y)} 0]"
        count = -item.count if mark.state == "closed" else item.count
        more = f"/Prev {items[n - 1].number} 0 R" if n else ""
        more += f"/Next {items[n + 1].number} 0 R" if n + 1 < len(items) else ""
        if item.children:
            more += f"/First {item.children[0].number} 0 R/Last {item.children[-1].number} 0 R"
        plain[item.number] = (
            f"<</Dest{place}/Count {count}/Parent {parent} 0 R{more}/Title ".encode()
            + string(mark.label)
            + b">>"
        )
        _write(plain, item.children, item.number)
