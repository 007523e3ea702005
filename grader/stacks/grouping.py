"""Which pages of a stack make one sheet: by the code on each, and whose it is.

Where a problem is one student's own, or a page's code names its owner, the pages may lie anywhere and in any order.
Copies of one sheet for everybody cannot be told apart by their codes: a copy then goes on as long as pages follow that
it does not have yet; photographs, each a file of its own, as long as each shows the next page and is called alike.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from grader.scans.parts import SheetPart


NOT_ANSWERS = ("student", "student_id", "date")  # boxes that hold no answer


@dataclass(frozen=True, slots=True, eq=False)
class PaperPages:
    """The pages of one sheet.

    code:    the problem's; owner: whose it is, as far as its pages say.
    parts:   its pages in order, each once; of pages that came twice the later one.
    remarks: what is to be said of it, one sentence each.
    """

    code: str
    owner: str
    parts: tuple[SheetPart, ...]
    remarks: tuple[str, ...] = ()

    @property
    def missing(self) -> list[int]:
        """The pages that did not come."""
        there = {part.page for part in self.parts}
        return [n for n in range(1, self.parts[0].pages + 1) if n not in there]

    def lost(self, paper: Mapping[str, Any]) -> dict[str, int]:
        """The answers on the pages that did not come, each with its page, by the table `paper` of the key."""
        asked = {**paper.get("cells", {}), **paper.get("boxes", {})}
        return {
            name: own["page"]
            for name, own in asked.items()
            if own["page"] in self.missing and name not in NOT_ANSWERS
        }

    @property
    def place(self) -> str:
        """Where in its first page's file it stands, and in what others."""
        first = self.parts[0].file
        own = ", ".join(part.place for part in self.parts if part.place and part.file == first)
        others = list(dict.fromkeys(part.where for part in self.parts if part.file != first))
        return "; ".join(text for text in (own, f"and {', '.join(others)}" if others else "") if text)


def grouped(parts: Iterable[SheetPart], whose: Callable[[SheetPart], str]) -> list[PaperPages]:
    """Sheets in the order of their first pages.

    whose: who a page's sheet belongs to, as far as its problem or its code says; else empty.
    """
    found: list[tuple[str, str, list[SheetPart]]] = []
    own: dict[tuple[str, str], list[SheetPart]] = {}
    going: dict[tuple[str, str], list[SheetPart]] = {}  # copies for everybody, by code and file
    for part in parts:
        owner = whose(part)
        alike = _called(part)
        pages = own.get((part.code, owner)) if owner else going.get((part.code, alike))
        if pages is None or (not owner and not _goes_on(pages, part)):
            pages = []
            found.append((part.code, owner, pages))
        pages.append(part)
        if owner:
            own[part.code, owner] = pages
        else:
            going[part.code, alike] = pages
    return [_sheet(code, owner, pages) for code, owner, pages in found]


def _called(part: SheetPart) -> str:
    """What the file of a page is called; of a photograph without its number."""
    if part.place:
        return part.file
    path = PurePath(part.file)
    return str(path.parent / path.stem.rstrip("0123456789 -_().")) if path.stem else part.file


def _goes_on(pages: list[SheetPart], part: SheetPart) -> bool:
    """Whether a copy for everybody that has these pages goes on with another."""
    if part.place:
        return part.page not in {other.page for other in pages}
    return part.page == pages[-1].page + 1


def _sheet(code: str, owner: str, pages: list[SheetPart]) -> PaperPages:
    last = {part.page: part for part in pages}
    sheet = PaperPages(code, owner, tuple(last[n] for n in sorted(last)))
    remarks = [
        f"Page {part.page} came twice; {last[part.page].where} counts, not {part.where}."
        for part in pages
        if last[part.page] is not part
    ]
    if sheet.missing:
        several = "Pages" if len(sheet.missing) > 1 else "Page"
        remarks.append(
            f"{several} {', '.join(map(str, sheet.missing))} of {sheet.parts[0].pages} did not come."
        )
    return replace(sheet, remarks=tuple(remarks))
