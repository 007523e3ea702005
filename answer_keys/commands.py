"""The commands `generate` and `solve`: parse, call, print."""

from __future__ import annotations

import json
import re
from pathlib import Path
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from answer_keys.options import Words, drawing_options, layout_options, paper_option, purpose_option
from answer_keys.order import order_of
from exercises.common.output import say, show, show_json
from exercises.networks.plan import KIND_NAMES
from exercises.pages.sheet_layout import layout_of

if TYPE_CHECKING:
    from answer_keys.drawing_services import GetServices
    from exercises.pages.sheet_layout import SheetLayout

TEMPLATES = ("txt", "csv", "xlsx", "md")
WITH_PROBLEM = ("out", "paper", "purpose", "layout", "scratch", "copy_sheet", "html", "templates", "title")
WITH_SET = ("roster", "out", "paper", "purpose", "layout", "scratch", "title")


@click.command(
    epilog="Example:  byhand generate --shape 2-2-2 --count 5 --seed 7 --out problem-set\n\n"
    "A problem of your own:  byhand generate xor.toml --out xor"
)
@click.argument("named", metavar="[PROBLEM|PROBLEM_SET]", required=False)
@click.option(
    "--roster",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Students of the course, a CSV table with the columns name and id: a booklet of SET for each.",
)
@drawing_options
@paper_option
@purpose_option
@layout_options
@click.option(
    "--copy-sheet",
    is_flag=True,
    help="Print the right numbers beside their cells, to be copied by hand: grading such sheets measures the reader.",
)
@click.option("--html", is_flag=True, help="Write the pages as HTML too.")
@click.option(
    "--template",
    "templates",
    type=Words(TEMPLATES),
    multiple=True,
    help="Write a sheet to type the answers into beside each worksheet; may be repeated.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("byhand-out"),
    show_default=True,
    help="Folder to write to.",
)
@click.pass_context
def generate(ctx: click.Context, /, **options: Any) -> None:
    """Draw problems; write worksheets, answer keys and problem files.

    With PROBLEM (a problem file, an answer key, or a shipped exercise such as huddar-1) nothing is drawn: that
    problem is printed as it is. Of the options below --out, --paper, --for, --layout, --scratch, --html, --template and
    --title count then.

    With PROBLEM_SET, a file as `byhand new` writes it, a booklet of all its exercises is made, or one for each
    student on the roster; of the options below --roster, --out, --paper, --for, --layout, --scratch and --title count
    then.
    """
    import secrets

    from answer_keys.production import produce

    services: GetServices | None = ctx.obj
    if options.pop("copy_sheet"):
        options["purpose"] = "copy"
    on_paper = options["purpose"] in ("paper", "both")
    layout = layout_of(options["layout"], paper=on_paper, scratch=options["scratch"])
    if options["named"] is not None:
        _print_named(ctx, services, options, layout)
        return
    if options["roster"] is not None:
        raise click.UsageError("--roster goes with a problem set; byhand new writes one to start from")
    seed = options["seed"] if options["seed"] is not None else secrets.token_hex(8)
    order, out = order_of(options), options["out"]
    told = services() if services else None
    made = produce(
        order,
        seed,
        options["count"],
        out,
        options["paper"],
        purpose=options["purpose"],
        layout=layout,
        services=told,
        html=options["html"],
        templates=options["templates"],
    )
    show(f"{made} {'problem' if made == 1 else 'problems'} in {out} (seed {seed})")


def _print_named(
    ctx: click.Context, services: GetServices | None, options: dict[str, Any], layout: SheetLayout
) -> None:
    """Print the problem or the set that was named."""
    from answer_keys.problems import sort

    named, out = options["named"], options["out"]
    option = _meant(named)
    if option:
        raise click.UsageError(f"{named}: no file; `byhand generate {option} {named}` draws such a problem")
    if sort(named) == "set":
        _refuse(ctx, WITH_SET, "the set says that, for each exercise", "write it there")
        _generate_set(ctx, services, options)
        return
    if options["roster"] is not None:
        raise click.UsageError(
            f"--roster goes with a problem set, which may hold this problem: [[exercise]] and below it "
            f'problem = "{named}"; byhand new writes a set to start from'
        )
    _refuse(ctx, WITH_PROBLEM, f"{named} is printed as it is, and nothing is drawn", "leave that out")
    from answer_keys.given_problem import print_given

    told = services() if services else None
    title = options["title"]
    printed = options["paper"], options["purpose"]
    more = {name: options[name] for name in ("html", "templates")} | {"layout": layout}
    stem = print_given(named, out, *printed, title=title, services=told, **more)
    sheet = "copy-sheet" if options["purpose"] == "copy" else "worksheet"
    show(f"1 problem in {out} ({stem}-{sheet}.pdf and its key)")


def _meant(named: str) -> str:
    """The option that somebody left out before a shape, a kind and the like; empty for whatever may be a file."""
    if Path(named).exists():
        return ""
    if named in KIND_NAMES:
        return "--kind"
    return "--shape" if re.fullmatch(r"\d{1,2}(-\d{1,2})+", named) else ""


def _refuse(ctx: click.Context, allowed: tuple[str, ...], why: str, what: str) -> None:
    """Raise UsageError for options that were given and say nothing beside a problem or a set."""
    given = [
        "/".join([*parameter.opts, *parameter.secondary_opts])
        for parameter in ctx.command.params
        if parameter.name not in {"named", *allowed}
        and ctx.get_parameter_source(str(parameter.name)) is ParameterSource.COMMANDLINE
    ]
    if given:
        by_name = {parameter.name: parameter.opts[0] for parameter in ctx.command.params}
        beside = ", ".join(by_name[name] for name in allowed)
        raise click.UsageError(f"{', '.join(given)}: {why}; {what} (what goes with it: {beside})")


def _generate_set(ctx: click.Context, services: GetServices | None, options: dict[str, Any]) -> None:
    from dataclasses import replace

    from answer_keys.owner import Owner
    from answer_keys.problem_set import read
    from answer_keys.set_production import produce_set
    from exercises.common.wording import count

    found, told, out = read(Path(options["named"])), services() if services else None, options["out"]
    if ctx.get_parameter_source("paper") is ParameterSource.COMMANDLINE:
        found = replace(found, paper=options["paper"])
    if ctx.get_parameter_source("purpose") is ParameterSource.COMMANDLINE:
        found = replace(found, purpose=options["purpose"])
    if options["title"]:
        found = replace(found, title=options["title"])
    found = replace(
        found, chosen=options["layout"] or found.chosen, scratch=options["scratch"] or found.scratch
    )
    for sentence in found.notes:
        say(f"{options['named']}: {sentence}")
    owners = [Owner(version=letter) for letter in ascii_uppercase[: found.versions]] or [Owner()]
    if options["roster"] is not None and told is not None:
        students = told.read_roster(options["roster"])
        owners = [Owner(identity, name, found.version(identity)) for identity, name in students]
    made = produce_set(found, owners, out, told)
    show(f"{count(made, 'booklet')} of {count(len(found.exercises), 'exercise')} in {out}")
    if made > 1:
        show(f"to print: {out / 'all-booklets.pdf'}; for you: {out / 'all-keys.pdf'}")
    known = f" --roster {options['roster']}" if options["roster"] is not None else ""
    show(f"grade what comes back with: byhand grade {out} RETURNED{known} --out results")


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
    from exercises.common.files import write

    solution = worked(load(problem))
    if html is not None or pdf is not None:
        from answer_keys.key_page import key_html, key_pdf

        if html is not None:
            from exercises.printing.on_screen import on_screen

            write(html, on_screen(key_html(solution, paper)))
        if pdf is not None:
            from exercises.printing.press.press import for_one

            with for_one():
                write(pdf, key_pdf(solution, paper))
        for path in (html, pdf):
            if path is not None:
                say(f"wrote {path}")
    if as_json:
        show_json(json.dumps(solution.as_json(), ensure_ascii=False, indent=1))
    elif html is None and pdf is None:
        show(solution.as_text())
