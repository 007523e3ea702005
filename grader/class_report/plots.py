"""The distribution of marks as a drawing in SVG, made by Matplotlib, which is imported when it is needed.

Black on white: bars are hatched, not coloured, and each bears its number.
"""

from __future__ import annotations

import re
from contextlib import chdir
from io import StringIO
from typing import TYPE_CHECKING, Any

import templates
from exercises.common.errors import ByhandError
from exercises.common.metrics import TEXT_WIDTH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.class_report.tally import HistogramColumn, Marks

WIDTH, HEIGHT = TEXT_WIDTH, 43.0  # millimetres
INCH = 25.4
FONT = "LibertinusSans-Regular.otf"
_OURS = "Byhand Sans"  # as templates/fonts.css calls it
_MISSING = (
    "the class report draws with Matplotlib, which is not installed; install it with `pip install matplotlib`"
)


def distributions(panels: Sequence[tuple[str, Marks]], alt: str) -> str:
    """Draw histograms side by side, all to one scale; each has a column at least."""
    figure, rc = _figure()
    with rc:
        axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
        top = max(_height(column) for _, marks in panels for column in marks.columns)
        for axis, (title, marks) in zip(axes, panels, strict=True):
            _panel(axis, title, marks, top)
        figure.subplots_adjust(left=0.02, right=0.975, bottom=0.13, top=0.84, wspace=0.13)
        out = StringIO()
        figure.savefig(
            out, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")), transparent=True
        )
    return _embeddable(out.getvalue(), alt)


def _figure() -> tuple[Any, Any]:
    """An empty figure and the settings to draw it under: our font, text as text, the same bytes each time."""
    try:
        with chdir(templates.FOLDER):  # its settings are taken from wherever one is
            import matplotlib as mpl
            from matplotlib import font_manager
            from matplotlib.backends.backend_svg import FigureCanvasSVG
            from matplotlib.figure import Figure
    except ImportError:
        raise ByhandError(_MISSING) from None
    path = templates.FOLDER / "fonts" / FONT
    font_manager.fontManager.addfont(path)
    family = font_manager.FontProperties(fname=path).get_name()
    rc = mpl.rc_context(
        {
            "svg.fonttype": "none",
            "svg.hashsalt": "byhand",
            "font.family": family,
            "font.size": 8,
            "hatch.linewidth": 0.5,
            "axes.linewidth": 0.6,
        }
    )
    figure = Figure(figsize=(WIDTH / INCH, HEIGHT / INCH))
    FigureCanvasSVG(figure)
    return figure, rc


def _height(column: HistogramColumn) -> float:
    """How high a column stands: its area is its number of students, so that a wide one does not look like many."""
    return column.count / (column.high - column.low)


def _panel(axis: Any, title: str, marks: Marks, top: float) -> None:
    """One histogram: columns with their counts, and where half of the class is below."""
    axis.bar(
        [column.low for column in marks.columns],
        [_height(column) for column in marks.columns],
        width=[column.high - column.low for column in marks.columns],
        align="edge",
        facecolor="white",
        edgecolor="black",
        hatch="////",
        lw=0.7,
        clip_on=False,
    )
    for column in marks.columns:
        middle = (column.low + column.high) / 2
        axis.annotate(
            str(column.count), (middle, _height(column)), (0, 2), textcoords="offset points", ha="center"
        )
    axis.plot([marks.median], [top * 1.3], marker="v", ms=5, color="black", clip_on=False)
    axis.set_title(title, loc="left", fontsize=8.5, pad=7)
    axis.set(xlim=(0, 100), ylim=(0, top * 1.3), xticks=range(0, 101, 20), yticks=[])
    axis.set_xticklabels([f"{n}%" for n in range(0, 101, 20)])
    axis.tick_params(length=2.5, width=0.6, pad=2)
    for side in ("top", "left", "right"):
        axis.spines[side].set_visible(False)


def _embeddable(svg: str, alt: str) -> str:
    """The drawing without its XML head, its fonts under our names, and with words for who cannot see it."""
    from markupsafe import escape

    body = svg[svg.index("<svg") :]
    # Its style sheet would rule the whole page.
    body = re.sub(r"<(metadata|style).*?</\1>", "", body, flags=re.DOTALL)
    body = body.replace("Libertinus Sans", _OURS)
    head, bracket, rest = body.partition(">")
    return f'{head} role="img" stroke-linejoin="round"{bracket}<title>{escape(alt)}</title>{rest}'
