"""The tags of a document: its logical structure, which a screen reader follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from exercises.printing.press.elements import MARK, Element, form
from exercises.printing.press.flow import BranchOnPage
from exercises.printing.press.writing import figure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from exercises.printing.press.elements import Form

_TAGS = {"section": "Sect", "div": "Div"}
_FOOTER = form([Element("NonStruct", [Element("Span", [0])])])


class BlockPlace(NamedTuple):
    """Where a block is: its number, the marks on its page that are its own, its first form field, how far it moved."""

    block: int
    marks: Sequence[int]
    field: int
    down: float


class Tags:
    """Objects from number `first` on; `pages` are the numbers of the pages' objects.

    figures: elements of drawings that depend on numbers: block, number in it, and the object as far as known.
    """

    def __init__(self, first: int, pages: range, first_field: int, first_figure: int) -> None:
        self.root, self.parents, self.document = first, first + 1, first + 2
        self.next = first + 3
        self.pages, self.first_field, self.first_figure = pages, first_field, first_figure
        self.objects: dict[int, bytes] = {}
        self.figures: dict[int, tuple[int, int, bytes]] = {}
        self._forms: dict[int, int] = {}  # the element of each form field
        self._marked: list[dict[int, int]] = [{} for _ in pages]  # on each page, the element of each mark
        self._top: list[int] = []

    def add(self, page: int, branch: BranchOnPage, told: Callable[[int], tuple[Form, BlockPlace]]) -> None:
        """Add a page's blocks; `told` gives each one's elements and place."""
        self._top += self._branches(page, branch, self.document, told)

    def footer(self, page: int, mark: int) -> None:
        """Add a text in the footer, which belongs to no part of the document."""
        self._block(page, _FOOTER, self.document, BlockPlace(-1, [mark], 0, 0.0))

    def _branches(
        self, page: int, branch: BranchOnPage, parent: int, told: Callable[[int], tuple[Form, BlockPlace]]
    ) -> list[int]:
        found = []
        for child in branch.children:
            if isinstance(child, BranchOnPage):
                number = self.next
                self.next += 1
                kids = " ".join([f"{kid} 0 R" for kid in self._branches(page, child, number, told)])
                self.objects[number] = (
                    f"<</Type/StructElem/S/{_TAGS[child.tag]}/K[{kids}]"
                    f"/Pg {self.pages[page]} 0 R/P {parent} 0 R>>"
                ).encode()
                found.append(number)
            else:
                elements, place = told(child)
                found += self._block(page, elements, parent, place)
        return found

    def _block(self, page: int, elements: Form, parent: int, place: BlockPlace) -> list[int]:
        """Add a block's elements; gives the numbers of those that are in no other."""
        first, figures = self.next, self.first_figure + len(self.figures)
        bases = first, self.pages[page], parent, self.first_field + place.field, figures
        values = [
            bases[kind] + int(number)
            if kind < MARK
            else place.marks[int(number)]
            if kind == MARK
            else figure(number + place.down)
            for kind, number in elements.all_gaps
        ]
        for line, frame in zip(
            (elements.text % tuple(values)).encode().split(b"\n"), elements.frames, strict=True
        ):
            if frame is None:
                self.objects[self.next] = line
                self.next += 1
            else:
                self.figures[self.first_figure + len(self.figures)] = place.block, frame, line[:-2]

        def numbered(one: int) -> int:
            return first + one if one >= 0 else figures - 1 - one

        self._marked[page] |= {place.marks[mark]: numbered(one) for mark, one in elements.marked.items()}
        self._forms |= {place.field + n: numbered(one) for n, one in elements.fielded.items()}
        return [numbered(one) for one in elements.tops]

    def close(self) -> None:
        """Write what refers to all."""
        numbers = []
        for page, marked in enumerate(self._marked):
            refs = " ".join([f"{marked[mark]} 0 R" for mark in sorted(marked)])
            numbers.append(f"{page}[{refs}]")
        numbers += [f"{len(self.pages) + n} {self._forms[n]} 0 R" for n in range(len(self._forms))]
        top = " ".join(f"{number} 0 R" for number in self._top)
        root = f"<</Type/StructTreeRoot/ParentTree {self.parents} 0 R/K[{self.document} 0 R]>>"
        self.objects[self.root] = root.encode()
        self.objects[self.parents] = f"<</Nums[{' '.join(numbers)}]>>".encode()
        self.objects[self.document] = f"<</Type/StructElem/S/Document/K[{top}]/P {self.root} 0 R>>".encode()
