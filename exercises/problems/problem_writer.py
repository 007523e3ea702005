"""Writing problem files with comments that a person can read; reading them is in `problem_file`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from exercises.networks.warmup_graph import given_names
from exercises.problems import plan_file
from exercises.problems.kept_with_problem import once
from exercises.problems.questions import ABOUT_A_SOLUTION

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from exercises.problems.problem import Problem

_KEY_COMMENTS = {
    "activation": "one per layer after the input",
    "bias": {
        "yes": "a bias in each unit, updated",
        "no": "no biases",
        "fixed": "biases given, never updated",
    },
    "delta": {"gradient": "δ = ∂E/∂a, update W − η·δ·o", "negative-gradient": "δ = −∂E/∂a, update W + η·δ·o"},
    "places": "decimal places to which each line is written",
    "figures": "significant figures to which each line is written",
}


@once
def write(problem: Problem) -> str:
    """The text of a problem file; reading it gives the same problem back."""
    import tomlkit

    net = problem.network
    document = tomlkit.document()
    document.add(tomlkit.comment(f"A byhand problem. Code {problem.code}."))
    if problem.title:
        document.add("title", tomlkit.item(problem.title))
    table: dict[str, Any] = {
        "shape": list(net.shape),
        "activation": list(net.activations),
        "loss": net.loss,
        "bias": {"yes": True, "no": False, "fixed": "fixed"}[net.bias],
        "notation": problem.notation,
        "delta": problem.delta,
        ("places" if problem.figures is None else "figures"): problem.precision.digits,
        **plan_file.plain_table(problem.plan),
    }
    comments = {
        "activation": str(_KEY_COMMENTS["activation"]),
        "bias": cast("dict[str, str]", _KEY_COMMENTS["bias"])[net.bias],
        "delta": cast("dict[str, str]", _KEY_COMMENTS["delta"])[problem.delta],
        "places": str(_KEY_COMMENTS["places"]),
        "figures": str(_KEY_COMMENTS["figures"]),
    }
    for key, value in table.items():
        if problem.plan.function and key in plan_file.OF_NETWORKS:
            continue
        item = tomlkit.item(value)
        if key in comments:
            item.comment(comments[key])
        document.add(key, item)
    document.add(tomlkit.nl())
    given = given_names(problem.graph)
    numbers = {name: problem.values[q] for name, q in given.items() if q not in problem.printed}
    document.add("values", _numbers(numbers))
    if problem.printed:
        lines = _numbers({q.name: value for q, value in problem.printed.items()})
        lines.comment("the worked solution as it stands on the sheet, mistake and all")
        document.add("printed", lines)
    questions = [q for q in problem.questions if q not in ABOUT_A_SOLUTION]
    if questions:
        asked = tomlkit.table()
        for kind in dict.fromkeys(q.kind for q in questions):
            asked.add(kind, [q.topic for q in questions if q.kind == kind])
        document.add("questions", asked)
    if marking := problem.marking.table():
        document.add("marking", _numbers(marking))
    return tomlkit.dumps(document)


def _numbers(values: Mapping[str, Decimal | str]) -> Any:
    import tomlkit

    table = tomlkit.table()
    for name, value in values.items():
        if isinstance(value, str):
            table.add(name, value)
            continue
        text = f"{value:f}"
        table.add(name, tomlkit.value(text if "." in text else f"{text}.0" if "_" in text else text))
    return table
