"""The county board: who sees what, the same figures on the page, in files and over HTTP, and what it never points to."""

import io
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from households.models import Division
from households.roles import Role
from petitions.board.board import BoardLine, board, unit_board, view_for
from petitions.board.figures import COLUMNS, told
from petitions.board.files import DEFINITIONS, HEAD, rows_of
from petitions.board.periods import BoardPeriod, between, year_to_date
from petitions.cases.actions.merging import classify
from petitions.models import AnswerRow, Petition
from petitions.shares import percent
from petitions.steps import closing
from petitions.tallies.rows import recount
from tests import copies, downloads
from tests.answers import whole
from tests.petitions.board.board_by_loops import by_loops
from tests.petitions.desk import LUOPING, LYJ, SLJ, Desk
from tests.petitions.thousands import plant
from tests.world import COUNTY, World

pytestmark = pytest.mark.django_db
MAX_QUERIES = 12
PLANTED = 60


def make(world: World) -> None:
    """Sixty old ones, and today's: of every channel, for two departments and a township, rated, reopened, accused."""
    desk = Desk(world)
    plant(PLANTED)
    for score in ("satisfied", "fair", "unsatisfied", "satisfied"):
        rate(desk.closed(), score)
    desk.answered(channel="net", way="hotline")
    desk.assigned(LUOPING, channel="enterprise", way="enterprise", enterprise="某厂")
    desk.assign(desk.accept(desk.accusation(LYJ)), SLJ)
    reopened = desk.confirmed()
    closing.reopen(op_id=uuid4(), petition=reopened, by=desk.office, note="没有好")


def rate(petition: Any, score: str) -> None:
    for subject in ("office", "unit"):
        closing.rate(op_id=uuid4(), petition=petition, by=None, subject=subject, score=score)


def op() -> Any:
    from uuid import uuid4

    return uuid4()


@pytest.fixture
def desk(world: World) -> Desk:
    copies.scene("petition-board", lambda: make(world))
    return Desk(world)


@pytest.fixture
def today() -> BoardPeriod:
    return year_to_date(timezone.localdate())


def page(desk: Desk, who: Any, **query: str) -> Any:
    answer = desk.world.client(who).get(reverse("petition-board"), query)
    assert answer.status_code == 200
    return answer


def led_by(unit: str) -> Any:
    return lambda petition, lead: lead == unit and not petition.is_accusation


def test_county_figures_are_those_of_the_histories(desk: Desk, today: BoardPeriod) -> None:
    found = board(today, COUNTY)
    assert found.total.now == by_loops(today)
    assert found.total.before == by_loops(today.before)


@pytest.mark.parametrize("unit", [LYJ, SLJ, LUOPING])
def test_unit_line_is_that_of_the_histories_without_accusations(desk: Desk, today: BoardPeriod, unit: str) -> None:
    [line] = [line for line in board(today, COUNTY).units if line.code == unit]
    assert (line.now, line.before) == (by_loops(today, led_by(unit)), by_loops(today.before, led_by(unit)))
    assert unit_board(today, COUNTY, unit, "").total.now == line.now


@pytest.mark.parametrize("field", ["channels", "kinds"])
def test_channels_and_kinds_add_up_to_the_county(desk: Desk, today: BoardPeriod, field: str) -> None:
    found = board(today, COUNTY)
    for side in ("now", "before"):
        parts = [told(line.side(side)) for line in getattr(found, field)]
        whole = told(found.total.side(side))
        assert all(
            sum(part[name] for part in parts) == whole[name]
            for name in COLUMNS
            if not name.endswith(("rate", "response"))
        )


def test_months_add_up_to_the_year(desk: Desk) -> None:
    day = timezone.localdate()
    last = between(
        day.replace(year=day.year - 1, month=1, day=1), day.replace(year=day.year - 1, month=12, day=31), day
    )
    found = board(last, COUNTY)
    assert sum(one.now.taken for one in found.months) == found.total.now.taken
    assert sum(one.now.due for one in found.months) == found.total.now.due


def test_month_of_the_year_to_date_is_that_month_alone(desk: Desk, today: BoardPeriod) -> None:
    day = timezone.localdate()
    alone = board(between(day.replace(day=1), day, day), COUNTY)
    assert board(today, COUNTY).months[day.month - 1].now == alone.total.now


def test_accusation_counts_in_the_county_alone(desk: Desk, today: BoardPeriod) -> None:
    before = board(today, COUNTY)
    desk.assign(desk.accept(desk.accusation(LYJ)), SLJ)
    after = board(today, COUNTY)
    assert after.total.now.taken == before.total.now.taken + 1
    assert after.units == before.units
    assert unit_board(today, COUNTY, SLJ, "") == unit_board(today, COUNTY, SLJ, "")


def test_petition_that_becomes_an_accusation_leaves_the_unit(desk: Desk, today: BoardPeriod) -> None:

    petition = desk.answered()
    [line] = [line for line in board(today, COUNTY).departments if line.code == LYJ]
    classify(op_id=uuid4(), petition=petition, by=desk.office, content="accusation")
    [after] = [line for line in board(today, COUNTY).departments if line.code == LYJ]
    assert after.now.answers == line.now.answers - 1


def test_every_step_shows_at_once(desk: Desk, today: BoardPeriod) -> None:
    before = board(today, COUNTY).total.now
    rate(desk.answered(), "fair")
    after = board(today, COUNTY).total.now
    assert (after.taken, after.answers, after.unit_fair) == (before.taken + 1, before.answers + 1, before.unit_fair + 1)


def test_recount_shows_at_once(desk: Desk, today: BoardPeriod) -> None:
    before = board(today, COUNTY).total.now
    with connection.cursor() as cursor:
        cursor.execute("UPDATE petitions_answerrow SET unit = ''")
    assert board(today, COUNTY).total.now == before  # nothing has gone on, so nothing is counted
    cache.clear()
    assert board(today, COUNTY).total.now.unit_rated == 0
    recount()
    assert board(today, COUNTY).total.now == before


def test_remembered_board_is_the_counted_one(desk: Desk, today: BoardPeriod) -> None:
    rate(desk.answered(), "fair")
    counted = board(today, COUNTY)
    assert counted.departments
    assert board(today, COUNTY) == counted is not board(today, COUNTY)


def test_other_county_has_nothing(desk: Desk, today: BoardPeriod) -> None:
    assert board(today, "430525").total.now.is_empty
    assert board(today, "430525").units == []


@pytest.mark.parametrize("role", [Role.PETITION_OFFICE, Role.COUNTY_OFFICE])
def test_offices_see_every_unit(desk: Desk, role: str) -> None:
    answer = page(desk, role)
    assert {line.name for line in answer.context["view"].departments} == {"林业局", "水利局"}
    assert [line.name for line in answer.context["view"].townships] == ["罗坪乡", "壶瓶乡"]
    assert answer.context["own"] is None


@pytest.mark.parametrize(
    ("role", "name", "other"), [(Role.DEPARTMENT, "林业局", "水利局"), (Role.TOWNSHIP, "罗坪乡", "林业局")]
)
def test_unit_sees_the_county_and_its_own_line(
    desk: Desk, role: str, name: str, other: str, today: BoardPeriod
) -> None:
    answer = page(desk, role)
    html = answer.content.decode()
    assert name in html and other not in html
    assert answer.context["view"].board.total.now == by_loops(today)
    assert answer.context["own"].total.now == by_loops(today, led_by(LYJ if role == Role.DEPARTMENT else LUOPING))


def test_everybody_reads_the_same_county_figures(desk: Desk) -> None:
    seen = [page(desk, role).context["headlines"] for role in (Role.PETITION_OFFICE, Role.DEPARTMENT, Role.TOWNSHIP)]
    assert seen[0] == seen[1] == seen[2]


@pytest.mark.parametrize("role", [Role.CADRE, Role.AUDITOR, Role.SUPERVISOR])
def test_others_see_no_board(desk: Desk, role: str) -> None:
    for name in ("petition-board", "api-petition-board"):
        answer = desk.world.client(role).get(reverse(name))
        assert answer.status_code == 403
        assert "林业局" in whole(desk.world.client(desk.office).get(reverse(name)))
        assert "林业局" not in whole(answer)


def test_page_says_what_is_counted_how(desk: Desk) -> None:
    html = page(desk, desk.office).content.decode()
    assert all(name in html and words in html for name, words in DEFINITIONS)
    assert "检举控告只计入全县合计" in html


def test_page_shows_no_title_number_or_name(desk: Desk) -> None:
    for role in (Role.PETITION_OFFICE, Role.DEPARTMENT):
        html = page(desk, role).content.decode()
        assert "门前的路" not in html and "张三丰" not in html and "430726-20" not in html


def test_few_ratings_are_not_told(desk: Desk) -> None:
    township = desk.world.user(Role.TOWNSHIP)
    petition = desk.assigned(LUOPING)
    desk.answer(desk.handle(petition, by=township), by=township)
    rate(petition, "unsatisfied")
    day = AnswerRow.objects.filter(petition=petition).get().answered_on
    query = {"period": f"{day:%Y-%m}"}
    shown = page(desk, desk.office, **query).content.decode()
    assert "样本少" in shown and "样本少" in page(desk, Role.TOWNSHIP, **query).content.decode()
    sent = desk.world.client(desk.office).get(reverse("api-petition-board"), {"from": f"{day}", "to": f"{day}"}).json()
    [line] = [line for line in sent["townships"] if line["code"] == LUOPING]
    assert (line["now"]["answers"], line["now"]["unit_rated"], line["now"]["unit_rate"]) == (1, None, None)


@pytest.mark.parametrize("period", ["", "2026", "2025", "2025-02"])
def test_every_period_can_be_read(desk: Desk, period: str) -> None:
    if period > f"{timezone.localdate():%Y-%m}":
        pytest.skip("lies ahead")
    assert page(desk, desk.office, period=period).context["asked"] == period


@pytest.mark.parametrize("period", ["2999", "x", "2025-13", "'"])
def test_no_period_is_not_found(desk: Desk, period: str) -> None:
    answer = desk.world.client(desk.office).get(reverse("petition-board"), {"period": period})
    assert answer.status_code == 404
    assert "2026-10" in answer.content.decode() or "没有到" in answer.content.decode()


def test_unknown_file_is_not_found(desk: Desk) -> None:
    answer = desk.world.client(desk.office).get(reverse("petition-board"), {"format": "pdf"})
    assert answer.status_code == 404
    assert "Content-Disposition" not in answer and "林业局" not in whole(answer)


def files(desk: Desk, who: Any) -> tuple[list[dict[str, str]], list[list[Any]]]:
    answer = desk.world.client(who).get(reverse("petition-board"), {"format": "csv"})
    book = desk.world.client(who).get(reverse("petition-board"), {"format": "xlsx"}).content
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_name("数据").to_python()
    return downloads.rows_of(answer, HEAD | COLUMNS), sheet


@pytest.mark.parametrize("role", [Role.PETITION_OFFICE, Role.DEPARTMENT])
def test_files_hold_the_figures_of_the_view(desk: Desk, today: BoardPeriod, role: str) -> None:
    rows = list(rows_of(view_for(desk.world.user(role), today, COUNTY)))
    lines, sheet = files(desk, role)
    assert lines == [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]
    assert len(sheet) == len(rows) + 1
    numbers = [[row[name] for name in COLUMNS] for row in rows]
    assert [[None if cell == "" else cell for cell in line[4:]] for line in sheet[1:]] == numbers


def test_files_are_guarded_against_formulas(desk: Desk, today: BoardPeriod) -> None:
    Division.objects.filter(code=LUOPING.partition(":")[2]).update(name="=1+1")
    lines, sheet = files(desk, Role.PETITION_OFFICE)
    assert "'=1+1" in [line["name"] for line in lines] and "=1+1" in [line[2] for line in sheet]


def test_interface_holds_the_figures_of_the_page(desk: Desk, today: BoardPeriod) -> None:
    sent = desk.world.client(desk.office).get(reverse("api-petition-board")).json()
    view = view_for(desk.office, today, COUNTY)
    assert sent["total"]["now"] == told(view.board.total.now)
    assert [line["before"] for line in sent["channels"]] == [told(line.before) for line in view.board.channels]
    assert [line["now"] for line in sent["departments"]] == [told(line.now, of_unit=True) for line in view.departments]
    assert (sent["first"], sent["last"]) == (today.first.isoformat(), today.last.isoformat())


def test_page_shows_the_rates_of_the_interface(desk: Desk) -> None:
    rates = desk.world.client(desk.office).get(reverse("api-petition-board")).json()["total"]["now"]
    html = page(desk, desk.office).content.decode()
    assert all(percent(rates[name]) in html for name in ("reply_rate", "keep_rate", "accept_rate", "unit_rate"))


def test_interface_gives_a_unit_its_own_line_alone(desk: Desk) -> None:
    sent = desk.world.client(Role.DEPARTMENT).get(reverse("api-petition-board")).json()
    assert (sent["departments"], sent["townships"]) == ([], [])
    assert sent["own"]["total"]["name"] == "林业局"
    assert "水利局" not in json.dumps(sent, ensure_ascii=False)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"from": "x"}, 400),
        ({"from": "2999-01-01"}, 422),
        ({"from": "2020-01-01", "to": "2022-01-01"}, 422),
        ({"to": "2025-05-31"}, 200),
    ],
)
def test_interface_takes_days(desk: Desk, query: dict[str, str], status: int) -> None:
    answer = desk.world.client(desk.office).get(reverse("api-petition-board"), query)
    assert answer.status_code == status
    if status == 200:
        assert (answer.json()["first"], answer.json()["last"]) == ("2025-01-01", "2025-05-31")


def test_every_year_with_petitions_can_be_chosen(desk: Desk) -> None:
    desk.file(at=timezone.now() - timedelta(days=366 * 4))
    first = timezone.localdate(Petition.objects.earliest("filed_at").filed_at).year
    assert f'<option value="{first}"' in page(desk, Role.PETITION_OFFICE).content.decode()


def test_a_month_of_long_ago_stays_chosen(desk: Desk) -> None:
    assert (
        '<option value="2019-05" selected>2019年5月'
        in page(desk, Role.PETITION_OFFICE, period="2019-05").content.decode()
    )


@pytest.mark.parametrize("role", [Role.PETITION_OFFICE, Role.COUNTY_OFFICE, Role.DEPARTMENT, Role.TOWNSHIP])
@pytest.mark.parametrize("remembered", [True, False])
def test_board_costs_few_queries(desk: Desk, role: str, remembered: bool) -> None:
    client = desk.world.client(role)
    client.get(reverse("petition-board"))
    if not remembered:
        cache.clear()
    with CaptureQueriesContext(connection) as caught:
        client.get(reverse("petition-board"))
    assert len(caught) <= MAX_QUERIES, [query["sql"][:200] for query in caught]


def test_empty_county_has_a_board(world: World) -> None:
    answer = world.client(Role.PETITION_OFFICE).get(reverse("petition-board"))
    assert "这两期还没有由它们答复或到期的件" in answer.content.decode()
    assert answer.context["headlines"][1].text == "—"


def test_board_of_last_month_does_not_change_with_today(desk: Desk) -> None:
    day = timezone.localdate().replace(day=1) - timedelta(days=1)
    month = between(day.replace(day=1), day, timezone.localdate())
    before = board(month, COUNTY).total.now
    desk.file(at=timezone.now())
    assert board(month, COUNTY).total.now == before


def test_line_knows_its_sides() -> None:
    line = BoardLine("net", "网")
    assert line.side("now") is line.now and line.side("before") is line.before
