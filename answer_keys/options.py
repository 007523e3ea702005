"""The options of the commands that draw: shapes, learning rates, kinds, paper."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from exercises.common.wording import nearest
from exercises.networks.plan import KIND_NAMES, MAX_RUNS, OPTIMIZERS, ROWS
from exercises.pages.sheet_layout import LAYOUTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


PAPERS = ("a4", "letter")
PURPOSES = ("screen", "paper", "both")


class Words(click.Choice[str]):
    """One of some words, in whatever case; of a misspelt one it is said which may have been meant."""

    def __init__(self, choices: Sequence[str]) -> None:
        super().__init__(choices, case_sensitive=False)

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        """What is wrong, and every word there is."""
        said = super().get_invalid_choice_message(value, ctx)
        close = nearest(str(value).lower(), [str(word) for word in self.choices])
        return f"{said.rstrip('.')}; {close}" if close.startswith("did you mean") else said


class TableWords(Words):
    """One of the names of a table, whose module is imported when they are asked for: `byhand --help` needs none."""

    def __init__(self, module: str) -> None:
        self.module = module
        self.case_sensitive = False

    @property
    def choices(self) -> Sequence[str]:  # type: ignore[override]
        """The names."""
        found: tuple[str, ...] = import_module(self.module).NAMES
        return found


class Shape(click.ParamType[tuple[int, ...]]):
    """A layered shape such as 2-2-1."""

    name = "shape"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        """Whole numbers joined by hyphens."""
        if isinstance(value, tuple):
            return value
        parts = str(value).replace("x", "-").split("-")
        if not all(part.isascii() and part.isdigit() and len(part) < 4 for part in parts):  # noqa: PLR2004
            self.fail(f"{value!r} is no shape; expected unit counts such as 2-2-1", param, ctx)
        return tuple(int(part) for part in parts)


class Rate(click.ParamType[Decimal]):
    """A learning rate."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """A positive number of ordinary size."""
        try:
            rate = Decimal(str(value))
        except InvalidOperation:
            rate = Decimal("NaN")
        if not rate.is_finite() or not 0 < rate <= 1000:  # noqa: PLR2004 - beyond any exercise
            self.fail(f"{value!r} is no learning rate; expected a positive number such as 0.5", param, ctx)
        return rate


def paper_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The paper for PDF and HTML."""
    return click.option("--paper", type=Words(PAPERS), default="a4", show_default=True)(command)


def purpose_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """What sheets are made for."""
    return click.option(
        "--for",
        "purpose",
        type=Words(PURPOSES),
        default="screen",
        show_default=True,
        help="Fill in on the screen, or on paper, with a cell for each figure, to be read from scans and photographs.",
    )(command)


def layout_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """How sheets are set out."""
    for option in (
        click.option(
            "--scratch", is_flag=True, help="Let a page to scratch on follow each exercise; it is not marked."
        ),
        click.option(
            "--layout",
            type=Words(LAYOUTS),
            help="roomy: lines over the full width, with space to work in below each group of them.  "
            "[default: compact; for paper roomy]",
        ),
    ):
        command = option(command)
    return command


_DRAWING = (
    click.option(
        "--kind", type=Words(KIND_NAMES), default="full-pass", show_default=True, help="What to do."
    ),
    click.option(
        "--level", type=click.IntRange(1, 5), help="From 1, easy, to 5, hard; other options override it."
    ),
    click.option(
        "--ask",
        multiple=True,
        help='Part of what is asked, such as forward, deltas, gradients, updates or "chain W13"; may be repeated.',
    ),
    click.option("--examples", type=click.IntRange(2, MAX_RUNS), help="Training examples of a batch."),
    click.option("--steps", type=click.IntRange(2, MAX_RUNS), help="Steps of descent on one example."),
    click.option("--optimizer", type=Words(OPTIMIZERS), help="The rule by which parameters are updated."),
    click.option(
        "--shape", type=Shape(), help="Units in each layer.  [default: 2-2-1, or by kind and level]"
    ),
    click.option(
        "--count", type=click.IntRange(1, 10_000), default=1, show_default=True, help="How many to draw."
    ),
    click.option("--seed", help="Text or number to draw from; the same seed gives the same numbers."),
    click.option(
        "--activation",
        "activations",
        type=TableWords("exercises.networks.activations"),
        multiple=True,
        help="Once for all layers, or once for each layer after the input.  [default: sigmoid, or by kind]",
    ),
    click.option(
        "--loss",
        type=TableWords("exercises.networks.losses"),
        help="What is minimized.  [default: half-squared-error, or by kind]",
    ),
    click.option(
        "--bias/--no-bias", default=None, help="Whether units have biases.  [default: bias, or by level]"
    ),
    click.option("--fixed-bias", is_flag=True, help="Biases are given but never updated."),
    click.option("--notation", type=Words(["unit", "layer"]), default="unit", show_default=True),
    click.option(
        "--delta",
        type=Words(["gradient", "negative-gradient"]),
        default="gradient",
        show_default=True,
        help="Sign of δ: ∂E/∂a, or its opposite.",
    ),
    click.option(
        "--places",
        type=click.IntRange(1, 12),
        help="Decimal places asked for.  [default: 4, or by kind and level]",
    ),
    click.option("--figures", type=click.IntRange(1, 12), help="Significant figures asked for, not places."),
    click.option("--eta", type=Rate(), help="Learning rate.  [default: drawn]"),
    click.option(
        "--symbolic", is_flag=True, help="Ask for a chain of derivatives and formulas in letters too."
    ),
    click.option(
        "--one-hot", is_flag=True, help="Behind a softmax: the target is 1 for one class, 0 for the others."
    ),
    click.option(
        "--rows",
        type=Words(ROWS),
        default=ROWS[0],
        show_default=True,
        help="What a matrix of weights has a row for: units that arrows come from, or lead to (then a = W·x).",
    ),
    click.option(
        "--halves",
        is_flag=True,
        help="Numbers that need no calculator: whole ones, halves and quarters, with relu and linear units.",
    ),
    click.option("--title", default="", help="What the sheets are called."),
)


def drawing_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What can be said of problems that are to be drawn; in a problem set, of each exercise."""
    for option in reversed(_DRAWING):
        command = option(command)
    return command


@click.command("exercise")
@drawing_options
def exercise(**options: Any) -> dict[str, Any]:
    """The options of one exercise of a set; a parser only, never run."""
    return options
