"""A province's node receives lines from its counties' servers, and nothing that is a household's."""

from collections.abc import Callable
from typing import Any

import pytest

from dongkou.models import ClosedMonth, PublishedDepartment
from dongkou.province.published import PUBLICATION, TABLES
from dongkou.province.reads import department_lines, months, own_line, province_month
from dongkou.province.receiving import leave, links, receive
from dongkou.province.summing import moved_months, sum_up
from households.codes import Level
from households.models import Division, Household
from households.refusals import Refused
from households.sql import column, rows
from scoring.models import DepartmentScore, DivisionScore
from scoring.rankings.rankings import ranking
from tests.dongkou.province.node import PROVINCE, Beside, url_of
from tests.waiting import until
from tests.world import COUNTY, MONTH, VILLAGE, World, build

pytestmark = pytest.mark.django_db(transaction=True)
OTHER = "430525"
OTHER_LINES = f"""
    INSERT INTO households_division (code, name, parent_id) VALUES
        ('{OTHER}', '洞口县', NULL), ('{OTHER}100', '文昌街道', '{OTHER}'), ('{OTHER}100001', '一村', '{OTHER}100');
    INSERT INTO households_division (code, name, parent_id) VALUES ('{OTHER}10000101', '一组', '{OTHER}100001');
    INSERT INTO scoring_divisionscore (month, code, active, households, total, adjustment, six_zero, events, as_of)
    SELECT '{MONTH}', code, 3, 3, 297, 0, 2, 1, now() FROM households_division;
    INSERT INTO households_department (code, name) VALUES ('LYJ', '林业局');
    INSERT INTO scoring_departmentscore (month, department_code, households, total, active, as_of)
    VALUES ('{MONTH}', 'LYJ', 3, 297, 3, now());
"""


def frozen() -> World:
    world = build()
    world.declare()
    world.freeze()
    return world


def received(node: Beside, *counties: str) -> None:
    """All of them have arrived."""
    with node.opened():
        until(lambda: [link.county for link in links() if link.is_well and link.copied] == sorted(counties))


def on(node: Beside, question: Callable[[], Any]) -> Any:
    with node.opened():
        return question()


def test_nothing_of_a_household_arrives(province: Beside) -> None:
    world = frozen()
    with province.opened():
        receive(COUNTY, url_of(connection_name()))
    received(province, COUNTY)
    told = sorted(code for code in Division.objects.values_list("code", flat=True) if len(code) <= 12)
    lines = [code for code in DivisionScore.objects.values_list("code", flat=True) if len(code) <= 12]
    assert world.county.code in told
    with province.opened():
        assert sorted(Division.objects.exclude(code=PROVINCE).values_list("code", flat=True)) == told
        assert sorted(DivisionScore.objects.values_list("code", flat=True)) == sorted(lines)
        assert not Household.objects.exists()
        filled = {table for table in column(TABLES_HERE) if rows(f'SELECT FROM "{table}" LIMIT 1')}
        assert filled == {table.name for table in TABLES}


TABLES_HERE = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"


def test_what_is_published_names_no_other_table_or_column(province: Beside) -> None:
    known = rows(
        "SELECT tablename, attnames::text[], rowfilter FROM pg_publication_tables WHERE pubname = %s", [PUBLICATION]
    )
    assert {name: sorted(names) for name, names, _ in known} == {one.name: sorted(one.columns) for one in TABLES}
    assert {name for name, _, rule in known if rule} == {"households_division", "scoring_divisionscore"}
    assert column("SELECT pubtruncate FROM pg_publication WHERE pubname = %s", [PUBLICATION]) == [False]


def connection_name() -> str:
    """The session's own database, also where another one is open."""
    from django.conf import settings

    return str(settings.DATABASES["default"]["NAME"])


def test_the_sixth_level_is_the_sum_and_follows(province: Beside, other_county: Beside) -> None:
    world = frozen()
    other_county.run(OTHER_LINES)
    own = DivisionScore.objects.get(month=MONTH, code=COUNTY)
    names = ("active", "households", "total", "six_zero", "events")
    with province.opened():
        receive(COUNTY, url_of(connection_name()))
        receive(OTHER, other_county.url)
    received(province, COUNTY, OTHER)
    with province.opened():
        assert moved_months() == [MONTH] and sum_up() == [MONTH] and sum_up() == []
        line = own_line(MONTH)
        assert line and tuple(getattr(line, name) for name in names) == tuple(
            getattr(own, name) + added for name, added in zip(names, (3, 3, 297, 2, 1), strict=True)
        )
        ranked = [(one.code, one.rank) for one in ranking(MONTH, Level.COUNTY, within=PROVINCE)]
        best_first = sorted([(own.total / own.households, COUNTY), (99, OTHER)], reverse=True)
        assert ranked == [(code, number) for number, (_, code) in enumerate(best_first, start=1)]
        assert {(one.cell, one.code) for one in department_lines(MONTH)} >= {(COUNTY, "LYJ"), (OTHER, "LYJ")}
    other_county.run(f"UPDATE scoring_divisionscore SET total = 200 WHERE code = '{OTHER}'")
    until(lambda: on(province, moved_months) == [MONTH])
    with province.opened():
        assert sum_up() == [MONTH]
        again = own_line(MONTH)
        assert again and again.total == line.total - 97
    assert world.county.code == COUNTY


def test_a_month_is_closed_once_every_county_has_frozen_it(province: Beside, other_county: Beside) -> None:
    frozen()
    other_county.run(OTHER_LINES)
    with province.opened():
        receive(COUNTY, url_of(connection_name()))
    received(province, COUNTY)
    with province.opened():
        sum_up()
        assert (months(everybody=True), province_month(MONTH).is_closed) == ([MONTH], True)
        receive(OTHER, other_county.url)
    received(province, COUNTY, OTHER)
    with province.opened():
        assert (months(everybody=True), months(everybody=False)) == ([], [MONTH])
        assert [bool(one.closed) for one in province_month(MONTH).counties if one.line.code == OTHER] == [False]


def test_a_node_begun_anew_has_the_same_lines(province: Beside) -> None:
    frozen()
    with province.opened():
        receive(COUNTY, url_of(connection_name()))
    received(province, COUNTY)
    with province.opened():
        sum_up()
        before = rows(EVERYTHING)
        with pytest.raises(Refused, match="已经在接收"):
            receive(COUNTY, url_of(connection_name()))
        leave(COUNTY, forget=True)
        assert rows(EVERYTHING) != before and PublishedDepartment.objects.count() == 0 == ClosedMonth.objects.count()
        receive(COUNTY, url_of(connection_name()))
    received(province, COUNTY)
    with province.opened():
        sum_up()
        assert rows(EVERYTHING) == before


EVERYTHING = """
    SELECT month, code, active, households, total, six_zero, events FROM scoring_divisionscore
    UNION ALL SELECT month, cell || code, active, households, total, 0, 0 FROM dongkou_publisheddepartment
    UNION ALL SELECT month, cell, version, 0, 0, 0, 0 FROM dongkou_closedmonth
    ORDER BY 1, 2
"""


def test_departments_and_frozen_months_are_told(province: Beside) -> None:
    """By triggers, so whoever writes the lines tells them."""
    world = build()
    world.declare()
    assert not ClosedMonth.objects.exists()
    world.freeze()
    lines = DepartmentScore.objects.filter(month=MONTH).values_list("department_code", "households", "total", "active")
    told = PublishedDepartment.objects.filter(cell=COUNTY, month=MONTH).values_list(
        "code", "households", "total", "active"
    )
    assert sorted(told) == sorted(lines) and lines
    assert [(one.cell, one.month, one.version) for one in ClosedMonth.objects.all()] == [(COUNTY, MONTH, 1)]
    DepartmentScore.objects.all().delete()
    assert not PublishedDepartment.objects.exists()


def test_refused_by_name(province: Beside, other_county: Beside, settings: Any) -> None:
    with province.opened():
        with pytest.raises(Refused, match="不是本省的县级代码"):
            receive("440101", other_county.url)
        with pytest.raises(Refused, match="连不上这个县的数据库"):
            receive(OTHER, "postgresql://nobody@127.0.0.1:1/none")
        with pytest.raises(Refused, match="没有在接收"):
            leave(OTHER)
    other_county.run(f"DROP PUBLICATION {PUBLICATION}")
    with province.opened():
        with pytest.raises(Refused, match="还没有向省里发布"):
            receive(OTHER, other_county.url)
        settings.PROVINCE = ""
        with pytest.raises(Refused, match="不是省级节点"):
            receive(OTHER, other_county.url)
    assert VILLAGE
