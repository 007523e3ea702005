"""Cutting the cells out of a page that was laid flat, row by row where their printed frames are.

A sheet that is curled, or a camera's lens, moves a row by some millimetres, and its ends otherwise. So the frames of each
half of a row are looked for, coarsely and together with those of its neighbours, which move alike; then finely near by.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.scans.cells import HIGH, ROLES, WIDE, WINDOW_HIGH, WINDOW_WIDE, AnswerCells
from grader.scans.finding import SCALE
from grader.scans.libraries import cv

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from grader.scans.cells import Role

    Grey = NDArray[np.uint8]
    Box = Sequence[float]

_REACH = (1.25, 4.5)  # millimetres that half a row may be out of place, sideways and up or down
_NEAR = 0.6  # and from where its neighbours are
_LIKE = (12.0, 40.0)  # millimetres sideways and up or down within which frames move alike
_LOOK_INSIDE = 0.7  # millimetres between the frame of the box to tick and what counts as ticked
_TICKED = 0.06  # of its inside is dark
_INK = 170  # greys below are ink or frame
_AROUND = 2.5  # millimetres that people see around a row
_FRAME = (
    18  # greys by which a frame is darker than paper at least; what is darker, such as ink, counts no more
)
_COARSE = 2  # pixels of a page that are one while its frames are looked for coarsely
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
        powers = own.get("power", [])
        boxes = [own["sign"], *own["whole"], *own["places"], *powers]
        counts = zip(
            ROLES, (1, len(own["whole"]), len(own["places"]), len(powers[:1]), len(powers[1:])), strict=True
        )
        roles = tuple(role for role, count in counts for _ in range(count))
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
    halves = [[boxes[: len(boxes) // 2] for boxes in whole], [boxes[len(boxes) // 2 :] for boxes in whole]]
    near = np.split(_together(flat, [*halves[0], *halves[1]]), 2)
    ends = [
        _settled(np.array([_found(flat, *one) for one in zip(half, there, strict=True)]), there)
        for half, there in zip(halves, near, strict=True)
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


def _together(flat: Grey, parts: Sequence[Sequence[Box]]) -> NDArray[np.float64]:
    """By how many millimetres the frames of parts of rows are out of place, (n, 2), if neighbours move alike."""
    cv2 = cv()
    small = cv2.resize(flat, None, fx=1 / _COARSE, fy=1 / _COARSE, interpolation=cv2.INTER_AREA)
    dark = _dark(small, 0.7)
    scale = SCALE / _COARSE
    reach = round(_REACH[0] * scale), round(_REACH[1] * scale)
    matches = np.array([_match(dark, part, scale, (0, 0), reach) for part in parts])
    at = np.array([(_middle(part), part[0][1]) for part in parts])
    apart = (at[:, None] - at[None]) / _LIKE
    alike = np.exp(-0.5 * (apart**2).sum(axis=2))
    summed = np.tensordot(alike, matches, 1)
    return np.array([(np.array(_top(one)[:2]) - reach) / scale for one in summed])


def _found(flat: Grey, boxes: Sequence[Box], near: Sequence[float]) -> tuple[float, float, float]:
    """By how many millimetres frames are out of place, at most a little from `near`; and how clear they are there."""
    by = round(near[0] * SCALE), round(near[1] * SCALE)
    reach = round(_NEAR * SCALE)
    x, y, response = _top(_match(flat, boxes, SCALE, by, (reach, reach), soft=1.0))
    return (x + by[0] - reach) / SCALE, (y + by[1] - reach) / SCALE, response


def _dark(grey: Grey, soft: float) -> NDArray[np.float32]:
    """How dark a picture is, from 0 to what a frame is at least."""
    dark: NDArray[np.float32] = np.minimum(cv().GaussianBlur(255 - grey, (0, 0), soft), _FRAME)
    return dark.astype(np.float32)


def _match(  # noqa: PLR0913 - what is looked for, where, how far about, and how the picture is prepared
    picture: NDArray[Any],
    boxes: Sequence[Box],
    scale: float,
    by: tuple[int, int],
    reach: tuple[int, int],
    *,
    soft: float = 0.0,
) -> NDArray[np.float32]:
    """How well frames fit at each place within reach, in pixels; `soft`: the picture is grey and made dark first."""
    cv2 = cv()
    frames, (x, y) = _frames(boxes, scale)
    high, wide = frames.shape[0] + 2 * reach[1], frames.shape[1] + 2 * reach[0]
    near = window(picture, x + by[0] - reach[0], y + by[1] - reach[1], wide, high, 255 if soft else 0)
    dark = _dark(near, soft) if soft else near
    wanted = cv2.GaussianBlur(frames, (0, 0), 1.0).astype(np.float32)
    found: NDArray[np.float32] = cv2.matchTemplate(dark, wanted, cv2.TM_CCOEFF_NORMED)
    return found


def _top(match: NDArray[np.float32]) -> tuple[float, float, float]:
    """Where a match is best, to parts of a pixel, and how good it is there."""
    _, response, _, (x, y) = cv().minMaxLoc(match)
    return _peak(match[y], x), _peak(match[:, x], y), response


def _peak(line: NDArray[np.float32], at: int) -> float:
    """Where a curve is highest, to parts of a pixel: at the top of the parabola through three of its points."""
    if not 0 < at < len(line) - 1:
        return float(at)
    before, here, behind = (float(v) for v in line[at - 1 : at + 2])
    bend = before - 2 * here + behind
    return at + (0.5 * (before - behind) / bend if bend < 0 else 0.0)


def _frames(boxes: Sequence[Box], scale: float) -> tuple[Grey, tuple[int, int]]:
    """Frames as they are printed, and where in the page their picture begins, in pixels."""
    x = round((min(box[0] for box in boxes) - 0.5) * scale)
    y = round((min(box[1] for box in boxes) - 0.5) * scale)
    right = max(box[0] + box[2] for box in boxes) + 0.5
    bottom = max(box[1] + box[3] for box in boxes) + 0.5
    picture = np.zeros((round(bottom * scale) - y, round(right * scale) - x), np.uint8)
    for left, top, wide, high in boxes:
        corner = round(left * scale) - x, round(top * scale) - y
        other = round((left + wide) * scale) - x - 1, round((top + high) * scale) - y - 1
        cv().rectangle(picture, corner, other, 90, 1)
    return picture, (x, y)


def window(flat: Any, left: int, top: int, wide: int, high: int, beyond: int = 255) -> Any:  # noqa: PLR0913, PLR0917 - a place, a size, and what is beyond
    """A part of a page; what lies beyond its edges is white, or `beyond`."""
    out = np.full((high, wide), beyond, flat.dtype)
    y0, x0 = max(top, 0), max(left, 0)
    part = flat[y0 : max(top + high, 0), x0 : max(left + wide, 0)]
    out[y0 - top : y0 - top + part.shape[0], x0 - left : x0 - left + part.shape[1]] = part
    return out


def _settled(found: NDArray[np.float64], near: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where each part goes: where its frames were found, if they are clear there; else where its neighbours go."""
    clear: NDArray[np.bool_] = found[:, 2] >= _CLEAR
    return np.where(clear[:, None], found[:, :2], near)


def _cut_row(flat: Grey, row: AnswerRow, moved: _Slope) -> AnswerCells:
    boxes = [moved.box(box) for box in row.boxes]
    cells = np.stack([_cell(flat, box) for box in boxes])
    left, right = boxes[0][0] - _AROUND, boxes[-1][0] + boxes[-1][2] + _AROUND
    top = min(box[1] for box in boxes) - _AROUND
    bottom = max(box[1] + box[3] for box in boxes) + _AROUND
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
