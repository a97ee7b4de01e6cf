"""Answers that are files: name, kind, and whether anybody keeps a copy."""

import json

import pytest
from django.http import Http404

from households.files.answers import attachment, json_file, shown, table

ROW = [{"name": "东山村"}]


@pytest.mark.parametrize(
    ("ending", "kind"),
    [("csv", "text/csv; charset=utf-8"), ("pdf", "application/pdf"), ("jpg", "image/jpeg"), ("zip", "application/zip")],
)
def test_ending_says_what_kind_it_is(ending: str, kind: str) -> None:
    answer = attachment(b"x", f"430525.{ending}")
    assert answer["Content-Type"] == kind
    assert answer["Content-Disposition"] == f'attachment; filename="430525.{ending}"'


def test_chinese_name_travels_by_its_bytes() -> None:
    name = attachment(b"x", "排名.csv")["Content-Disposition"]
    assert name == "attachment; filename*=utf-8''%E6%8E%92%E5%90%8D.csv"


def test_name_cannot_add_a_header() -> None:
    answer = attachment(b"x", 'a"; filename="b.pdf')
    assert answer["Content-Disposition"] == r'attachment; filename="a\"; filename=\"b.pdf"'


def test_what_is_shown_opens_in_the_browser() -> None:
    assert shown(b"x", "a.pdf")["Content-Disposition"] == 'inline; filename="a.pdf"'


def test_private_file_is_kept_by_nobody() -> None:
    answer = attachment(b"x", "a.pdf", private=True)
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("private, no-store", "noindex, noarchive")
    assert not attachment(b"x", "a.pdf").has_header("Cache-Control")


def test_table_is_csv_or_workbook() -> None:
    assert table("csv", {"name": "名称"}, ROW, name="村").content.decode() == "\ufeff名称\r\n东山村\r\n"
    assert table("xlsx", {"name": "名称"}, ROW, name="村").content[:2] == b"PK"


@pytest.mark.parametrize("form", ["", "pdf", "CSV", "csv "])
def test_no_other_form_is_found(form: str) -> None:
    with pytest.raises(Http404):
        table(form, {"name": "名称"}, ROW, name="村")


def test_json_is_readable_by_people_too() -> None:
    answer = json_file({"名称": "东山村"}, "a.json")
    assert json.loads(answer.content) == {"名称": "东山村"} and "东山村" in answer.content.decode()
