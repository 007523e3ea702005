"""Files of word processors, browsers and viewers: what stands in them is read, and what cannot be read is never blank."""

import io
import zipfile
from pathlib import Path

import pikepdf
import pytest
from making import shipped
from weasyprint import HTML

from exercises.pages.worksheet_page import worksheet_pdf
from grader.answers.names import Names
from grader.answers.numbers import PEN
from grader.files.extraction.source import Source
from grader.files.forms import rich_text
from grader.files.read import read_bytes

HUDDAR = shipped("huddar-1")
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
M = "http://schemas.openxmlformats.org/officeDocument/2006/math"


def texts(data, suffix):
    """What is read in the one sheet of a file, and the complaints."""
    reading = read_bytes(data, suffix, Source(Path(f"a{suffix}"), HUDDAR, Names(HUDDAR)))
    (found,) = reading.submissions or [None]
    return {q.name: t for q, t in found.texts.items()} if found else {}, reading.complaints


def packed(name, xml):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr(name, xml)
    return out.getvalue()


def docx(body):
    return packed(
        "word/document.xml", f'<w:document xmlns:w="{W}" xmlns:m="{M}"><w:body>{body}</w:body></w:document>'
    )


def run(text, mark=""):
    return f"<w:r><w:rPr>{mark}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


def line(*runs):
    return f"<w:p>{''.join(runs)}</w:p>"


def math(text):
    return f"<m:r><m:t>{text}</m:t></m:r>"


def test_a_word_document_is_read_with_its_tables_equations_and_what_is_struck_through():
    slope = (
        f"<m:oMath><m:f><m:num>{math('∂E')}</m:num><m:den>{math('∂')}"
        f"<m:sSub><m:e>{math('W')}</m:e><m:sub>{math('13')}</m:sub></m:sSub></m:den></m:f>{math('=0.0009')}</m:oMath>"
    )
    rows = "".join(
        f"<w:tr>{''.join(f'<w:tc>{line(run(cell))}</w:tc>' for cell in row)}</w:tr>"
        for row in (("unit", "net", "out"), ("3", "0.7550", "0.6803"), ("4", "0.6800", "0.6637"))
    )
    body = (
        f"<w:tbl>{rows}</w:tbl>"
        + line(run("a5 = "), run("0.9", "<w:strike/>"), run(" 0.8014"))
        + line(run("y5"), "<w:r><w:tab/></w:r>", run("0.6903"))
        + line("<w:del>" + run("E = 0.5") + "</w:del>", run("E = 0.0181"))
        + line(slope)
    )
    assert texts(docx(body), ".docx") == (
        {
            "a3": "0.7550", "y3": "0.6803", "a4": "0.6800", "y4": "0.6637", "a5": "~~0.9~~ 0.8014", "y5": "0.6903",
            "E": "0.0181", "dE_dW13": "0.0009",
        },
        [],
    )  # fmt: skip


def test_an_opendocument_text_is_read():
    body = (
        '<office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="b" xmlns:style="s">'
        '<style:style style:name="T1">'
        '<style:text-properties style:text-line-through-style="solid"/></style:style><text:p>a3 = 0.7550</text:p>'
        '<text:p>a4 = <text:span text:style-name="T1">0.7</text:span> 0.6800</text:p>'
        "<table:table><table:table-row><table:table-cell><text:p>W13 neu</text:p></table:table-cell>"
        "<table:table-cell><text:p>0.0991</text:p></table:table-cell></table:table-row></table:table>"
        "</office:document-content>"
    )
    found, complaints = texts(packed("content.xml", body), ".odt")
    assert (found, complaints) == ({"a3": "0.7550", "a4": "~~0.7~~ 0.6800", "W13_new": "0.0991"}, [])


def test_rich_text_is_read():
    rtf = (
        rb"{\rtf1\ansi{\fonttbl{\f0 Arial 0.5;}}{\*\generator x = 0.123;}\f0 a3 = 0.7550\par y3\tab 0.6803\par "
        rb"\u948?5 = \u8722?0.0407\par a4 = {\strike 0.7}0.6800\par W13 \'3d 1 }"
    )
    found, _ = texts(rtf, ".rtf")
    assert found == {"a3": "0.7550", "y3": "0.6803", "delta5": "−0.0407", "a4": "~~0.7~~0.6800"}


def test_letters_of_two_words_are_one_and_half_of_one_is_none():
    rtf = rb"{\rtf1 a3 = 0.7550\par \u-10179?\u-8690?\par y3 = 0.6803\par \u-10179?}"
    assert rich_text.text(rtf).split("\n") == ["a3 = 0.7550", "😎", "y3 = 0.6803", "\ufffd"]
    assert texts(rtf, ".rtf")[0] == {"a3": "0.7550", "y3": "0.6803"}


def test_a_letter_of_endless_number_is_none():
    page = f"<html><p>&#{'9' * 5_000}; &#{'9' * 5_000}</p><p>&#97;3 = 0.7550</p>"
    assert texts(page.encode(), ".html")[0] == {"a3": "0.7550"}


def test_a_page_is_read_with_its_tables_and_low_figures():
    page = (
        "<!DOCTYPE html><html><head><style>a3 = 0.1</style></head><body><p>a<sub>3</sub> = 0.7550<br>y3 = 0.6803</p>"
        "<table><tr><th>weight</th><th>gradient</th><th>new</th></tr><tr><td>W13</td><td>0.0009</td><td>0.0991</td></tr></table>"
        "<script>var a5 = 0.5</script><del>E = 0.5</del></body></html>"
    )
    found, _ = texts(page.encode(), ".html")
    assert found == {"a3": "0.7550", "y3": "0.6803", "dE_dW13": "0.0009", "W13_new": "0.0991"}


@pytest.mark.parametrize("suffix", [".docx", ".odt", ".rtf", ".html"])
def test_what_is_no_such_file_is_told(suffix):
    for data in (b"\0\1\2", b"PK\x03\x04broken", b"{\\rtf1 {{{{", b"<html", docx("").replace(b"PK", b"PQ")):
        found, complaints = texts(data, suffix)
        assert found == {}
        assert complaints


def test_entities_and_bombs_are_refused():
    evil = f'<!DOCTYPE x [<!ENTITY a "aaaa">]><w:document xmlns:w="{W}"><w:body>&a;</w:body></w:document>'
    assert "declares entities" in texts(packed("word/document.xml", evil), ".docx")[1][0]
    bomb = packed("word/document.xml", " " * 30_000_000)
    assert "zip bomb" in texts(bomb, ".docx")[1][0]


def test_a_pdf_that_is_none_of_ours_is_read_as_text():
    page = "<p>a3 = 0.7550</p><p>y3 = 0.6803</p><table><tr><td>W13 new</td><td>0.0991</td></tr></table>"
    found, complaints = texts(HTML(string=page).write_pdf(), ".pdf")
    assert (found, complaints) == ({"a3": "0.7550", "y3": "0.6803", "W13_new": "0.0991"}, [])


def marked(**notes):
    """A worksheet with annotations over some of its fields."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(worksheet_pdf(HUDDAR, "a4"))) as pdf:
        for page in pdf.pages:
            for field in list(page.obj.get("/Annots", [])):
                kind, text = notes.get(str(field.get("/T", "")), ("", ""))
                if kind:
                    note = pikepdf.Dictionary(
                        Type=pikepdf.Name.Annot,
                        Subtype=pikepdf.Name(f"/{kind}"),
                        Rect=field.Rect,
                        Contents=text,
                    )
                    page.obj.Annots.append(pdf.make_indirect(note))
        pdf.save(out)
    return out.getvalue()


def test_typed_notes_are_read_by_their_places_and_a_pens_strokes_are_never_blank():
    found, complaints = texts(marked(a3=("FreeText", "0.7550"), a4=("Ink", "")), ".pdf")
    assert (found["a3"], found["a4"], found["y3"]) == ("0.7550", PEN, "")
    assert "somebody wrote on these pages with a pen" in complaints[0]


def test_fields_that_a_tool_renamed_are_read():
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(worksheet_pdf(HUDDAR, "a4"))) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            name = str(field.T)
            field.T = f"{name}_2"
            field.V = {"a3": "0.7550", "E": "0.0181"}.get(name, "")
        pdf.save(out)
    found, _ = texts(out.getvalue(), ".pdf")
    assert {name: text for name, text in found.items() if text} == {"a3": "0.7550", "E": "0.0181"}


HEADED = "student,a3,y3,delta5\n"


def test_decimal_commas_between_cells_are_put_together_again_and_that_is_said():
    found, complaints = texts(f"{HEADED}Ada,0,7550,0,6803,-0,0407\n".encode(), ".csv")
    assert found == {"a3": "0,7550", "y3": "0,6803", "delta5": "-0,0407"}
    assert "decimal commas" in complaints[0]


def test_a_row_of_which_not_all_commas_are_plain_is_not_half_read():
    found, complaints = texts(f"{HEADED}Ada,0,7550,1,-0,0407\n".encode(), ".csv")
    assert found == {}
    assert "decimal commas without quotation marks? not read" in complaints[0]
