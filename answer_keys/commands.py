"""The commands `generate` and `solve`: parse, call, print."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from exercises.draw import Order
    from exercises.network import Network

# Spelled out, so that `--help` imports no more than click; a test compares them with the tables.
ACTIVATIONS = ("sigmoid", "tanh", "relu", "leaky-relu", "linear", "softplus", "silu", "gelu", "softmax")
LOSSES = (
    "half-squared-error",
    "squared-error",
    "mean-squared-error",
    "binary-cross-entropy",
    "cross-entropy",
)
PAPERS = ("a4", "letter")


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
    return click.option("--paper", type=click.Choice(PAPERS), default="a4", show_default=True)(command)


@click.command(epilog="Example:  byhand generate --shape 2-2-2 --count 5 --seed 7 --out problem-set")
@click.option("--shape", type=Shape(), default="2-2-1", show_default=True, help="Units in each layer.")
@click.option(
    "--count", type=click.IntRange(1, 10_000), default=1, show_default=True, help="How many to draw."
)
@click.option("--seed", help="Text or number to draw from; the same seed gives the same numbers.")
@click.option(
    "--activation",
    "activations",
    type=click.Choice(ACTIVATIONS),
    multiple=True,
    help="Once for all layers, or once for each layer after the input.  [default: sigmoid]",
)
@click.option("--loss", type=click.Choice(LOSSES), default="half-squared-error", show_default=True)
@click.option("--bias/--no-bias", default=True, show_default=True, help="Whether units have biases.")
@click.option("--fixed-bias", is_flag=True, help="Biases are given but never updated.")
@click.option("--notation", type=click.Choice(["unit", "layer"]), default="unit", show_default=True)
@click.option(
    "--delta",
    type=click.Choice(["gradient", "negative-gradient"]),
    default="gradient",
    show_default=True,
    help="Sign of δ: ∂E/∂a, or its opposite.",
)
@click.option(
    "--places", type=click.IntRange(1, 12), default=4, show_default=True, help="Decimal places asked for."
)
@click.option("--eta", type=Rate(), help="Learning rate.  [default: drawn]")
@click.option("--symbolic", is_flag=True, help="Ask for a chain of derivatives and formulas in letters too.")
@click.option("--title", default="", help="What the sheets are called.")
@paper_option
@click.option("--html", is_flag=True, help="Write the pages as HTML too.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("byhand-out"),
    show_default=True,
    help="Folder to write to.",
)
def generate(**options: Any) -> None:
    """Draw problems; write worksheets, answer keys and problem files."""
    import secrets

    from answer_keys.production import produce

    seed = options["seed"] if options["seed"] is not None else secrets.token_hex(8)
    order, out = _order(options), options["out"]
    made = produce(order, seed, options["count"], out, options["paper"], html=options["html"])
    click.echo(f"{made} {'problem' if made == 1 else 'problems'} in {out} (seed {seed})")


def _order(options: dict[str, Any]) -> Order:
    from exercises.draw import Order
    from exercises.errors import ByhandError

    if options["fixed_bias"] and not options["bias"]:
        raise ByhandError("--fixed-bias and --no-bias exclude each other; choose one")
    return Order(
        network=_network(options),
        notation=options["notation"],
        delta=options["delta"],
        places=options["places"],
        eta=options["eta"],
        title=options["title"],
        symbolic=options["symbolic"],
    )


def _network(options: dict[str, Any]) -> Network:
    from exercises.network import Network

    shape, names = options["shape"], options["activations"] or ("sigmoid",)
    if len(names) == 1 and names[0] == "softmax" and len(shape) > 2:  # noqa: PLR2004 - hidden layers
        names = ("sigmoid",) * (len(shape) - 2) + names
    if len(names) == 1:
        names = names * max(len(shape) - 1, 1)
    bias: Any = "fixed" if options["fixed_bias"] else "yes" if options["bias"] else "no"
    return Network(shape, tuple(names), options["loss"], bias)


@click.command(epilog="Example:  byhand solve huddar-1 --pdf huddar-1.pdf")
@click.argument("problem", metavar="PROBLEM")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, full precision.")
@click.option("--pdf", type=click.Path(path_type=Path, dir_okay=False), help="Write a PDF.")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write an HTML page.")
@paper_option
def solve(problem: str, as_json: bool, pdf: Path | None, html: Path | None, paper: Any) -> None:
    """Show the worked solution of PROBLEM: each line as symbols = numbers = result."""
    from answer_keys.problems import load
    from answer_keys.solution import solve as worked
    from exercises.files import write

    solution = worked(load(problem))
    if html is not None or pdf is not None:
        from answer_keys.key_page import key_html, key_pdf

        if html is not None:
            write(html, key_html(solution, paper))
        if pdf is not None:
            write(pdf, key_pdf(solution, paper))
        for path in (html, pdf):
            if path is not None:
                click.echo(f"wrote {path}", err=True)
    if as_json:
        click.echo(json.dumps(solution.as_json(), ensure_ascii=False, indent=1))
    elif html is None and pdf is None:
        click.echo(solution.as_text())
