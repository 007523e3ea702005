"""Binding PDFs of ours into one: pages in order, form fields told apart, tags and outline kept."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from exercises.printing.page_numbers import number_pages

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pikepdf

SEPARATOR = ":"


@dataclass(frozen=True, slots=True)
class BookletPart:
    """One of the PDFs to bind.

    pdf:    its bytes, as written by `pdf.write_pdf`.
    title:  its entry in the outline.
    code:   the problem's code, put before the name of each form field (`0H39-T9CV:delta3`); "" for none.
    paper:  as `metrics.PAGE` calls it, where its pages are numbered with those of the other parts.
    """

    pdf: bytes
    title: str
    code: str = ""
    paper: str = ""


def bind(
    parts: Sequence[BookletPart], title: str, keywords: tuple[str, ...] = (), *, cover: bool = True
) -> bytes:
    """One PDF of all parts, its pages numbered through if all say their paper; the same bytes for the same parts.

    cover: whether the first page is one; without it the parts keep their own numbers, and those through stand above.
    """
    import pikepdf

    bound = pikepdf.new()
    trees = _Trees(bound)
    starts, papers = [], list[str]()
    for part in parts:
        with pikepdf.open(BytesIO(part.pdf)) as source:
            _rename(source, part.code)
            starts.append(len(bound.pages))
            bound.add_pages_from(source)
            papers += [part.paper] * len(source.pages)
            trees.add(source, starts[-1])
            if len(starts) == 1:
                _take_settings(bound, source)
    trees.close()
    if all(papers):
        number_pages(bound, papers, above=not cover)
    with bound.open_outline() as outline:
        outline.root.extend(
            pikepdf.OutlineItem(part.title, start) for part, start in zip(parts, starts, strict=True)
        )
    if "/AcroForm" in bound.Root:
        bound.Root.AcroForm.NeedAppearances = True
    bound.docinfo["/Title"] = title
    if keywords:
        bound.docinfo["/Keywords"] = ", ".join(keywords)
    out = BytesIO()
    bound.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _rename(source: pikepdf.Pdf, code: str) -> None:
    """Put the problem's code before each field's name, so that two exercises may both ask for delta3."""
    from pikepdf import String

    if code and "/AcroForm" in source.Root:
        for field in source.Root.AcroForm.Fields:
            field.T = String(f"{code}{SEPARATOR}{field.T}")


def _take_settings(bound: pikepdf.Pdf, source: pikepdf.Pdf) -> None:
    for key in ("/Lang", "/MarkInfo", "/ViewerPreferences"):
        if key in source.Root:
            value = source.Root[key]
            bound.Root[key] = bound.copy_foreign(value) if value.is_indirect else _plain(value)


def _plain(value: Any) -> Any:
    """A small direct object, made anew for another file."""
    import pikepdf

    if isinstance(value, pikepdf.Dictionary):
        return pikepdf.Dictionary({key: _plain(inner) for key, inner in value.items()})
    return value


class _Trees:
    """The logical structure of each part, one after another below a common root."""

    def __init__(self, bound: pikepdf.Pdf) -> None:
        self.bound = bound
        self.kids: list[Any] = []
        self.numbers: list[Any] = []
        self.next = 0
        self.namespaces: Any = None

    def add(self, source: pikepdf.Pdf, start: int) -> None:
        """Take over a part's tree; its numbers go on after those of the part before."""
        from pikepdf import Array

        if "/StructTreeRoot" not in source.Root:
            return
        tree = self.bound.copy_foreign(source.Root.StructTreeRoot)
        self.kids += list(tree.K) if isinstance(tree.K, Array) else [tree.K]
        pairs = list(tree.ParentTree.Nums)
        highest = -1
        for number, parent in zip(pairs[::2], pairs[1::2], strict=True):
            self.numbers += [int(number) + self.next, parent]
            highest = max(highest, int(number))
        for page in list(self.bound.pages)[start:]:
            self._shift(page)
        self.next += highest + 1
        if self.namespaces is None and "/Namespaces" in tree:
            self.namespaces = tree.Namespaces

    def _shift(self, page: Any) -> None:
        if "/StructParents" in page:
            page.StructParents = int(page.StructParents) + self.next
        for annotation in page.get("/Annots", []):
            if "/StructParent" in annotation:
                annotation.StructParent = int(annotation.StructParent) + self.next

    def close(self) -> None:
        """Write the common root."""
        from pikepdf import Array, Dictionary, Name

        if not self.kids:
            return
        root = self.bound.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        for kid in self.kids:
            kid.P = root
        root.K = Array(self.kids)
        root.ParentTree = self.bound.make_indirect(Dictionary(Nums=Array(self.numbers)))
        root.ParentTreeNextKey = self.next
        if self.namespaces is not None:
            root.Namespaces = self.namespaces
        self.bound.Root.StructTreeRoot = root
