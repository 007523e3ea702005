"""From the options of `generate` to what is to be drawn."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exercises.drawing.draw import Order
    from exercises.networks.network import Network
    from exercises.problems.levels import PlanRequest, Settings


_OF_NETWORKS = (
    "shape", "activations", "loss", "eta", "symbolic", "one_hot", "fixed_bias", "ask", "examples", "steps", "optimizer",
)  # fmt: skip


def order_of(options: dict[str, Any]) -> Order:
    """What the options of `generate` ask for. Raises ByhandError where they exclude each other."""
    from exercises.common.errors import ByhandError
    from exercises.drawing.draw import Order
    from exercises.drawing.draw_warmup import USUAL
    from exercises.networks.kinds import KINDS, NO_CHECK, kind_of
    from exercises.networks.plan import EVERYTHING, FULL, Plan
    from exercises.networks.warmup_function import NO_NETWORK
    from exercises.problems.levels import PlanRequest, check, constants, plan_of, settings
    from exercises.problems.recast import is_recast

    if options["fixed_bias"] and options["bias"] is False:
        raise ByhandError("--fixed-bias and --no-bias exclude each other; choose one")
    if options["places"] and options["figures"]:
        raise ByhandError("--places and --figures exclude each other; choose one")
    wish = PlanRequest(*(options[name] for name in PlanRequest.__slots__))
    chosen = settings(wish.meant, wish.level)
    if options["halves"]:
        chosen = _in_the_head(chosen, wish)
    if KINDS[wish.kind].functions:
        _check_without_network(options)
        plan, level = Plan(options["kind"]), wish.level or USUAL
        return Order(NO_NETWORK, title=options["title"], plan=plan, level=level, **_asked(options, chosen))
    network = _network(options, chosen)
    if wish.rows != "sources" and wish.meant != "matrix":
        raise ByhandError("--rows is for matrices; add --kind matrix")
    plan = plan_of(wish, network)
    if options["halves"] and plan.ask == (EVERYTHING,) and KINDS[plan.kind].whole_pass:
        plan = replace(plan, ask=NO_CHECK)  # new weights have decimals enough
    check(FULL if is_recast(kind_of(plan)) else plan, network)
    if options["halves"]:
        _check_in_the_head(network)
    if options["one_hot"] and not network.is_softmax:
        raise ByhandError("--one-hot is for a softmax at the output; add --activation softmax")
    if options["symbolic"] and max(plan.examples, plan.steps) > 1:
        raise ByhandError("--symbolic asks about a single run; leave out --examples and --steps")
    asked = _asked(options, chosen)
    return Order(
        network=network,
        notation=options["notation"],
        delta=options["delta"],
        **asked,
        eta=options["eta"],
        title=options["title"],
        symbolic=options["symbolic"],
        plan=plan,
        fixed=tuple(constants(plan, max(asked.values()), network).items()),
        one_hot=options["one_hot"],
        halves=options["halves"],
        positive=chosen.positive,
    )


def _in_the_head(chosen: Settings, wish: PlanRequest) -> Settings:
    """What is usual where no calculator is needed: no exponentials, and places enough not to round."""
    from exercises.common.errors import ByhandError
    from exercises.networks.kinds import KINDS

    entry = KINDS[wish.meant]
    rule = wish.optimizer or entry.plan.optimizer
    if entry.functions or entry.fades or (wish.steps or entry.plan.steps) > 1 or rule != "gradient-descent":
        raise ByhandError(
            f"--halves is for one step of gradient descent; {wish.meant} needs a calculator all the same"
        )
    return replace(chosen, hidden="relu", output="linear", places=5)


def _check_in_the_head(network: Network) -> None:
    from exercises.common.errors import ByhandError

    if not set(network.activations) <= {"relu", "linear"} or "squared" not in network.loss:
        raise ByhandError(
            "--halves is for relu and linear units with a squared error; others need a calculator all the same"
        )


def _check_without_network(options: dict[str, Any]) -> None:
    """Nothing is said of a network where there is none."""
    from exercises.common.errors import ByhandError

    said = [name for name in _OF_NETWORKS if options[name]]
    said += ["rows"] * (options["rows"] != "sources") + ["bias"] * (options["bias"] is not None)
    if said:
        named = ", ".join("--" + name.replace("_", "-").replace("activations", "activation") for name in said)
        raise ByhandError(f"{named}: {options['kind']} is a warm-up without a network; leave that out")


def _asked(options: dict[str, Any], chosen: Settings) -> dict[str, Any]:
    """To how many places, or else figures, lines are written."""
    if options["figures"]:
        return {"figures": options["figures"]}
    return {"places": options["places"] or chosen.places}


def _network(options: dict[str, Any], chosen: Settings) -> Network:
    from exercises.networks.network import Network

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
