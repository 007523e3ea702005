"""Every shipped exercise, printed, filled in on the PDF, read back and graded; and the README's examples."""

import io
import json
import re
import tomllib
from decimal import Decimal
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner

from answer_keys import published
from answer_keys.problems import load
from answer_keys.solution import solve
from byhand import main
from exercises.formulas import decimals
from exercises.formulas.algebras import DECIMAL, exact_context
from exercises.formulas.formula import fold
from exercises.formulas.quantity import QuantityKind
from exercises.pages.worksheet_page import worksheet_pdf
from exercises.problems import problem_file

README = Path(__file__).parent.parent / "README.md"
PROBLEMS = README.parent / "docs" / "problems.md"


def filled(problem, answers, path):
    with pikepdf.open(io.BytesIO(worksheet_pdf(problem))) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            if str(field.T) in answers:
                field.V = pikepdf.String(answers[str(field.T)])
        pdf.save(path)


def carried_on(problem, broken):
    """A sheet on which one line is far off and everything after it follows."""
    values = dict(problem.values)
    unit = Decimal(1).scaleb(-problem.places)
    with exact_context():
        for step in problem.graph.steps:
            value = fold(step.formula, DECIMAL, values.__getitem__)
            if step.quantity == broken:
                value = value * 2 + 7 * unit
            values[step.quantity] = decimals.rounded(value, problem.places)
    return {s.quantity.name: f"{values[s.quantity]:f}" for s in problem.graph.steps}


def report(name, path):
    result = CliRunner().invoke(main, ["grade", name, str(path), "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize("name", published.names())
def test_a_worksheet_filled_in_rightly_gets_full_marks(name, tmp_path):
    problem = load(name)
    values = solve(problem).values
    answers = {
        s.quantity.name: f"{decimals.rounded(values[s.quantity], problem.places):f}"
        for s in problem.graph.steps
    }
    filled(problem, answers, tmp_path / "right.pdf")
    found = report(name, tmp_path / "right.pdf")
    assert found["score"] == found["out_of"] > 0
    assert found["first_error"] is None
    assert {a["verdict"] for a in found["answers"]} <= {"correct", "not-assessed"}


@pytest.mark.parametrize("name", published.names())
def test_one_broken_step_is_found_first_and_the_rest_follows(name, tmp_path):
    problem = load(name)
    hidden = next(
        s.quantity
        for s in problem.graph.steps
        if s.quantity.kind is QuantityKind.DELTA and s.quantity.unit == 3
    )
    filled(problem, carried_on(problem, hidden), tmp_path / "broken.pdf")
    found = report(name, tmp_path / "broken.pdf")
    assert found["first_error"] == "delta3"
    verdicts = {a["quantity"]: a["verdict"] for a in found["answers"]}
    assert [q for q, verdict in verdicts.items() if verdict == "wrong"] == ["delta3"]
    assert verdicts["dE_dW13"] == "follows"


def test_the_pages_problem_is_a_problem_and_its_marking_can_be_added():
    blocks = re.findall(r"```toml\n(.*?)```", PROBLEMS.read_text(encoding="utf-8"), re.DOTALL)
    marking = next(block for block in blocks if block.startswith("[marking]"))
    example = next(block for block in blocks if block.startswith("shape"))
    problem = problem_file.parse(example + "\n" + marking, "problems.md")
    assert solve(problem).values
    assert tomllib.loads(marking)["marking"]


def test_the_readmes_finding_is_what_the_program_prints():
    text = README.read_text(encoding="utf-8")
    result = CliRunner().invoke(main, ["grade", "huddar-1", "answer_keys/published/huddar-1-sample.txt"])
    said = " ".join(result.stdout.split())
    quoted = re.search(r"  Your δ₃ = −0\.0122.*?−0\.0027\.", text, re.DOTALL)
    assert quoted is not None
    assert " ".join(quoted[0].split()) in said
    assert "34 / 35" in said
