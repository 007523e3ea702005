"""Problems for tests: drawn, loaded, or made up of plain numbers, in every shape and convention."""

import io
import random
from decimal import ROUND_HALF_UP, Decimal

import pypdf
import pypdfium2
import pypdfium2.raw as pdfium
from click.testing import CliRunner

import byhand
from answer_keys import published
from answer_keys.solution import solve
from exercises.drawing.draw import Order, draw
from exercises.formulas import decimals
from exercises.formulas.algebras import DECIMAL, exact_context
from exercises.formulas.formula import fold
from exercises.networks.network import Network
from exercises.problems import problem_file
from grader.files.extraction.submission import Submission

SHAPES = ((1, 1), (2, 3), (2, 2, 1), (2, 2, 2), (3, 2, 1), (4, 2, 2, 1), (2, 2, 2, 2))
ACTIVATIONS = ("sigmoid", "tanh", "relu", "leaky-relu", "linear", "softplus", "silu", "gelu")
SQUARES = ("half-squared-error", "squared-error", "mean-squared-error")
ENTROPIES = ("binary-cross-entropy", "cross-entropy")
BIASES = ("yes", "no", "fixed")
SIGNS = ("gradient", "negative-gradient")


def call(*args):
    """Call byhand as from a terminal; no call may end in an exception."""
    result = CliRunner().invoke(byhand.main, [str(a) for a in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def title(shape):
    return "-".join(map(str, shape))


def shipped(name):
    """A shipped exercise."""
    return problem_file.parse(published.text(name), name)


def network(shape, activation="sigmoid", loss="half-squared-error", bias="yes"):
    """A network; one name serves all layers, softmax only the last."""
    layers = len(shape) - 1
    if isinstance(activation, str):
        activation = (activation,) * layers
        if activation[-1] == "softmax":
            activation = ("sigmoid",) * (layers - 1) + ("softmax",)
    return Network(tuple(shape), tuple(activation), loss, bias)


def drawn(
    shape=(2, 2, 1), activation="sigmoid", loss="half-squared-error", bias="yes", *, seed="test", **order
):
    """A problem as `byhand generate` draws it."""
    return draw(Order(network(shape, activation, loss, bias), **order), seed)


def table(
    shape, activation="sigmoid", loss="half-squared-error", bias="yes", *, seed=0, one_hot=False, **rest
):
    """The table of a problem file with random numbers of two decimals, none of them zero."""
    net = network(shape, activation, loss, bias)
    rng = random.Random(f"{seed} {shape} {activation} {loss} {bias}")  # noqa: S311 - nothing here is secret

    def number(low, high):
        return Decimal(rng.choice((-1, 1)) * rng.randint(low, high)).scaleb(-2)

    values = {f"x{u}": number(10, 150) for u in net.inputs}
    values |= {q.name: number(15, 130) for q in net.parameters()}
    for u in net.outputs:
        hot = Decimal(u == net.outputs[0])
        values[f"t{u}"] = hot if one_hot else Decimal(rng.randint(5, 95)).scaleb(-2)
    values["eta"] = Decimal(rng.randint(5, 95)).scaleb(-2)
    return {
        "shape": list(shape),
        "activation": list(net.activations),
        "loss": loss,
        "bias": {"yes": True, "no": False, "fixed": "fixed"}[bias],
        "values": values,
        **rest,
    }


def made(*args, **kwargs):
    """A problem with random numbers that no screening has seen."""
    return problem_file.from_table(table(*args, **kwargs), "test")


def perfect(problem, places=None):
    """Every line right, rounded half up: texts by quantity."""
    places = problem.places if places is None else places
    values = solve(problem).values
    return {s.quantity: f"{decimals.rounded(values[s.quantity], places):f}" for s in problem.graph.steps}


def handed_in(texts, student="Ada"):
    """A submission of texts by quantity."""
    return Submission(student, "test", texts)


def typed(found):
    """A simulated student's problem as ours."""
    values = {name: Decimal(str(v)) for name, v in found["values"].items()}
    return problem_file.from_table({**found, "values": values}, "simulated")


def numbered(shape, activation, bias, delta="gradient", **values):
    """A problem of four places from plain numbers."""
    return typed({
        "shape": shape, "activation": activation, "bias": bias, "delta": delta, "places": 4, "values": values,
        "loss": "half-squared-error", "notation": "unit",
    })  # fmt: skip


def carried(problem, changes=None, *, places=None, rounding=ROUND_HALF_UP):
    """A sheet on which every line is worked out from the lines as written; `changes`: formulas of some lines.

    Returns the texts and the values.
    """
    places = problem.places if places is None else places
    right, values, texts = solve(problem).values, dict(problem.values), {}
    with exact_context():
        for step in problem.graph.steps:
            formula = (changes or {}).get(step.quantity, step.formula)
            if not isinstance(formula, Decimal):  # a wrong one may use a line further down, right till then
                formula = fold(formula, DECIMAL, lambda q: values.get(q, right[q]))
            value = formula.quantize(Decimal(1).scaleb(-places), rounding=rounding)
            values[step.quantity], texts[step.quantity] = value, f"{value:f}"
    return texts, values


def flattened(data, *, scale=1.0, shift=0.0):
    """As a print to PDF leaves it."""
    document = pypdfium2.PdfDocument(data)
    document.init_forms()
    for page in document:
        pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_PRINT)
    flat = saved(document)
    if scale == 1.0:
        return flat
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(flat))
    for page in writer.pages:
        page.add_transformation(pypdf.Transformation().scale(scale).translate(shift, 2 * shift))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def saved(document):
    out = io.BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()
