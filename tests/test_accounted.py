"""No number that stands as an answer does is lost without a word, and none counts that its own sheet takes back."""

import io
import json
import re

import pikepdf
import pytest
from making import flattened
from test_formats import filled, workbook
from test_styles import PROBLEMS, numbers, reading

from exercises.pages.worksheet_page import worksheet_pdf
from grader.files.read import read

SAID = "stands further down with another number"


def left(found):
    return [(piece.where, piece.text) for piece in found.left_over]


def test_an_answer_that_another_took_the_place_of_is_left_over(tmp_path):
    (found,) = reading("one", "a3 = 0.15\ny3 = 0.25\na3 = 0.35\n", ".txt", tmp_path).submissions
    assert numbers("one", found) == {"a3": "0.35", "y3": "0.25"}
    assert left(found) == [("line 1", "a3 = 0.15")]


def test_working_above_its_number_is_no_other_answer(tmp_path):
    (found,) = reading("one", "a3 = 0.15*0.2 + 0.7\na3 = 0.73\n", ".txt", tmp_path).submissions
    assert left(found) == []


def test_cells_that_no_column_has_a_place_for_are_left_over(tmp_path):
    rows = "quantity,value,other\na3,0.15,0.155\ny3,0.25,0.255\n"
    (found,) = reading("one", rows, ".csv", tmp_path).submissions
    assert {"0.155", "0.255"} <= {
        number for _, text in left(found) for number in text.replace(";", " ").split()
    }


def test_parts_of_a_sheet_are_no_students(tmp_path):
    rows = "part,name,value\nforward,a3,0.15\nforward,y3,0.25\nupdate,W13,0.35\ncheck run,a3,0.45\n"
    (found,) = reading("one", rows, ".csv", tmp_path).submissions
    assert numbers("one", found) == {"a3": "0.15", "y3": "0.25", "W13_new": "0.35", "a3_new": "0.45"}


def test_a_column_of_working_holds_no_students(tmp_path):
    rows = "Blatt;Rechnung;Ergebnis\na3;Summe;0.15\na4;Summe;0.25\ny3;;0.35\n"
    (found,) = reading("one", rows, ".csv", tmp_path).submissions
    assert numbers("one", found) == {"a3": "0.15", "a4": "0.25", "y3": "0.35"}


@pytest.mark.parametrize("said", ["sorry, typo. a3 = 0.35", "oops, I had it wrong, it is a3 = 0.35"])
def test_what_is_put_right_further_down_counts(said, tmp_path):
    (found,) = reading("one", f"a3 = 0.15\n{said}\n", ".txt", tmp_path).submissions
    assert numbers("one", found) == {"a3": "0.35"}


def test_a_number_taken_back_in_words_that_are_not_read_does_not_stand(tmp_path):
    found = reading("one", "a3 = 0.15\ny3 = 0.25\nnonsense above, rather a3 = 0.35\n", ".txt", tmp_path)
    assert numbers("one", found.submissions[0]) == {"y3": "0.25"}
    assert [c for c in found.complaints if SAID in c]
    assert ("line 1", "a3 = 0.15") in left(found.submissions[0])


def test_what_is_said_of_another_quantity_takes_nothing_back(tmp_path):
    text = "y5 = 0.15\nstrange derivative of the thing towards y5 = 0.35\nmy friend has y5 = 0.45\n"
    (found,) = reading("one", text, ".txt", tmp_path).submissions
    assert numbers("one", found) == {"y5": "0.15"}


def test_the_formula_of_a_line_tells_which_it_is(tmp_path):
    text = "y5(1 - y5) = 0.15\na1 = w13*x1 + w23*x2 + b3 = 0.25\n1 - y3 = 0.35\n"
    (found,) = reading("one", text, ".txt", tmp_path).submissions
    assert numbers("one", found) == {"dy5_da5": "0.15", "a3": "0.25"}


def test_a_name_beside_the_formula_of_a_line_that_it_is_not_made_from_is_left_over(tmp_path):
    text = "a4 = 0.25\na3 = w35*y3 + w45*y4 + b5 = 0.35\n"
    (found,) = reading("one", text, ".txt", tmp_path).submissions
    assert numbers("one", found) == {"a4": "0.25"}
    assert "0.35" in left(found)[0][1]


def test_long_arrows_part_answers(tmp_path):
    text = "dE/dW35 = delta5*y3 = 0.15  -->  W35 new = 0.4 - 0.6*(0.15) = 0.35\n"
    (found,) = reading("one", text, ".txt", tmp_path).submissions
    assert numbers("one", found) == {"dE_dW35": "0.15", "W35_new": "0.35"}


def test_a_list_of_an_empty_list_is_no_answer(tmp_path):
    assert reading("one", '{"answers": ["["]}', ".json", tmp_path).submissions == []


# --- whatever the form: answers under names that nobody knows ---

PLANTED = {"zork": "0.3137", "blob of it": "0.4271"}
KNOWN = {"a3": "0.1500", "y3": "0.2500", "a4": "0.3500", "y4": "0.4500"}
ALL = KNOWN | PLANTED


def wide(known=KNOWN):
    return [
        ["student", *known, *PLANTED],
        ["Ada", *known.values(), *PLANTED.values()],
        ["Bo", *known.values()],
    ]


def table(rows):
    return "".join(",".join(row) + "\n" for row in rows)


def by_row(*students):
    return table([["student", "line", "value"], *([s, *pair] for s in students for pair in ALL.items())])


def nested():
    return json.dumps(
        {"forward": KNOWN, "more": {"zork": float(PLANTED["zork"]), "list": [PLANTED["blob of it"]]}}
    )


def records():
    return json.dumps([{"line": name, "value": value} for name, value in ALL.items()])


def cells_of_code():
    code = "".join(f"{name.split()[0]} = {value}\n" for name, value in ALL.items())
    return json.dumps({"cells": [{"cell_type": "code", "source": code, "outputs": []}]})


LINES = "\n".join(f"{name} = {value}" for name, value in ALL.items())
FORMS = {
    "lines.txt": LINES,
    "wide.csv": table(wide()),
    "only strange columns.csv": table(wide({})),
    "more cells than headings.csv": "student,a3,y3\nAda,0.1500,0.2500,0.3137,0.4271\n",
    "no heading.csv": "student,a3,y3,,\nAda,0.1500,0.2500,0.3137,0.4271\n",
    "mostly strange.csv": table(
        [["line", "Ada", "Bo"], ["a3", "0.15", "0.25"], *([n, v, v] for n, v in PLANTED.items())]
    ),
    "a row an answer.csv": by_row("Ada", "Bo"),
    "a row an answer of one.csv": by_row("Ada"),
    "a column a student.csv": table([["line", "Ada", "Bo"], *([n, v, v] for n, v in ALL.items())]),
    "moodle.csv": f'First name,Last name,State,Response 1\nAda,A,Finished,"{LINES}"\n',
    "nested.json": nested(),
    "records.json": records(),
    "strange.json": json.dumps(PLANTED),
    "code.ipynb": cells_of_code(),
}


def accounted_for(found):
    """Each number that a reading tells of, with its place."""
    kept = {text for s in found.submissions for text in s.texts.values()}
    pieces = [*found.left_over, *(piece for s in found.submissions for piece in s.left_over)]
    assert all(piece.where for piece in pieces)
    return kept | {number for piece in pieces for number in re.findall(r"\d\.\d+", piece.text)}


@pytest.mark.parametrize("name", FORMS)
def test_every_number_is_read_or_left_over_with_its_place(name, tmp_path):
    found = reading("one", FORMS[name], name[name.index(".") :], tmp_path)
    assert set(PLANTED.values()) <= accounted_for(found)
    assert not {"0.3137", "0.4271"} & {text for s in found.submissions for text in s.texts.values()}


def test_every_number_in_a_workbook_is_read_or_left_over(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(wide()))
    found = read(path, PROBLEMS["one"])
    assert set(ALL.values()) <= accounted_for(found)
    assert [s.student for s in found.submissions] == ["Ada", "Bo"]


def written_on(data, *lines):
    """A PDF with some more lines of text on its first page."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        page = pdf.pages[0]
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        name = page.add_resource(pdf.make_indirect(font), pikepdf.Name.Font)
        shown = " ".join(
            f"BT {name} 9 Tf 300 {20 + 12 * n} Td ({line}) Tj ET" for n, line in enumerate(lines)
        )
        page.contents_add(shown.encode(), prepend=True)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def test_what_stands_on_a_worksheet_beside_its_fields_is_left_over(tmp_path):
    sheet = filled(worksheet_pdf(PROBLEMS["one"]), KNOWN)
    path = tmp_path / "a.pdf"
    path.write_bytes(flattened(sheet))
    (plain,) = read(path, PROBLEMS["one"]).submissions
    assert (numbers("one", plain), plain.left_over) == (KNOWN, ())
    path.write_bytes(written_on(flattened(sheet), "zork 0.3137", "blob of it: 0.4271"))
    found = read(path, PROBLEMS["one"])
    assert numbers("one", found.submissions[0]) == KNOWN
    assert set(ALL.values()) <= accounted_for(found)


def test_fields_with_names_that_nobody_knows_are_left_over(tmp_path):
    path = tmp_path / "a.pdf"
    with pikepdf.open(
        io.BytesIO(filled(worksheet_pdf(PROBLEMS["one"]), ALL | {"a5": "0.3137", "y5": "0.4271"}))
    ) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            if str(field.get("/T", "")) in {"a5", "y5"}:
                field.T = f"zork {field.T}x"
        pdf.save(path)
    found = read(path, PROBLEMS["one"])
    assert set(ALL.values()) <= accounted_for(found)


def placed(data, known):
    """A PDF on whose pages the answers are drawn over the fields, which stay blank."""
    out = flattened(filled(data, known))
    with pikepdf.open(io.BytesIO(data)) as form, pikepdf.open(io.BytesIO(out)) as drawn:
        for page, other in zip(form.pages, drawn.pages, strict=True):
            page.obj.Contents = form.copy_foreign(other.obj.Contents)
            page.obj.Resources = form.copy_foreign(other.obj.Resources)
        saved = io.BytesIO()
        form.save(saved)
    return saved.getvalue()


def test_text_put_on_a_page_whose_form_is_still_there_is_read_or_left_over(tmp_path):
    path, sheet = tmp_path / "a.pdf", worksheet_pdf(PROBLEMS["one"])
    path.write_bytes(placed(sheet, KNOWN))
    (found,) = read(path, PROBLEMS["one"]).submissions
    assert (numbers("one", found), found.left_over) == (KNOWN, ())
    path.write_bytes(written_on(filled(sheet, KNOWN), "zork 0.3137", "blob of it: 0.4271"))
    found = read(path, PROBLEMS["one"])
    assert numbers("one", found.submissions[0]) == KNOWN
    assert set(ALL.values()) <= accounted_for(found)
