"""The commands `generate` and `solve`: parse, call, print."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from answer_keys.telling import GetTelling
    from exercises.draw import Order
    from exercises.levels import Settings
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
KINDS = (
    "full-pass",
    "chain",
    "batch",
    "descent",
    "collapse",
    "relu",
    "vanishing",
    "matrix",
    "convention",
    "find-the-mistake",
    "composite",
    "computation-graph",
    "optimizer",
)
OPTIMIZERS = ("gradient-descent", "momentum", "rmsprop", "adam")
MOST_RUNS = 9


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
@click.argument("problem_set", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--roster",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Students of the course, a CSV table with the columns name and id: a booklet of SET for each.",
)
@click.option("--kind", type=click.Choice(KINDS), default="full-pass", show_default=True, help="What to do.")
@click.option(
    "--level", type=click.IntRange(1, 5), help="From 1, easy, to 5, hard; other options override it."
)
@click.option(
    "--ask",
    multiple=True,
    help='Part of what is asked, such as forward, deltas, gradients, updates or "chain W13"; may be repeated.',
)
@click.option("--examples", type=click.IntRange(2, MOST_RUNS), help="Training examples of a batch.")
@click.option("--steps", type=click.IntRange(2, MOST_RUNS), help="Steps of descent on one example.")
@click.option("--optimizer", type=click.Choice(OPTIMIZERS), help="The rule by which parameters are updated.")
@click.option("--shape", type=Shape(), help="Units in each layer.  [default: 2-2-1, or by kind and level]")
@click.option(
    "--count", type=click.IntRange(1, 10_000), default=1, show_default=True, help="How many to draw."
)
@click.option("--seed", help="Text or number to draw from; the same seed gives the same numbers.")
@click.option(
    "--activation",
    "activations",
    type=click.Choice(ACTIVATIONS),
    multiple=True,
    help="Once for all layers, or once for each layer after the input.  [default: sigmoid, or by kind]",
)
@click.option(
    "--loss", type=click.Choice(LOSSES), help="What is minimized.  [default: half-squared-error, or by kind]"
)
@click.option(
    "--bias/--no-bias", default=None, help="Whether units have biases.  [default: bias, or by level]"
)
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
    "--places",
    type=click.IntRange(1, 12),
    help="Decimal places asked for.  [default: 4, or by kind and level]",
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
@click.pass_obj
def generate(telling: GetTelling | None, /, **options: Any) -> None:
    """Draw problems; write worksheets, answer keys and problem files.

    With PROBLEM_SET, a file as `byhand new` writes it, a booklet of all its exercises is made, or one for each
    student on the roster; of the options below only --roster and --out count then.
    """
    import secrets

    from answer_keys.production import produce

    if options["problem_set"] is not None:
        _generate_set(telling, options)
        return
    if options["roster"] is not None:
        raise click.UsageError("--roster goes with a problem set; byhand new writes one to start from")
    seed = options["seed"] if options["seed"] is not None else secrets.token_hex(8)
    order, out = order_of(options), options["out"]
    told = telling() if telling else None
    made = produce(order, seed, options["count"], out, options["paper"], telling=told, html=options["html"])
    click.echo(f"{made} {'problem' if made == 1 else 'problems'} in {out} (seed {seed})")


def _generate_set(telling: GetTelling | None, options: dict[str, Any]) -> None:
    from answer_keys.booklets import Owner
    from answer_keys.problem_set import read
    from answer_keys.set_production import produce_set

    found, told, out = read(options["problem_set"]), telling() if telling else None, options["out"]
    owners = [Owner()]
    if options["roster"] is not None and told is not None:
        owners = [Owner(identity, name) for identity, name in told.read_roster(options["roster"])]
    made = produce_set(found, owners, out, told)
    booklets, exercises = "booklet" if made == 1 else "booklets", len(found.exercises)
    click.echo(f"{made} {booklets} of {exercises} {'exercise' if exercises == 1 else 'exercises'} in {out}")


def order_of(options: dict[str, Any]) -> Order:
    """What the options of `generate` ask for. Raises ByhandError where they exclude each other."""
    from answer_keys.drawing import PLANTED, WARM_UPS
    from exercises.draw import Order
    from exercises.errors import ByhandError
    from exercises.levels import Wish, check, constants, plan_of, settings
    from exercises.plan import FULL, Plan
    from exercises.recast import RECAST
    from exercises.warmup.draws import USUAL
    from exercises.warmup.program import NO_NETWORK

    if options["fixed_bias"] and options["bias"] is False:
        raise ByhandError("--fixed-bias and --no-bias exclude each other; choose one")
    wish = Wish(*(options[name] for name in Wish.__slots__))
    chosen = settings(wish.meant, wish.level)
    if wish.kind in WARM_UPS:
        places = options["places"] or chosen.places
        plan, level = Plan(options["kind"]), wish.level or USUAL
        return Order(NO_NETWORK, places=places, title=options["title"], plan=plan, level=level)
    network = _network(options, chosen)
    plan = plan_of(wish, network)
    check(FULL if plan.kind in (*RECAST, PLANTED) else plan, network)
    if options["symbolic"] and max(plan.examples, plan.steps) > 1:
        raise ByhandError("--symbolic asks about a single run; leave out --examples and --steps")
    places = options["places"] or chosen.places
    return Order(
        network=network,
        notation=options["notation"],
        delta=options["delta"],
        places=places,
        eta=options["eta"],
        title=options["title"],
        symbolic=options["symbolic"],
        plan=plan,
        fixed=tuple(constants(plan, places, network).items()),
        positive=chosen.positive,
    )


def _network(options: dict[str, Any], chosen: Settings) -> Network:
    from exercises.network import Network

    shape, names = options["shape"] or chosen.shape, options["activations"]
    if not names:
        names = (chosen.hidden,) * (len(shape) - 2) + (chosen.output,)
    elif len(names) == 1 and names[0] == "softmax" and len(shape) > 2:  # noqa: PLR2004 - hidden layers
        names = (chosen.hidden,) * (len(shape) - 2) + names
    elif len(names) == 1:
        names = names * max(len(shape) - 1, 1)
    bias: Any = chosen.bias if options["bias"] is None else "yes" if options["bias"] else "no"
    loss = options["loss"] or chosen.loss
    return Network(shape, tuple(names), loss, "fixed" if options["fixed_bias"] else bias)


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
