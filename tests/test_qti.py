"""QTI 2.1, read back by its rules: every item is alone, right rounding is accepted, wrong numbers are not."""

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from lxml import etree
from making import carried, made, perfect, shipped

import byhand
from exercises.problems import problem_file
from grader.export import drawing_png, qti

NS = {"q": "http://www.imsglobal.org/xsd/imsqti_v2p1", "p": "http://www.imsglobal.org/xsd/imscp_v1p1"}
# What QTI 2.1 takes of HTML, as far as we write any; and the order of what an item holds.
HTML = {"p", "img", "table", "thead", "tbody", "tr", "th", "td", "em", "strong", "sub", "sup", "b", "br"}
ORDER = ["responseDeclaration", "outcomeDeclaration", "outcomeDeclaration", "itemBody", "responseProcessing"]


@pytest.fixture(autouse=True)
def undrawn(monkeypatch):
    monkeypatch.setattr(drawing_png, "_pdf", lambda *_: b"")
    monkeypatch.setattr(drawing_png, "_dots", lambda _: b"dots")


def unpacked(problems):
    with ZipFile(BytesIO(qti.package(problems))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def accepts(item, answer):
    """Whether an item is right, by its own rule."""
    (equal,) = item.findall(".//q:responseIf/q:equal", NS)
    assert equal.get("toleranceMode") == "absolute"
    low, high = map(Decimal, equal.get("tolerance").split())
    right = Decimal(item.findtext("q:responseDeclaration/q:correctResponse/q:value", namespaces=NS))
    return right - low <= Decimal(answer) <= right + high


@pytest.mark.parametrize(
    "problem", [shipped("huddar-1"), made((2, 2, 2), "softmax", "cross-entropy")], ids=["a", "b"]
)
def test_right_numbers_are_accepted_and_others_are_not(problem):
    files = unpacked([problem])
    sheets = [carried(problem, rounding=how)[0] for how in (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN)]
    for step in problem.graph.asked_steps:
        item = etree.fromstring(files[f"items/byhand-{problem.code}-{step.quantity.name}.xml"])
        for sheet in (*sheets, perfect(problem), perfect(problem, 9)):
            assert accepts(item, sheet[step.quantity])
        assert not accepts(item, Decimal(perfect(problem)[step.quantity]) + Decimal("0.5"))


def test_every_item_keeps_to_the_form_and_tells_all_that_is_given():
    problem = problem_file.parse(
        'shape = [1, 1, 1]\nactivation = "sigmoid"\nloss = "half-squared-error"\nbias = false\n'
        'notation = "unit"\ndelta = "gradient"\nplaces = 3\nask = ["deltas"]\n'
        "[values]\nx1 = 0.5\nW12 = 1.5\nW23 = 2.4\nt3 = 0.15\neta = 0.6\n",
        "level 1",
    )
    files = unpacked([problem, shipped("huddar-1")])
    manifest = etree.fromstring(files["imsmanifest.xml"])
    listed = [one.get("href") for one in manifest.iterfind(".//p:file", NS)]
    assert sorted([*listed, "imsmanifest.xml"]) == sorted(files)
    known = {one.get("identifier") for one in manifest.iterfind(".//p:resource", NS)}
    assert {one.get("identifierref") for one in manifest.iterfind(".//p:dependency", NS)} <= known
    items = [name for name in files if name.startswith("items/")]
    assert len(items) == len(problem.graph.asked_steps) + 35
    for name in items:
        item = etree.fromstring(files[name])
        assert [etree.QName(one).localname for one in item] == ORDER
        assert name == f"items/{item.get('identifier')}.xml"
        body = item.find("q:itemBody", NS)
        inside = {etree.QName(one).localname for one in body.iter()} - {"itemBody", "textEntryInteraction"}
        assert inside <= HTML
        assert not [one for one in body.iter() if one.get("style")]
        assert len(body.findall(".//q:textEntryInteraction", NS)) == 1
        (image,) = body.findall(".//q:img", NS)
        assert image.get("src").removeprefix("../") in files
    text = "".join(
        etree.fromstring(files[f"items/byhand-{problem.code}-delta2.xml"]).find("q:itemBody", NS).itertext()
    )
    assert "y2 = 0.679" in text
    assert f"Problem {problem.code}." in text
    test = etree.fromstring(files[f"tests/byhand-{problem.code}.xml"])
    assert [
        f"items/{ref.get('identifier')}.xml" in files for ref in test.iterfind(".//q:assessmentItemRef", NS)
    ] == [True] * len(problem.graph.asked_steps)


def test_the_same_problems_give_the_same_package(tmp_path):
    result = CliRunner().invoke(
        byhand.main, ["export", "--to", "qti21", "huddar-1", "--out", str(tmp_path / "q.zip")]
    )
    assert result.exit_code == 0, result.output
    assert (tmp_path / "q.zip").read_bytes() == qti.package([shipped("huddar-1")])
