"""What each change does to the register, to months, plates and points; and what is refused."""

from datetime import date
from uuid import uuid4

import pytest

from households.changes.actions.carrying import carry_out, preview
from households.changes.checks import checked
from households.models import AuditEvent, ChangeKind, Household, HouseholdChange, Plate, User
from households.plates.actions.plates import issue_plate
from households.register.phones import decrypt
from households.roles import Role
from scoring.checks.verify import verify
from scoring.ledger import door as ledger
from scoring.models import HouseholdScore, PointEntry, ScoreEvent
from scoring.rollup.rollup import roll_up
from tests.audit_failure import audit_down
from tests.constraints import broken, raw
from tests.households.changes.histories import done, wish
from tests.refusals import refusal
from tests.world import MONTH, SISTER, STRANGE, VILLAGE, World

pytestmark = pytest.mark.django_db
K = ChangeKind
DAY = date(2024, 5, 10)
FIRST, SECOND, THIRD = (f"{VILLAGE}01{n:04d}" for n in (1, 2, 3))
NEXT = f"{VILLAGE}010006"


@pytest.fixture
def cadre_of(world: World) -> User:
    return world.user(Role.CADRE)


def scored(month: str = MONTH) -> set[str]:
    roll_up(month)
    return set(HouseholdScore.objects.filter(month=month, code__startswith=VILLAGE).values_list("code", flat=True))


def points_of(code: str) -> int:
    return ledger.state_of(ledger.household(code)).balance


def drifts() -> list[object]:
    return [line.sentence for line in checked(None) if not line.holds] + list(verify())


def test_split_makes_a_household_under_the_next_number_and_the_old_one_keeps_its_points(
    world: World, cadre_of: User
) -> None:
    ledger.adjust(ledger.household(FIRST), 30, key="given", text="发放")
    change = done(cadre_of, K.SPLIT, DAY, FIRST, head_name="张小三", phone="13800000099")
    new = Household.objects.get(code=NEXT)
    assert (change.other_id, new.head_name, new.initials, new.valid_from) == (NEXT, "张小三", "zxs", DAY)
    assert decrypt(new.phone) == "13800000099"
    world.declare(world.village)
    assert scored() >= {FIRST, NEXT}
    assert (points_of(FIRST), points_of(NEXT)) == (30, 0)
    assert drifts() == []


def test_merge_ends_one_household_and_adds_its_points_to_the_other(world: World, cadre_of: User) -> None:
    for code in (FIRST, SECOND):
        ledger.adjust(ledger.household(code), 30, key=f"given:{code}", text="发放")
    done(cadre_of, K.MERGE, DAY, FIRST, other=SECOND)
    world.declare(world.village)
    assert FIRST not in scored() and SECOND in scored()
    assert (points_of(FIRST), points_of(SECOND)) == (0, 60)
    assert drifts() == []


def test_move_gives_a_new_code_and_everything_goes_along(world: World, cadre_of: User) -> None:
    ledger.adjust(ledger.household(FIRST), 30, key="given", text="发放")
    plate, _pin = issue_plate(household=world.household, by=cadre_of)
    event = world.record(FIRST, "WJ01")
    change = done(cadre_of, K.MOVE, DAY, FIRST, group=f"{VILLAGE}02", address="东山村二组4号")
    there = change.other
    assert there and (there.code, there.head_name, there.address) == (f"{VILLAGE}020004", "张三丰", "东山村二组4号")
    assert decrypt(there.phone) == "13800000001"
    assert Plate.objects.get(pk=plate.pk).revoked_at is not None
    event.refresh_from_db()
    carried = ScoreEvent.objects.standing().get(code=there.code)
    assert event.withdrawn_at and (carried.clause, carried.date, carried.recorded_by) == (
        event.clause,
        event.date,
        event.recorded_by,
    )
    world.declare(world.village)
    assert there.code in scored() and FIRST not in scored()
    assert (points_of(FIRST), points_of(there.code)) == (0, 30)
    assert drifts() == []


def test_wrong_number_is_put_right_by_a_move_within_the_group(world: World, cadre_of: User) -> None:
    ledger.adjust(ledger.household(FIRST), 30, key="given", text="发放")
    event = world.record(FIRST, "WJ01")
    own = {"group": f"{VILLAGE}01", "reason": "wrong"}
    assert set(refusal(done, cadre_of, K.MOVE, DAY, FIRST, **own).fields) == {"group"}
    assert refusal(preview, wish(K.MOVE, DAY, FIRST, serial=2, **own), by=cadre_of).code == "number_used"
    _plan, effects = preview(wish(K.MOVE, DAY, FIRST, serial=21, **own), by=cadre_of)
    assert "还在原来的组，从2024年5月10日起改用户号 0021" in effects[0].sentence
    there = done(cadre_of, K.MOVE, DAY, FIRST, serial=21, **own).other_id
    assert there == f"{VILLAGE}010021" and (points_of(FIRST), points_of(there)) == (0, 30)
    assert ScoreEvent.objects.standing().get(code=there).clause == event.clause
    world.declare(world.village)
    assert there in scored() and FIRST not in scored()
    assert drifts() == []


@pytest.mark.parametrize(
    ("kind", "more", "field"),
    [
        (K.CORRECT, {"head_name": "张四丰", "serial": 21}, "serial"),
        (K.CLOSE, {"phone": "13900000077"}, "phone"),
        (K.CLOSE, {"group": f"{VILLAGE}02"}, "group"),
        (K.SPLIT, {"head_name": "张小三", "new_door": True}, "new_door"),
        (K.CORRECT, {"head_name": "张四丰", "release": True}, "release"),
    ],
)
def test_what_a_kind_does_not_take_is_refused_by_name(
    world: World, cadre_of: User, kind: ChangeKind, more: dict[str, object], field: str
) -> None:
    assert set(refusal(done, cadre_of, kind, DAY, FIRST, **more).fields) == {field}
    assert not HouseholdChange.objects.exists()


def test_new_household_names_no_other_as_its_own(world: World, cadre_of: User) -> None:
    wanted = {"group": f"{VILLAGE}01", "head_name": "新来户"}
    assert set(refusal(done, cadre_of, K.ADD, DAY, FIRST, **wanted).fields) == {"household"}


def test_move_to_another_village_carries_points_between_chains(world: World) -> None:
    ledger.adjust(ledger.household(FIRST), 30, key="given", text="发放")
    office = world.user(Role.COUNTY_OFFICE)
    there = done(office, K.MOVE, DAY, FIRST, group=f"{SISTER}01").other
    assert there and there.code == f"{SISTER}010003"
    assert PointEntry.objects.get(account__owner=there.code).chain == SISTER
    world.declare()
    roll_up(MONTH)
    assert set(HouseholdScore.objects.values_list("code", flat=True)) & {FIRST, there.code} == {there.code}
    assert drifts() == []


def test_signed_month_is_never_moved(world: World, cadre_of: User) -> None:
    world.declare(world.village)
    before = scored()
    change = done(cadre_of, K.CLOSE, DAY, FIRST)
    assert change.counts_from == date(2024, 6, 1)
    assert scored() == before and FIRST in before
    world.freeze()
    assert FIRST in set(HouseholdScore.objects.values_list("code", flat=True))
    assert not Household.objects.get(code=FIRST).is_active(date(2024, 6, 30))
    assert drifts() == []


def test_points_of_a_month_frozen_later_follow_the_household(world: World, cadre_of: User) -> None:
    world.declare(world.village)
    done(cadre_of, K.MERGE, DAY, FIRST, other=SECOND)
    world.freeze()
    roll_up(MONTH)
    assert (points_of(FIRST), points_of(SECOND)) == (0, 20)
    assert drifts() == []


def test_reopened_household_is_missing_from_the_months_between(world: World, cadre_of: User) -> None:
    done(cadre_of, K.CLOSE, date(2024, 4, 20), FIRST)
    done(cadre_of, K.REOPEN, DAY, FIRST)
    household = Household.objects.get(code=FIRST)
    days = [date(2024, 3, 31), date(2024, 4, 30), date(2024, 5, 31)]
    assert [household.is_active(day) for day in days] == [True, False, True]
    assert [Household.objects.active(day).filter(code=FIRST).exists() for day in days] == [True, False, True]
    for month in ("2024-04", MONTH):
        world.declare(world.village, month=month)
    assert FIRST not in scored("2024-04") and FIRST in scored()
    world.freeze("2024-04")
    assert drifts() == []


def test_correction_changes_what_was_given_and_keeps_what_was_there(world: World, cadre_of: User) -> None:
    change = done(cadre_of, K.CORRECT, DAY, FIRST, head_name="张四丰", phone="")
    household = Household.objects.get(code=FIRST)
    assert (household.head_name, household.initials, household.phone) == ("张四丰", "zsf", None)
    assert change.before and "13800000001" in change.before.decode() and "张三丰" in change.before.decode()
    assert refusal(done, cadre_of, K.CORRECT, DAY, FIRST, head_name="张四丰").code == "nothing_changed"


def test_closed_household_names_who_gets_its_points(world: World, cadre_of: User) -> None:
    ledger.adjust(ledger.household(FIRST), 30, key="given", text="发放")
    done(cadre_of, K.CLOSE, DAY, FIRST)
    assert points_of(FIRST) == 30
    done(cadre_of, K.HEIR, DAY, FIRST, other=THIRD)
    assert (points_of(FIRST), points_of(THIRD)) == (0, 30)
    assert refusal(done, cadre_of, K.HEIR, DAY, FIRST, other=SECOND).code == "heir_known"
    assert drifts() == []


def test_number_is_never_used_again(world: World, cadre_of: User) -> None:
    done(cadre_of, K.CLOSE, DAY, f"{VILLAGE}010005")
    wanted = {"group": f"{VILLAGE}01", "head_name": "新来户"}
    assert refusal(done, cadre_of, K.ADD, DAY, serial=5, **wanted).code == "number_used"
    assert done(cadre_of, K.ADD, DAY, **wanted).household_id == NEXT


def test_moved_household_is_over_and_says_where_it_went(world: World, cadre_of: User) -> None:
    there = done(cadre_of, K.MOVE, DAY, FIRST, group=f"{VILLAGE}02").other_id
    told = refusal(done, cadre_of, K.CLOSE, DAY, FIRST)
    assert told.code == "household_ended" and str(there) in told.sentence
    assert refusal(done, cadre_of, K.REOPEN, DAY, FIRST).code == "household_goes_on"


@pytest.mark.parametrize("role", [Role.GROUP_LEADER, Role.TOWNSHIP, Role.SUPERVISOR])
def test_change_by_somebody_who_does_not_change_the_register_is_refused(world: World, role: Role) -> None:
    assert refusal(done, world.user(role), K.CLOSE, DAY, FIRST).code == "not_yours"
    assert Household.objects.get(code=FIRST).valid_to is None


def test_what_lies_outside_does_not_exist(world: World, cadre_of: User) -> None:
    told = refusal(done, cadre_of, K.MERGE, DAY, FIRST, other=f"{STRANGE}010001")
    assert (told.code, told.status) == ("outside", 404)
    assert refusal(done, cadre_of, K.MOVE, DAY, FIRST, group=f"{STRANGE}01").code == "outside"
    assert not HouseholdChange.objects.exists()


def test_page_of_before_somebody_elses_change_is_told(world: World, cadre_of: User) -> None:
    done(cadre_of, K.SPLIT, DAY, FIRST, head_name="张小三")
    late = wish(K.SPLIT, DAY, FIRST, head_name="张小四")
    told = refusal(carry_out, op_id=uuid4(), wish=late, by=cadre_of, seen=0)
    assert (told.code, told.status) == ("household_moved_on", 409)
    assert not Household.objects.filter(head_name="张小四").exists()


def test_same_id_changes_nothing_twice(world: World, cadre_of: User) -> None:
    given = {"op_id": uuid4(), "wish": wish(K.SPLIT, DAY, FIRST, head_name="张小三"), "by": cadre_of}
    assert carry_out(**given) == carry_out(**given)
    assert Household.objects.filter(head_name="张小三").count() == 1


def test_change_that_cannot_be_logged_leaves_nothing(world: World, cadre_of: User) -> None:
    with audit_down():
        done(cadre_of, K.MOVE, DAY, FIRST, group=f"{VILLAGE}02")
    assert Household.objects.get(code=FIRST).valid_to is None
    assert not HouseholdChange.objects.exists() and Household.objects.count() == 12


def test_preview_says_what_follows_and_writes_nothing(world: World, cadre_of: User) -> None:
    ledger.adjust(ledger.household(FIRST), 30, key="given", text="发放")
    issue_plate(household=world.household, by=cadre_of)
    world.record(FIRST, "WJ01")
    _plan, effects = preview(wish(K.MOVE, DAY, FIRST, group=f"{VILLAGE}02"), by=cadre_of)
    told = "".join(effect.sentence for effect in effects)
    for part in ("2024年5月10日起", "户牌马上作废", "2024年5月", "1 条例外", "积分 30 分"):
        assert part in told
    assert not AuditEvent.objects.filter(action="household.move").exists() and Household.objects.count() == 12


def test_household_takes_another_in_on_the_day_it_leaves_and_comes_back(world: World, cadre_of: User) -> None:
    done(cadre_of, K.MERGE, DAY, FIRST, other=SECOND)
    done(cadre_of, K.CLOSE, DAY, SECOND)
    done(cadre_of, K.REOPEN, date(2024, 5, 20), SECOND)
    assert [line.sentence for line in checked(None) if not line.holds] == []


def test_record_of_a_change_is_never_altered(world: World, cadre_of: User) -> None:
    done(cadre_of, K.CLOSE, DAY, FIRST)
    broken(raw("UPDATE households_householdchange SET reason = 'twice'"), "append-only|denied")
    broken(raw("DELETE FROM households_householdchange"), "append-only|denied")


def test_register_that_contradicts_its_changes_is_noticed(world: World, cadre_of: User) -> None:
    done(cadre_of, K.CLOSE, DAY, FIRST)
    Household.objects.filter(code=FIRST).update(valid_to=None)
    (line,) = checked(None)
    assert not line.holds and FIRST in line.sentence


def test_household_that_took_another_in_does_not_end_before_that(world: World) -> None:
    """Else whoever was taken in would be nowhere in the months between."""
    world.declare(world.sister)
    office = world.user(Role.COUNTY_OFFICE)
    taken_in = done(office, K.MERGE, DAY, f"{SISTER}010001", other=FIRST)
    closed = done(office, K.CLOSE, DAY, FIRST)
    assert taken_in.counts_from == date(2024, 6, 1) and closed.counts_from == date(2024, 6, 1)
    assert drifts() == []
