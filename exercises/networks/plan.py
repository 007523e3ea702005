"""What is made of a network: the kind of exercise, what is asked, how often it is run through, how it learns.

The names of kinds and optimizers stand here, and only here, so that a command can list them and import no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from exercises.networks.warmup_function import WarmupFunction

KindName = Literal[
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
]
OptimizerName = Literal["gradient-descent", "momentum", "rmsprop", "adam"]
RowsName = Literal["sources", "destinations"]
KIND_NAMES: tuple[KindName, ...] = get_args(KindName)
OPTIMIZERS: tuple[OptimizerName, ...] = get_args(OptimizerName)
ROWS: tuple[RowsName, ...] = get_args(RowsName)
EVERYTHING = "everything"
MAX_RUNS = 9  # examples or steps: more fill no page that anybody would work through


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything about an exercise that is neither its network nor its numbers.

    kind:      which exercise it is.
    ask:       what is asked: words such as "forward" or "deltas" (see `selection.WORDS`), "chain W13", or
               canonical names of lines. What comes before it is given on the sheet.
    examples:  training examples, from 1.
    steps:     steps of descent on one example, from 1.
    optimizer: how parameters are updated.
    at_step:   for Adam, which step of the optimization this is, from 1.
    function:  the function of a warm-up, such as that of "sin(x^2 + 1)"; else None.
    planted:   for a worked solution with a mistake: the entry of the catalogue, and the lines in which it was
               made; else empty.
    rows:      what a matrix of weights has a row for: each unit that arrows come from, so that a = Wᵀ·o, or each
               that they lead to, so that a = W·o.
    """

    kind: KindName = "full-pass"
    ask: tuple[str, ...] = (EVERYTHING,)
    examples: int = 1
    steps: int = 1
    optimizer: OptimizerName = "gradient-descent"
    at_step: int = 1
    function: WarmupFunction | None = None
    planted: tuple[str, ...] = ()
    rows: RowsName = "sources"

    @property
    def identity(self) -> tuple[str, ...]:
        """What of it belongs to a problem's code: nothing for the plain full pass."""
        if self == FULL:
            return ()
        return (
            self.kind,
            *self.ask,
            f"examples={self.examples}",
            f"steps={self.steps}",
            f"{self.optimizer}@{self.at_step}",
            self.function.text if self.function else "",
            *self.planted,
            *([f"rows={self.rows}"] if self.rows != "sources" else []),
        )


FULL = Plan()
