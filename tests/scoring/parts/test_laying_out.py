"""Household scores by month: every month gets a part of its own by itself, and what asks of one month reads one part."""

from datetime import date

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from dongkou.acting import acting_as
from dongkou.database_roles import grant
from dongkou.doctor.findings import DoctorVerdict
from dongkou.doctor.growing import months
from dongkou.growth.measuring import measured
from households.codes import code_range
from households.months import last_day, month_of, shift
from households.sql import column, rows, run
from scoring.checks.scores import OF_A_MONTH
from scoring.checks.verify import verify
from scoring.ledger.lots import YEARS_GOOD
from scoring.models import HouseholdScore
from scoring.parts.actions import lay_out
from scoring.parts.reads import in_rest
from scoring.parts.rules import YEARS_KEPT, archivable_before, part_of, sentence
from scoring.rollup import rollup, statements
from scoring.rules import BASE, BONUS_CAP
from scoring.tasks import lay_out_months
from scoring.villager.row_statement import ROW
from tests import migrating
from tests.acting import administrator
from tests.scoring.parts.laid import parts, touched, without_part
from tests.scoring.restatements.adjusting import FIRST, GROUP
from tests.together import together
from tests.world import MONTH, VILLAGE, World

REST = "scoring_householdscore_rest"


def stored() -> list[tuple[object, ...]]:
    return list(HouseholdScore.objects.order_by("month", "code").values_list())


def test_a_month_is_kept_as_long_as_its_points_are_good() -> None:
    assert YEARS_KEPT == YEARS_GOOD
    assert archivable_before(date(2026, 1, 1)) == archivable_before(date(2026, 12, 31)) == "2025-01"
    assert "2024年5月" in sentence("2024-05") and part_of("2024-05") == "scoring_householdscore_2024_05"


@pytest.mark.django_db
def test_months_to_come_have_their_parts_beforehand() -> None:
    lay_out()
    now = month_of(timezone.localdate())
    assert {part_of(shift(now, ahead)) for ahead in range(3)} <= set(parts())
    assert lay_out().months == []


@pytest.mark.django_db
def test_month_without_a_part_is_entered_all_the_same_and_given_one(frozen: World) -> None:
    before = stored()
    assert before and in_rest() == [MONTH] and part_of(MONTH) not in parts()
    [told] = months()
    assert (told.health, told.told) == (DoctorVerdict.LOOK, f"{MONTH} 等 1 个月还没有分开存放")
    assert lay_out_months() == {"months": 1}
    assert stored() == before and [one.health for one in months()] == [DoctorVerdict.WELL]
    assert column(f"SELECT count(*) FROM {part_of(MONTH)}") == [len(before)]
    assert verify(MONTH) == []
    rolled = rollup.roll_up(MONTH, full=True)
    assert (rolled.households, stored()) == (0, before)


@pytest.mark.django_db
def test_part_refuses_what_the_table_refuses(world: World) -> None:
    world.declare()
    rollup.roll_up(MONTH)
    lay_out()
    first = HouseholdScore.objects.filter(month=MONTH).order_by("code").values_list("code").first()
    with pytest.raises(IntegrityError), transaction.atomic():
        HouseholdScore.objects.filter(month=MONTH).update(score=121)
    with pytest.raises(IntegrityError), transaction.atomic():
        HouseholdScore.objects.create(month=MONTH, code=first[0], score=1, bonus=0, broken=0)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["HOUSEHOLDS", "GROUPS", "RESTATED_HOUSEHOLDS", "RESTATED_GROUPS"], ids=str.lower)
def test_roll_up_of_a_village_touches_one_part(frozen: World, name: str) -> None:
    lay_out()
    sql = getattr(statements, name)
    sql = sql if "MERGE" in sql or "UPDATE" in sql else f"{sql} SELECT * FROM fresh"
    params = {
        "month": MONTH,
        "last_day": last_day(MONTH),
        "shares": rollup.shares(MONTH),
        "base": BASE,
        "cap": BONUS_CAP,
    }
    assert touched(sql, params | code_range(VILLAGE)._asdict() | {"level": 14}) == {part_of(MONTH)}


@pytest.mark.django_db
def test_checks_of_a_month_touch_one_part(frozen: World) -> None:
    lay_out()
    params = {"month": MONTH, "last_day": last_day(MONTH), "archived": False}
    params |= {"behind": [], "townships": [], "departments": []}
    asked = [one for one in OF_A_MONTH if "scoring_householdscore" in one.sql]
    assert len(asked) == 5
    assert {one.name: touched(one.sql, params) for one in asked} == {one.name: {part_of(MONTH)} for one in asked}


@pytest.mark.django_db
def test_households_page_names_its_months_when_it_runs(frozen: World) -> None:
    """Planned once, it would open every part there is."""
    assert "scoring_householdscore" not in ROW.sql and ROW.sql.count("scoring_scores(") == 2
    lay_out()
    for code in (FIRST, GROUP):
        rest = HouseholdScore.objects.filter(month=MONTH, code__startswith=code)
        asked = rows("SELECT * FROM scoring_scores(%s, %s, %s)", [[MONTH, "2023-01"], code, f"{code}:"])
        assert sorted(asked) == sorted(rest.values_list("month", "score", "broken")) != []


@pytest.mark.django_db
def test_application_lays_out_and_does_nothing_else_to_tables(frozen: World) -> None:
    """The statements begin as the product's do, so they are the application's."""
    for statement in (f"SELECT scoring_give_part('{MONTH}')", "SELECT scoring_give_part('1999-01')"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            column(statement)
    assert column("SELECT scoring_lay_out()") == [MONTH]


@pytest.mark.django_db
def test_nonsense_is_no_month(world: World) -> None:
    with pytest.raises(Exception, match="not a month"), transaction.atomic():
        run("DO $$ BEGIN PERFORM scoring_give_part('2024-13'); END $$")


@pytest.mark.django_db
def test_growth_shows_one_table(frozen: World) -> None:
    before = measured()
    lay_out()
    after = measured()
    assert sorted(before) == sorted(after) and [
        name for name in after if name.startswith("scoring_householdscore")
    ] == ["scoring_householdscore"]
    assert after["scoring_householdscore"][1] > before["scoring_householdscore"][1] > 0


@pytest.mark.django_db
def test_migration_takes_rows_over_without_copying_and_gives_them_back(frozen: World) -> None:
    before = stored()
    lay_out()
    with migrating.before("scoring", "0032_score_parts"):
        with administrator(), connection.cursor() as cursor:
            grant(cursor)
        assert column("SELECT relkind FROM pg_class WHERE relname = 'scoring_householdscore'") == ["r"]
        assert stored() == before
        file = column("SELECT pg_relation_filenode('scoring_householdscore')")
    assert stored() == before and in_rest() == [MONTH]
    assert column(f"SELECT pg_relation_filenode('{REST}')") == file
    assert lay_out().months == [MONTH] and stored() == before


@pytest.mark.django_db(transaction=True)
def test_whoever_reads_for_long_is_left_alone(world: World) -> None:
    world.frozen_once()
    with without_part(MONTH):
        other = connection.copy()
        try:
            other.set_autocommit(False)
            with other.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM scoring_householdscore")
            assert lay_out() == (laid := lay_out()) and laid.busy and laid.months == []
            assert in_rest() == [MONTH]
        finally:
            other.close()
        assert lay_out().months == [MONTH] and in_rest() == []


@pytest.mark.django_db(transaction=True)
def test_two_at_once_lay_out_once(world: World) -> None:
    world.frozen_once()
    with without_part(MONTH):
        assert together(lay_out, lay_out)
        assert in_rest() == [] and parts().count(part_of(MONTH)) == 1


@pytest.mark.django_db(transaction=True)
def test_planner_learns_of_the_part_alone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = f"SELECT relname, reltuples FROM pg_class WHERE relname IN ('scoring_householdscore', '{part_of(MONTH)}')"
    monkeypatch.setattr(rollup, "MANY", 1)
    with without_part(MONTH):
        with acting_as("owner"):
            run(f"SELECT scoring_give_part('{MONTH}')")
        known = dict(rows(sizes))
        world.declare()
        rollup.roll_up(MONTH)
        learnt = dict(rows(sizes))
        assert learnt == known | {part_of(MONTH): HouseholdScore.objects.filter(month=MONTH).count()}
        assert learnt[part_of(MONTH)] > 0
