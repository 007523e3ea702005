"""What a page of a stack has of one sheet: the cells of its answers, as plain data that can be kept and sent."""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.scans.cells import HIGH, WIDE, AnswerCells

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Grey = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class SheetPart:
    """One page of a sheet.

    code:    the problem's; page: of its sheet, from 1; pages: how many that has.
    owner:   whose it is, where the page's code says so.
    file:    where it came from; place: which page of the file, or empty where it has one.
    answers: what was cut out of it.
    boxes:   pictures of what is written in words and symbols, by the name of the question.
    identity: the cells of the student's ID, on a page that has them.
    """

    code: str
    page: int
    pages: int
    owner: str
    file: str
    place: str
    answers: tuple[AnswerCells, ...]
    boxes: Mapping[str, Grey]
    identity: AnswerCells | None = None

    @property
    def where(self) -> str:
        """For messages."""
        return f"{self.file}, {self.place}" if self.place else self.file

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "code": self.code,
            "page": self.page,
            "pages": self.pages,
            "owner": self.owner,
            "file": self.file,
            "place": self.place,
            "answers": [_cells_json(one) for one in self.answers],
            "boxes": {name: packed(picture) for name, picture in self.boxes.items()},
            "identity": _cells_json(self.identity) if self.identity else None,
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> SheetPart:
        """The part again."""
        plain = {name: content[name] for name in ("code", "page", "pages", "owner", "file", "place")}
        return cls(
            **plain,
            answers=tuple(_cells(one) for one in content["answers"]),
            boxes={name: unpacked(picture) for name, picture in content["boxes"].items()},
            identity=_cells(content["identity"]) if content["identity"] else None,
        )


def packed(picture: Grey) -> list[Any]:
    """A picture, or several of one size, as plain values: its shape and its greys."""
    return [*picture.shape, base64.b64encode(zlib.compress(picture.tobytes(), 6)).decode()]


def unpacked(content: list[Any]) -> Grey:
    """The picture again."""
    *shape, greys = content
    return np.frombuffer(zlib.decompress(base64.b64decode(greys)), np.uint8).reshape(shape)


def _cells_json(one: AnswerCells) -> dict[str, Any]:
    return {
        "quantity": one.quantity,
        "page": one.page,
        "cells": packed(one.cells),
        "roles": list(one.roles),
        "picture": packed(one.picture),
        "ticked": one.ticked,
        "sharpness": round(one.sharpness, 3),
    }


def _cells(content: Mapping[str, Any]) -> AnswerCells:
    return AnswerCells(
        content["quantity"],
        content["page"],
        unpacked(content["cells"]).reshape(-1, HIGH, WIDE),
        tuple(content["roles"]),
        unpacked(content["picture"]),
        content["ticked"],
        content["sharpness"],
    )
