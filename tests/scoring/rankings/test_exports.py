"""Files of rankings: the rows of the screen, with the filter, the month, the time and the state in them."""

import io
import re
from types import SimpleNamespace
from urllib.parse import unquote

import pytest
from django.http import HttpResponse
from python_calamine import CalamineWorkbook

from households.codes import Level
from households.models import Division
from households.roles import Role
from scoring.models import DivisionScore
from scoring.rankings import files, files_departments
from scoring.rankings.columns import as_dicts, to_csv
from scoring.rankings.rankings import ranking
from tests import downloads
from tests.world import COUNTY, MONTH, STRANGE, TOWNSHIP, VILLAGE, World

VILLAGES = f"/rankings/{MONTH}/village/"
DESIGN_13 = [
    "code",
    "name",
    "households",
    "coverage",
    "total",
    "result",
    "six_zero_households",
    "rank",
    "previous_rank",
]


def get(world: World, path: str, role: str = Role.COUNTY_OFFICE) -> HttpResponse:
    response = world.client(role).get(path)
    assert response.status_code == 200
    return response


def rows_of(response: HttpResponse, level: str = "village") -> list[dict[str, str]]:
    return downloads.rows_of(response, files.columns_of(SimpleNamespace(level=level)))


def sheets_of(response: HttpResponse) -> tuple[list[list[object]], dict[str, str]]:
    """(the data sheet's rows, the notes by name)."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    notes = {str(name): str(value) for name, value in book.get_sheet_by_name("说明").to_python()}
    return book.get_sheet_by_name("数据").to_python(), notes


def number(text: str) -> float:
    return float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)


def name_of(response: HttpResponse) -> str:
    return unquote(response["Content-Disposition"].split("filename*=utf-8''")[1])


def on_screen(page: str) -> list[tuple[str, str, str]]:
    """(rank, name, result) of every line of the page."""
    lines = re.findall(r"<tr data-find.*?</tr>", page, re.DOTALL)
    cells = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", line, re.DOTALL)[:3] for line in lines]
    return [tuple(re.sub(r"<small>.*?</small>|<[^>]+>", "", cell).strip() for cell in row) for row in cells]


@pytest.mark.parametrize(
    "query",
    ["", "?q=西河", "?q=西　河•", "?sort=events", f"?within={TOWNSHIP}", f"?within={TOWNSHIP}&q=东山&sort=code"],
)
def test_file_holds_the_rows_of_the_screen_in_its_order(eventful: World, query: str) -> None:
    sign = "&" if query else "?"
    screen = on_screen(get(eventful, VILLAGES + query).content.decode())
    rows = rows_of(get(eventful, f"{VILLAGES}{query}{sign}format=csv"))
    assert [(row["rank"] or "暂定", row["name"], row["result"] or "未评") for row in rows] == screen
    assert screen


def test_file_agrees_with_the_interface_and_the_command_columns(eventful: World) -> None:
    rows = rows_of(get(eventful, f"{VILLAGES}?format=csv"))
    answer = eventful.client(Role.COUNTY_OFFICE).get(f"/api/v1/rankings/{MONTH}/village/").json()
    agreed = [{key: "" if line[key] is None else str(line[key]) for key in DESIGN_13} for line in answer]
    assert [{key: row[key] for key in DESIGN_13} for row in rows] == agreed
    assert list(rows[0])[: len(DESIGN_13)] == DESIGN_13


def test_workbook_holds_the_same_values_as_the_csv(eventful: World) -> None:
    rows = rows_of(get(eventful, f"{VILLAGES}?format=csv"))
    data, _ = sheets_of(get(eventful, f"{VILLAGES}?format=xlsx"))
    assert len(data) == len(rows) + 1
    for cells, row in zip(data[1:], rows, strict=True):
        for cell, text in zip(cells, row.values(), strict=True):
            assert cell == text or float(cell) == number(text)


def test_workbook_says_what_it_is(eventful: World) -> None:
    data, notes = sheets_of(get(eventful, f"{VILLAGES}?within={TOWNSHIP}&q=东山&sort=coverage&format=xlsx"))
    assert data[0][:3] == ["代码", "名称", "已评户数"]
    assert notes["月份"] == MONTH
    assert notes["范围"] == "石门县 › 罗坪乡"
    assert (notes["查找"], notes["排序"], notes["条数"]) == ("东山", "覆盖率", "1 / 2")
    assert notes["状态"] == "已评齐"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", notes["数据截至"])


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_file_name_holds_place_month_state_and_time(eventful: World, form: str) -> None:
    name = name_of(get(eventful, f"{VILLAGES}?format={form}"))
    assert re.fullmatch(rf"石门县-2024年5月-村排名-暂定-截至\d{{8}}T\d{{6}}\.{form}", name), name


def test_file_of_a_frozen_month_says_so(eventful: World) -> None:
    eventful.freeze()
    assert "-已锁定-" in name_of(get(eventful, f"{VILLAGES}?format=csv"))


def test_file_of_archived_ranking_names_its_version_and_digest(eventful: World) -> None:
    eventful.freeze()
    archived = f"{VILLAGES}kept/1/?within={COUNTY}"
    assert "已锁定第1版" in name_of(get(eventful, f"{archived}&format=csv"))
    _, notes = sheets_of(get(eventful, f"{archived}&format=xlsx"))
    assert len(notes["摘要 SHA-256"]) == 64


def test_formulas_in_names_stay_text(eventful: World) -> None:
    Division.objects.filter(code=VILLAGE).update(name='=HYPERLINK("http://x","东山村")')
    rows = rows_of(get(eventful, f"{VILLAGES}?format=csv"))
    assert '\'=HYPERLINK("http://x","东山村")' in [row["name"] for row in rows]
    data, _ = sheets_of(get(eventful, f"{VILLAGES}?format=xlsx"))
    assert '=HYPERLINK("http://x","东山村")' in [row[1] for row in data]


def test_lines_of_a_ranking_have_the_agreed_columns(eventful: World) -> None:
    lines = ranking(MONTH, Level.VILLAGE, within=COUNTY)
    assert [list(row) for row in as_dicts(lines)] == [DESIGN_13] * 3
    assert to_csv(lines).splitlines()[0] == ",".join(DESIGN_13)


def test_groups_outside_the_own_subtree_are_not_in_the_file(eventful: World) -> None:
    rows = rows_of(get(eventful, f"/rankings/{MONTH}/group/?format=csv", Role.CADRE), "group")
    assert {row["code"][:12] for row in rows} == {VILLAGE}
    assert DivisionScore.objects.filter(month=MONTH, code__startswith=STRANGE).exists()


def test_departments_file_holds_the_rows_of_the_screen(eventful: World) -> None:
    rows = downloads.rows_of(get(eventful, f"/departments/rankings/{MONTH}/?format=csv"), files_departments.COLUMNS)
    assert [(row["code"], row["result"], row["rank"], row["state"]) for row in rows] == [
        ("LYJ", "97.78", "1", ""),
        ("SLJ", "", "", "暂定"),
    ]
    assert rows[0]["divisions"] == "东山村（2）；西河村（1）"


def test_departments_workbook_says_what_it_is(eventful: World) -> None:
    response = get(eventful, f"/departments/rankings/{MONTH}/?q=林业&format=xlsx")
    data, notes = sheets_of(response)
    assert [row[1] for row in data] == ["名称", "林业局"]
    assert (notes["月份"], notes["查找"]) == (MONTH, "林业")
    assert name_of(response).startswith("2024年5月-县直部门排名-已评齐-截至")
