"""What lies on whose due on which day. MONTH is May 2024; the month before it was opened too, and nobody declared."""

from datetime import date, datetime, time

import pytest
from django.utils import timezone

from households.models import Division, User
from households.roles import Role
from households.scope import Scope
from scoring.freezing import post
from scoring.house.home import MonthDue, counted_months, latest_result, own_months, villages_with_households
from scoring.models import Sheet
from scoring.reviews.actions.reviewing import return_sheet
from tests.world import MONTH, OTHER_TOWNSHIP, SISTER, STRANGE, TOWNSHIP, VILLAGE, World

IN_MAY, IN_REVIEW, AFTER_REVIEW = date(2024, 5, 20), date(2024, 6, 2), date(2024, 6, 4)


def may_of(months_due: list[MonthDue]) -> MonthDue:
    return next(due for due in months_due if due.month == MONTH)


def own(world: World, role: str, today: date) -> MonthDue:
    return may_of(own_months(world.user(role), today))


def counted(world: World, role: str, today: date) -> MonthDue:
    return may_of(counted_months(world.user(role), today))


def posted_on(day: date) -> None:
    post(month=MONTH, on=day)
    Sheet.objects.filter(period=MONTH, posted_at__isnull=False).update(
        posted_at=datetime.combine(day, time(9), timezone.get_current_timezone())
    )


def test_cadre_is_told_the_last_day_of_entry(world: World) -> None:
    due = own(world, Role.CADRE, IN_MAY)
    assert (due.state, due.duty, due.late) == ("open", "请在5月31日（含）前完成申报。", False)


def test_cadre_is_told_how_late_he_is(world: World) -> None:
    due = own(world, Role.CADRE, IN_REVIEW)
    assert due.late
    assert "逾期 2 天" in due.duty


@pytest.mark.parametrize(
    ("role", "words"),
    [(Role.GROUP_LEADER, "没有例外的户不用填"), (Role.SUPERVISOR, "2024年5月正在录入，到5月31日为止。")],
)
def test_others_of_the_village_are_told_that_entry_runs(world: World, role: str, words: str) -> None:
    assert words in own(world, role, IN_MAY).duty


def test_others_of_the_village_are_told_that_nobody_signed(world: World) -> None:
    assert own(world, Role.SUPERVISOR, IN_REVIEW).duty == "本村还没有申报。"


def test_declared_sheet_waits_for_the_township(world: World) -> None:
    world.declare(world.village)
    due = own(world, Role.CADRE, IN_REVIEW)
    assert (due.state, due.duty, due.late) == ("declared", "已申报，等乡镇审核。", False)


def test_reviewed_sheet_waits_for_its_day(world: World) -> None:
    world.declare(world.village)
    world.approve(world.village)
    assert own(world, Role.CADRE, IN_REVIEW).duty == "乡镇已审核通过。系统将于6月4日自动公示。"
    assert own(world, Role.CADRE, AFTER_REVIEW).duty == "乡镇已审核通过。系统即将公示。"


@pytest.mark.parametrize(
    ("posted", "today", "words"),
    [
        (
            date(2024, 6, 4),
            date(2024, 6, 8),
            "正在公示，到6月8日为止；有不同意见，请在6月11日（含）前提异议：扫自家户牌，或者填一张异议申请表交给村干部、村务监督委员或乡镇。",
        ),
        (
            date(2024, 6, 4),
            date(2024, 6, 9),
            "公示已满；有不同意见，请在6月11日（含）前提异议：扫自家户牌，或者填一张异议申请表交给村干部、村务监督委员或乡镇。",
        ),
        (date(2024, 6, 4), date(2024, 6, 12), "已到锁定日，系统即将锁定。"),
        (
            date(2024, 6, 14),
            date(2024, 6, 15),
            "正在公示，到6月18日为止；有不同意见，请在6月21日（含）前提异议：扫自家户牌，或者填一张异议申请表交给村干部、村务监督委员或乡镇。",
        ),
    ],
)
def test_posted_sheet_stands_by_its_own_days(world: World, posted: date, today: date, words: str) -> None:
    world.declare(world.village)
    world.approve(world.village)
    posted_on(posted)
    assert own(world, Role.SUPERVISOR, today).duty == words


def test_frozen_month_leaves_the_desk(world: World) -> None:
    world.frozen_once()
    assert [due.month for due in own_months(world.user(Role.CADRE), date(2024, 6, 20))] == ["2024-06", "2024-04"]


def test_months_of_the_future_are_not_shown(world: World) -> None:
    months_due = own_months(world.user(Role.CADRE), date(2024, 4, 10))
    assert [due.month for due in months_due] == ["2024-04"]


def test_this_month_is_there_before_anybody_opened_it(world: World) -> None:
    months_due = own_months(world.user(Role.CADRE), date(2024, 6, 10))
    assert [due.month for due in months_due] == ["2024-06", "2024-05", "2024-04"]


def test_exceptions_of_the_own_place_are_counted(world: World) -> None:
    world.record(world.household.code, "WJ02")
    world.record(world.households[-1].code, "WJ02")
    world.record(f"{STRANGE}010001", "WJ02", by=world.stranger(Role.CADRE))
    assert own(world, Role.CADRE, IN_MAY).exceptions == 2
    assert own(world, Role.GROUP_LEADER, IN_MAY).exceptions == 1


def test_returned_sheet_shows_the_reason_until_it_is_declared_again(world: World) -> None:
    world.declare(world.village)
    return_sheet(sheet=world.sheet(), reason="二组漏报", by=world.user(Role.TOWNSHIP))
    assert own(world, Role.CADRE, IN_REVIEW).returned == "二组漏报"
    world.declare(world.village)
    assert own(world, Role.CADRE, IN_REVIEW).returned == ""


def names(villages: list[Division]) -> list[str]:
    return [village.name for village in villages]


def test_township_sees_its_villages_by_state(world: World) -> None:
    world.declare(world.village, world.strange)
    due = counted(world, Role.TOWNSHIP, IN_REVIEW)
    assert (due.counts.villages, due.counts.open, due.counts.declared) == (2, 1, 1)
    assert (names(due.waiting), names(due.silent)) == (["东山村"], ["西河村"])
    assert "请在6月3日（含）前审核完" in due.duty


def test_returned_village_is_counted_among_the_open(world: World) -> None:
    world.declare(world.village)
    return_sheet(sheet=world.sheet(), reason="漏报", by=world.user(Role.TOWNSHIP))
    counts = counted(world, Role.TOWNSHIP, IN_REVIEW).counts
    assert (counts.open, counts.returned) == (2, 1)


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (IN_MAY, ""),
        (IN_REVIEW, "1 个村逾期未申报"),
        (AFTER_REVIEW, "1 个村逾期未申报，1 个村逾期未审核"),
    ],
)
def test_township_is_told_who_is_late(world: World, today: date, words: str) -> None:
    world.declare(world.village)
    assert counted(world, Role.TOWNSHIP, today).overdue == words


def test_county_sees_every_township(world: World) -> None:
    world.declare(world.strange)
    due = counted(world, Role.COUNTY_OFFICE, IN_REVIEW)
    by_township = {township.code: (counts.open, counts.declared) for township, counts in due.townships}
    assert by_township == {TOWNSHIP: (2, 0), OTHER_TOWNSHIP: (0, 1)}


def test_department_sees_its_linked_villages_only(world: World) -> None:
    world.declare()
    due = counted(world, Role.DEPARTMENT, IN_REVIEW)
    assert names(due.waiting) == ["东山村", "西河村"]
    strange = may_of(counted_months(world.stranger(Role.DEPARTMENT), IN_REVIEW))
    assert names(strange.waiting) == ["南坪村"]


def test_wholly_frozen_month_leaves_the_counted_desk(world: World) -> None:
    world.frozen_once()
    months_due = counted_months(world.user(Role.COUNTY_OFFICE), date(2024, 6, 20))
    assert [due.month for due in months_due] == ["2024-06", "2024-04"]


def test_village_without_households_is_not_waited_for(world: World) -> None:
    Division.objects.create(code=f"{TOWNSHIP}203", name="空村", parent=world.township)
    assert set(villages_with_households(Scope((world.county.code,)), IN_MAY)) == {VILLAGE, SISTER, STRANGE}


def test_nothing_was_published_yet(world: World) -> None:
    world.declare()
    assert latest_result(world.user(Role.CADRE)) is None


def result(user: User) -> tuple[str, int | None, int]:
    latest = latest_result(user)
    assert latest is not None
    return latest.line.shown_result, latest.line.rank, latest.ranked


def test_latest_result_is_that_of_the_own_place(world: World) -> None:
    world.record(f"{SISTER}010001", "WJ02", by=world.user(Role.TOWNSHIP))  # 5 points of one of two households
    world.frozen_month()
    assert result(world.user(Role.CADRE)) == ("100.00", 1, 3)
    assert result(world.user(Role.TOWNSHIP)) == ("99.50", 2, 2)
    assert result(world.user(Role.GROUP_LEADER)) == ("100.00", 1, 2)
    assert result(world.user(Role.COUNTY_OFFICE)) == ("99.58", 1, 1)


def test_latest_result_of_a_department_weighs_its_villages(world: World) -> None:
    world.record(f"{SISTER}010001", "WJ02", by=world.user(Role.TOWNSHIP))
    world.frozen_month()
    assert result(world.user(Role.DEPARTMENT)) == ("99.72", 2, 2)  # (2*800 + 195) / (2*8 + 2)
    assert result(world.stranger(Role.DEPARTMENT)) == ("100.00", 1, 2)


@pytest.mark.parametrize(
    ("role", "unit"),
    [
        (Role.GROUP_LEADER, "组"),
        (Role.CADRE, "村"),
        (Role.TOWNSHIP, "乡镇"),
        (Role.COUNTY_OFFICE, "县"),
        (Role.DEPARTMENT, "部门"),
    ],
)
def test_latest_result_names_its_rivals(world: World, role: str, unit: str) -> None:
    world.frozen_once()
    latest = latest_result(world.user(role))
    assert latest is not None
    assert latest.unit == unit
