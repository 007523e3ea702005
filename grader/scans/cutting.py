"""Cutting the cells out of a page that was laid flat, row by row where their printed frames are.

A sheet that is curled, or a camera's lens, moves a row by a millimetre or two. So each row's frames are looked for
near where the key says, and a row goes where its neighbours go too; the marks alone would not do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.scans.cells import HIGH, WIDE, WINDOW_HIGH, WINDOW_WIDE, AnswerCells
from grader.scans.finding import SCALE
from grader.scans.libraries import cv

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from grader.scans.cells import Role

    Grey = NDArray[np.uint8]
    Box = Sequence[float]

_REACH = 3.0  # millimetres that a row may be out of place
_TURN = 1.2  # and its ends from its middle
_APART = 0.7  # millimetres that it may be out of place otherwise than its neighbours
_LOOK_INSIDE = 0.7  # millimetres between the frame of the box to tick and what counts as ticked
_TICKED = 0.06  # of its inside is dark
_INK = 170  # greys below are ink or frame
_AROUND = 2.5  # millimetres that people see around a row
_FRAME = 50  # greys by which a frame is darker than paper; what is darker still, such as ink, counts no more
_PLAIN = 30  # and by which it is as clear as can be, across its width
_BESIDE = 4  # pixels on either side of a frame, where its paper is
_CLEAR = 0.12  # frames less clear than this were not found


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """Where the cells of one answer lie, in millimetres from the top left corner of its page."""

    quantity: str
    page: int
    roles: tuple[Role, ...]
    boxes: tuple[Box, ...]
    look: Box | None

    @classmethod
    def of(cls, quantity: str, own: Mapping[str, Any]) -> AnswerRow:
        """As the key says. Raises KeyError, TypeError or ValueError where it does not."""
        boxes = [own["sign"], *own["whole"], *own["places"]]
        sign: Role = "sign"
        whole: Role = "whole"
        place: Role = "place"
        roles = (sign, *(whole for _ in own["whole"]), *(place for _ in own["places"]))
        if not all(len(box) == 4 and all(isinstance(v, int | float) for v in box) for box in boxes):  # noqa: PLR2004
            raise ValueError(quantity)
        return cls(quantity, int(own["page"]), roles, tuple(boxes), own.get("look"))


def rows_of(where: Mapping[str, Any]) -> list[AnswerRow]:
    """The answers of a sheet, from the table `paper` of its key; see `AnswerRow.of` for what is raised."""
    return [AnswerRow.of(name, own) for name, own in where["cells"].items()]


def evened(flat: Grey) -> Grey:
    """A page with its light made even: paper is white wherever it lies in the shade."""
    cv2 = cv()
    small = cv2.resize(flat, None, fx=1 / 8, fy=1 / 8, interpolation=cv2.INTER_AREA)
    paper = cv2.dilate(small, np.ones((7, 7), np.uint8))
    paper = cv2.GaussianBlur(cv2.medianBlur(paper, 15), (0, 0), 3)
    light = cv2.resize(paper, (flat.shape[1], flat.shape[0]), interpolation=cv2.INTER_LINEAR)
    found: Grey = cv2.divide(flat, np.maximum(light, 1), scale=255)
    return found


def cut(flat: Grey, rows: Sequence[AnswerRow]) -> list[AnswerCells]:
    """Cut out the answers of one page, in the order given. The page must have been laid flat, and be `evened`."""
    if not rows:
        return []
    whole = [[*row.boxes, *([row.look] if row.look else [])] for row in rows]
    found = np.array([_found(flat, boxes, (0.0, 0.0), _REACH) for boxes in whole])
    moved = _settled(found, rows)
    halves = [[boxes[: len(boxes) // 2] for boxes in whole], [boxes[len(boxes) // 2 :] for boxes in whole]]
    ends = [
        _settled(np.array([_found(flat, *one, _TURN) for one in zip(half, moved, strict=True)]), rows)
        for half in halves
    ]
    return [
        _cut_row(flat, row, _Slope(_middle(left), _middle(right), *to))
        for row, left, right, *to in zip(rows, *halves, *ends, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Slope:
    """By how many millimetres a row is out of place at two places along it."""

    left: float
    right: float
    at_left: NDArray[np.float64]
    at_right: NDArray[np.float64]

    def box(self, box: Box) -> tuple[float, float, float, float]:
        """A box of the row where it really is."""
        x, y, wide, high = box
        share = (x + wide / 2 - self.left) / max(self.right - self.left, 1.0)
        dx, dy = self.at_left + share * (self.at_right - self.at_left)
        return x + dx, y + dy, wide, high


def _middle(boxes: Sequence[Box]) -> float:
    return float(np.mean([box[0] + box[2] / 2 for box in boxes]))


def _found(
    flat: Grey, boxes: Sequence[Box], near: Sequence[float], most: float
) -> tuple[float, float, float]:
    """By how many millimetres frames are out of place, at most so many from `near`; and how clear they are there."""
    cv2 = cv()
    frames, (x, y) = _frames(boxes)
    reach = round(most * SCALE)
    by_x, by_y = round(near[0] * SCALE), round(near[1] * SCALE)
    high, wide = frames.shape[0] + 2 * reach, frames.shape[1] + 2 * reach
    near_by = window(flat, x + by_x - reach, y + by_y - reach, wide, high)
    dark = cv2.GaussianBlur(255 - near_by, (0, 0), 1.0).astype(np.float32)
    wanted = cv2.GaussianBlur(frames, (0, 0), 1.0).astype(np.float32)
    match = cv2.matchTemplate(np.minimum(dark, _FRAME), wanted, cv2.TM_CCOEFF_NORMED)
    _, response, _, (best_x, best_y) = cv2.minMaxLoc(match)
    fine_x, fine_y = _peak(match[best_y], best_x), _peak(match[:, best_x], best_y)
    return (fine_x + by_x - reach) / SCALE, (fine_y + by_y - reach) / SCALE, response


def _peak(line: NDArray[np.float32], at: int) -> float:
    """Where a curve is highest, to parts of a pixel: at the top of the parabola through three of its points."""
    if not 0 < at < len(line) - 1:
        return float(at)
    before, here, behind = (float(v) for v in line[at - 1 : at + 2])
    bend = before - 2 * here + behind
    return at + (0.5 * (before - behind) / bend if bend < 0 else 0.0)


def _frames(boxes: Sequence[Box]) -> tuple[Grey, tuple[int, int]]:
    """Frames as they are printed, and where in the page their picture begins, in pixels."""
    x = round((min(box[0] for box in boxes) - 0.5) * SCALE)
    y = round((min(box[1] for box in boxes) - 0.5) * SCALE)
    right = max(box[0] + box[2] for box in boxes) + 0.5
    bottom = max(box[1] + box[3] for box in boxes) + 0.5
    picture = np.zeros((round(bottom * SCALE) - y, round(right * SCALE) - x), np.uint8)
    for left, top, wide, high in boxes:
        corner = round(left * SCALE) - x, round(top * SCALE) - y
        other = round((left + wide) * SCALE) - x - 1, round((top + high) * SCALE) - y - 1
        cv().rectangle(picture, corner, other, 90, 1)
    return picture, (x, y)


def window(flat: Grey, left: int, top: int, wide: int, high: int) -> Grey:
    """A part of a page; what lies beyond its edges is white."""
    out = np.full((high, wide), 255, np.uint8)
    y0, x0 = max(top, 0), max(left, 0)
    part = flat[y0 : max(top + high, 0), x0 : max(left + wide, 0)]
    out[y0 - top : y0 - top + part.shape[0], x0 - left : x0 - left + part.shape[1]] = part
    return out


def _settled(found: NDArray[np.float64], rows: Sequence[AnswerRow]) -> NDArray[np.float64]:
    """Where each row goes: where its frames were found, unless its neighbours go elsewhere."""
    places = np.array([row.boxes[0][1] for row in rows])
    clear = found[:, 2] >= _CLEAR
    out = np.zeros((len(rows), 2))
    for n, y in enumerate(places):
        order = [m for m in np.argsort(np.abs(places - y), kind="stable") if clear[m]][:5]
        if not order:
            continue
        usual = np.median(found[order, :2], axis=0)
        fits = clear[n] and np.abs(found[n, :2] - usual).max() <= _APART
        out[n] = found[n, :2] if fits else usual
    return out


def _cut_row(flat: Grey, row: AnswerRow, moved: _Slope) -> AnswerCells:
    boxes = [moved.box(box) for box in row.boxes]
    cells = np.stack([_cell(flat, box) for box in boxes])
    left, right = boxes[0][0] - _AROUND, boxes[-1][0] + boxes[-1][2] + _AROUND
    top, bottom = boxes[0][1] - _AROUND, boxes[0][1] + boxes[0][3] + _AROUND
    picture = window(flat, *(round(v * SCALE) for v in (left, top, right - left, bottom - top)))
    ticked = row.look is not None and _is_ticked(flat, moved.box(row.look))
    sharpness = float(np.median([_sharpness(flat, box) for box in boxes]))
    return AnswerCells(row.quantity, row.page, cells, row.roles, picture, ticked, sharpness)


def _sharpness(flat: Grey, box: Box) -> float:
    """How much darker the frame of a cell is than the paper on either side of it, from 0 to 1, whatever ink crosses it."""
    x, y, wide, high = (round(v * SCALE) for v in box)
    margin = _BESIDE + 2
    part = 255 - window(flat, x - margin, y - margin, wide + 2 * margin, high + 2 * margin).astype(np.int16)
    sides = [_edge(turned, margin) for turned in (part, part[::-1], part.T, part.T[::-1])]
    return float(np.clip(np.mean(sides) / _PLAIN, 0.0, 1.0))


def _edge(part: NDArray[np.int16], margin: int) -> float:
    """By how many greys the frame at the top of a cell's picture stands out."""
    rows = np.median(part[: 2 * margin + 1, margin + 2 : -margin - 2], axis=1)
    line = rows[margin - 1 : margin + 2].max()
    return float(line - max(rows[margin - _BESIDE], rows[margin + _BESIDE]))


def _cell(flat: Grey, box: tuple[float, float, float, float]) -> Grey:
    """A cell with its margins, of the size that is read."""
    cv2 = cv()
    centre = (box[0] + box[2] / 2) * SCALE - 0.5, (box[1] + box[3] / 2) * SCALE - 0.5
    size = round(WINDOW_WIDE * SCALE), round(WINDOW_HIGH * SCALE)
    part = cv2.getRectSubPix(flat, size, centre)
    found: Grey = cv2.resize(part, (WIDE, HIGH), interpolation=cv2.INTER_AREA)
    return found


def _is_ticked(flat: Grey, look: Box) -> bool:
    """Whether something is written into the box to tick."""
    x, y, wide, high = look
    edges = (
        v * SCALE
        for v in (x + _LOOK_INSIDE, y + _LOOK_INSIDE, wide - 2 * _LOOK_INSIDE, high - 2 * _LOOK_INSIDE)
    )
    inside = window(flat, *(round(v) for v in edges))
    return bool(inside.size and (inside < _INK).mean() > _TICKED)
