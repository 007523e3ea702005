"""No number that stands as an answer does is lost without a word, and none counts that its own sheet takes back."""

import pytest
from test_styles import numbers, reading

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
