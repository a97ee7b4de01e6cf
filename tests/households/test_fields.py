"""Fields that all forms are made of, as browsers get them and as they are read; ids of rows in texts from outside."""

from datetime import date, time
from uuid import UUID, uuid4

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from households.fields import OnceForm, choose, day_field, number_field, reason_field, row_id, time_field, words_field


class VisitForm(OnceForm):
    day = day_field("日期")
    starts = time_field("开始")
    people = number_field("人数", least=1, most=500)
    text = words_field("内容", rows=2, most=5)
    reason = reason_field("原因")
    where = forms.ChoiceField()

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        choose(self, "where", ((code, name) for code, name in [("a", "甲"), ("b", "乙")]))


GIVEN = {
    "op_id": str(uuid4()),
    "day": "2026-10-31",
    "starts": "09:30",
    "people": "3",
    "text": "好",
    "reason": "下雨",
    "where": "b",
}


def faults(**changed: str) -> list[str]:
    return list(VisitForm(GIVEN | changed).errors)


def test_form_is_read_as_it_was_typed() -> None:
    form = VisitForm(GIVEN)
    assert form.is_valid(), form.errors
    read = form.cleaned_data
    assert (read["day"], read["starts"], read["people"], read["where"]) == (date(2026, 10, 31), time(9, 30), 3, "b")
    assert read["op_id"] == UUID(GIVEN["op_id"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("op_id", ""),
        ("op_id", "1"),
        ("day", "31.10."),
        ("people", "0"),
        ("people", "501"),
        ("text", "一二三四五六"),
        ("where", "c"),
    ],
)
def test_what_does_not_fit_is_told_by_name(name: str, value: str) -> None:
    assert faults(**{name: value}) == [name]


def test_browsers_get_calendar_clock_and_digits() -> None:
    html = VisitForm(initial={"day": date(2026, 1, 2), "starts": time(9, 5), "op_id": GIVEN["op_id"]}).as_p()
    for part in (
        'type="date" name="day" value="2026-01-02"',
        'type="time" name="starts" value="09:05"',
        'inputmode="numeric"',
    ):
        assert part in html
    assert f'<input type="hidden" name="op_id" value="{GIVEN["op_id"]}"' in html and ">乙</option>" in html


def test_number_without_limits_may_be_negative() -> None:
    assert number_field("积分", least=None).clean("-5") == -5
    with pytest.raises(forms.ValidationError):
        number_field("积分").clean("-5")


@given(st.integers(0, 10**18 - 1))
def test_id_of_a_row_comes_back(number: int) -> None:
    assert row_id(str(number)) == number


@pytest.mark.parametrize("text", ["", "-1", "1.0", "x", "１２", "9" * 19, "1\0", " 1"])
def test_text_that_names_no_row_is_none(text: str) -> None:
    assert row_id(text) is None


@given(st.text(max_size=25))
def test_id_fits_the_column_whatever_was_sent(text: str) -> None:
    number = row_id(text)
    assert number is None or 0 <= number < 2**63
