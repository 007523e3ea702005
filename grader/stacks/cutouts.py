"""Cut-outs: lines as they were written, small enough to stand on a page, in the page itself."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from grader.scans.libraries import cv
from grader.scans.parts import unpacked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.feedback.report_records import Report

SMALL = 0.5  # of a picture's size, where it need not be studied
_QUALITY = 60
_PLAIN = frozenset(
    {"correct", "follows", "missing"}
)  # lines of which a page says nothing that a picture would show


def address(content: list[Any], size: float = 1.0) -> str:
    """A picture, as `packed` gives it, as a page holds it: in its address. Raises ByhandError without `byhand[scan]`."""
    cv2 = cv()
    grey = unpacked(content)
    if size != 1:
        grey = cv2.resize(grey, None, fx=size, fy=size, interpolation=cv2.INTER_AREA)
    _, data = cv2.imencode(".webp", grey, [cv2.IMWRITE_WEBP_QUALITY, _QUALITY])
    return "data:image/webp;base64," + base64.b64encode(data.tobytes()).decode()


def beside(report: Report, pictures: Mapping[str, list[Any]]) -> dict[str, str]:
    """The lines of a report that have something said of them, as they were written: by name, as `address` gives it.

    pictures: of lines by name, as `packed` gives them.
    """
    told = (a.quantity for a in report.answers if a.feedback and a.verdict not in _PLAIN)
    return {name: address(pictures[name], SMALL) for name in told if pictures.get(name)}
