"""What changes of places do to the register and to all that hangs on it; what is refused; and back again."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from households.borders.actions.carrying import carry_out, preview
from households.borders.actions.undoing import hindrances, take_back
from households.codes import Level
from households.kin.actions import declare_kin
from households.kin.reads import is_kin
from households.models import (
    BorderKind,
    BorderLine,
    ChangeKind,
    Contact,
    Division,
    Household,
    HouseholdChange,
    KinTie,
    Linkage,
    PastName,
    Plate,
    Relation,
    User,
)
from households.months import month_of
from households.plates.actions.plates import issue_plate
from households.roles import Role
from rewards.models import Item, Redemption, Shop, StockMove
from rewards.shop.actions.catalogue import ShopTerms, settle_shop
from rewards.shop.actions.redemptions import hand_over
from rewards.shop.actions.stocktakes import open_stocktake
from rewards.shop.reconciliation import reconcile
from scoring.ledger import door as ledger
from scoring.ledger.places import settle_places
from scoring.models import DivisionScore, HouseholdScore, PointEntry, RankingSnapshot, ScoreEvent, Sheet
from scoring.months.months import open_month
from scoring.notices.reads import head, notices
from scoring.rankings.rankings import ranking
from scoring.rollup.rollup import roll_up
from scoring.sheets.reads import page_data, place_in_reach
from tests.audit_failure import audit_down
from tests.constraints import broken, raw
from tests.households.borders.orders import border_wish, drifts, ordered
from tests.households.changes.histories import done
from tests.refusals import refusal
from tests.rewards.shop_world import SIGNATURE, build_shop, standing
from tests.world import COUNTY, MONTH, SISTER, STRANGE, TOWNSHIP, VILLAGE, World

pytestmark = pytest.mark.django_db
DAY = date(2024, 5, 10)
FIRST, SECOND = f"{VILLAGE}01", f"{VILLAGE}02"
FRESH = "430726201209"


def codes_of(place: str, on: date = DAY) -> list[str]:
    found = Household.objects.filter(code__startswith=place).active(on)
    return sorted(found.values_list("code", flat=True))


def counted(month: str = MONTH) -> list[str]:
    roll_up(month)
    assert roll_up(month, full=True).households == 0
    return sorted(HouseholdScore.objects.filter(month=month).values_list("code", flat=True))


def points_of(code: str) -> int:
    owner = ledger.household(code) if len(code) == 18 else ledger.division(code)
    return ledger.state_of(owner).balance


def everything() -> dict[str, object]:
    """What taking back must leave as it was, as readers see it."""
    return {
        "places": list(Division.objects.active(date(2024, 5, 31)).order_by("code").values_list("code", "name")),
        "households": codes_of("", date(2024, 5, 31)),
        "linkages": sorted(Linkage.objects.values_list("department_id", "division_id", "weight", "from_month", "to_month")),
        "people": sorted(User.objects.values_list("username", "division_id")),
        "contacts": sorted(Contact.objects.filter(valid_to=None).values_list("household_id", "person_id", "kind")),
        "plates": sorted(Plate.objects.filter(revoked_at=None).values_list("household_id", "token")),
        "events": sorted(ScoreEvent.objects.standing().values_list("code", "clause__code", "date")),
        "points": {code: points_of(code) for code in (*codes_of(VILLAGE), *codes_of(SISTER))},
    }  # fmt: skip


def test_new_name_counts_from_the_day_and_months_before_keep_the_old_one(world: World, office: User) -> None:
    world.declare(month="2024-04")
    world.freeze("2024-04")
    kept = list(RankingSnapshot.objects.order_by("pk").values_list("body", "digest"))
    order = ordered(office, DAY, (VILLAGE, "", "东岭村"))
    assert Division.objects.get(code=VILLAGE).name == "东岭村"
    assert order.counts_from == DAY
    names = {month: {line.code: line.name for line in ranking(month, Level.VILLAGE)} for month in ("2024-04", MONTH)}
    assert (names["2024-04"][VILLAGE], names[MONTH][VILLAGE]) == ("东山村", "东岭村")
    assert list(RankingSnapshot.objects.order_by("pk").values_list("body", "digest")) == kept
    assert drifts() == []


def test_notice_and_sheet_of_a_month_before_say_the_name_of_then(world: World, office: User) -> None:
    world.frozen_month()
    Sheet.objects.filter(period=MONTH).update(posted_at=timezone.now())
    open_month("2024-06")
    ordered(office, date(2024, 6, 3), (VILLAGE, "", "东岭村"), (FIRST, "", "坡上组"), (TOWNSHIP, "", "罗岭镇"))
    [notice] = notices([head(MONTH, VILLAGE)])
    assert (notice.head.village.name, notice.head.village.parent.name) == ("东山村", "罗坪乡")
    assert "坡上组" not in {group.name for group in notice.groups} and "东山村" in notice.spoken
    cadre = world.user(Role.CADRE)
    for month, name in ((MONTH, "东山村"), ("2024-06", "东岭村")):
        place = place_in_reach(cadre, VILLAGE, month)
        assert page_data(month=month, place=place, by=cadre)["village"]["name"] == name
    page = world.client(Role.TOWNSHIP).get(f"/township/review/{MONTH}/{VILLAGE}/").content.decode()
    assert "罗坪乡 东山村" in page and "东岭村" not in page
    assert Division.objects.get(pk=VILLAGE).name == "东岭村"


def test_name_is_not_changed_in_a_month_that_was_signed_for(world: World, office: User) -> None:
    world.declare(world.village)
    order = ordered(office, DAY, (VILLAGE, "", "东岭村"))
    assert order.counts_from == date(2024, 6, 1)
    assert {line.code: line.name for line in ranking(MONTH, Level.VILLAGE)}[VILLAGE] == "东山村"


def test_village_goes_into_another_with_all_that_hangs_on_it(world: World, office: User) -> None:
    ledger.adjust(ledger.household(f"{FIRST}0001"), 30, key="given", text="发放")
    ledger.adjust(ledger.division(VILLAGE), 7, key="given:village", text="发放")
    plate, _pin = issue_plate(household=world.household, by=world.user(Role.CADRE))
    event, against = world.record(f"{FIRST}0001", "WJ01"), world.record(VILLAGE, "WR03")
    order = ordered(office, DAY, (VILLAGE, SISTER, "东西村"))
    assert codes_of(VILLAGE) == []
    assert codes_of(SISTER) == [
        *(f"{SISTER}01{n:04d}" for n in (1, 2)),
        *(f"{SISTER}02{n:04d}" for n in (1, 2, 3)),
        *(f"{SISTER}03{n:04d}" for n in (1, 2, 3, 4, 5)),
    ]
    there = HouseholdChange.objects.get(household=f"{FIRST}0001", order=order).other_id
    assert (points_of(f"{FIRST}0001"), points_of(str(there))) == (0, 30)
    assert (points_of(VILLAGE), points_of(SISTER)) == (0, 7)
    plate.refresh_from_db()
    assert (plate.household_id, plate.revoked_at) == (there, None)
    event.refresh_from_db()
    assert event.withdrawn_at
    standing = ScoreEvent.objects.standing().order_by("code")
    assert [one.code for one in standing] == [f"{SISTER}02", f"{SISTER}03", there]
    assert {one.clause_id for one in standing if len(one.code) == 14} == {against.clause_id}
    assert {user.division_id for user in User.objects.filter(role=Role.CADRE)} == {SISTER, STRANGE}
    assert User.objects.get(username=Role.CADRE).former_places == [VILLAGE]
    assert sorted(Linkage.objects.filter(to_month="").values_list("department_id", "division_id")) == [
        ("LYJ", SISTER),
        ("SLJ", STRANGE),
    ]
    world.declare(world.sister, world.strange)
    assert counted() == [*codes_of(SISTER), *codes_of(STRANGE)]
    assert drifts() == []


def test_two_villages_become_one_and_each_household_counts_once(world: World, office: User) -> None:
    ordered(office, DAY, (VILLAGE, FRESH, "东西村"), (SISTER, FRESH, ""))
    fresh = Division.objects.get(code=FRESH)
    world.declare(fresh, world.strange)
    assert len(codes_of(FRESH)) == 10
    assert counted() == [*codes_of(FRESH), *codes_of(STRANGE)]
    lines = {line.code: line for line in ranking(MONTH, Level.VILLAGE)}
    assert set(lines) == {FRESH, STRANGE}
    assert lines[FRESH].active == 10
    linked = Linkage.objects.get(division=FRESH)
    assert (linked.department_id, linked.weight, linked.from_month) == ("LYJ", 2, MONTH)
    assert drifts() == []


def test_group_becomes_a_village_of_its_own(world: World, office: User) -> None:
    order = ordered(office, DAY, ("", FRESH, "新村"), (SECOND, f"{FRESH}01", ""))
    kinds = sorted(order.lines.values_list("kind", "old", "new", "households"))
    assert kinds == [
        (BorderKind.MOVE, SECOND, f"{FRESH}01", 3),
        (BorderKind.SPLIT, VILLAGE, FRESH, 3),
    ]
    world.declare(world.village, Division.objects.get(code=FRESH), world.sister, world.strange)
    assert len(codes_of(FRESH)) == 3
    assert counted() == codes_of("")
    assert drifts() == []


def test_border_is_shifted_household_by_household_across_townships(world: World, office: User) -> None:
    order = ordered(office, DAY, (f"{FIRST}0002", f"{STRANGE}01", ""), (f"{FIRST}0004", f"{STRANGE}010009", ""))
    assert codes_of(STRANGE) == [f"{STRANGE}01{n:04d}" for n in (1, 2, 9, 10)]
    assert set(order.lines.values_list("kind", flat=True)) == {BorderKind.SHIFT}
    world.declare()
    assert counted() == codes_of("")
    assert drifts() == []


def test_signed_and_frozen_months_keep_path_and_figures(world: World, office: User) -> None:
    world.frozen_month("2024-04")
    world.declare(world.village)
    before = list(HouseholdScore.objects.filter(month="2024-04").order_by("code").values_list())
    order = ordered(office, DAY, (VILLAGE, SISTER, ""))
    assert order.counts_from == date(2024, 6, 1)
    roll_up(MONTH)
    assert sorted(HouseholdScore.objects.filter(month=MONTH).values_list("code", flat=True)) == codes_of(VILLAGE)
    assert list(HouseholdScore.objects.filter(month="2024-04").order_by("code").values_list()) == before
    world.declare(world.sister, world.strange)
    world.freeze()
    assert points_of(f"{FIRST}0001") == 0, "what is credited late goes where the household went"
    assert points_of(f"{SISTER}030001") == 20
    assert drifts() == []


def test_order_taken_back_leaves_everything_as_it_was(world: World, office: User) -> None:
    ledger.adjust(ledger.household(f"{FIRST}0001"), 30, key="given", text="发放")
    ledger.adjust(ledger.division(VILLAGE), 7, key="given:village", text="发放")
    ledger.adjust(ledger.division(SISTER), 5, key="given:sister", text="发放")
    issue_plate(household=world.household, by=world.user(Role.CADRE))
    world.record(f"{FIRST}0001", "WJ01")
    world.declare(month="2024-04")
    before = everything()
    order = ordered(office, DAY, (VILLAGE, SISTER, "东西村"), (f"{STRANGE}010001", f"{SISTER}01", ""))
    assert everything() != before
    assert hindrances(order) == []
    take_back(order=order, by=office)
    assert everything() == before
    assert (points_of(VILLAGE), points_of(SISTER)) == (7, 5)
    world.declare()
    assert counted() == codes_of("")
    assert drifts() == []
    again = ordered(office, DAY, (VILLAGE, SISTER, ""))
    assert not set(again.changes.values_list("other", flat=True)) & set(order.changes.values_list("other", flat=True))


def test_order_on_which_something_hangs_is_not_taken_back(world: World, office: User) -> None:
    order = ordered(office, DAY, (VILLAGE, SISTER, ""))
    done(office, ChangeKind.SPLIT, date(2024, 5, 12), f"{SISTER}020001", head_name="新立户")
    world.declare(world.sister)
    found = "".join(hindrances(order))
    assert "已有村申报" in found and f"{SISTER}020001" in found and "又有了别的户" in found
    with transaction.atomic():
        assert refusal(lambda: take_back(order=order, by=office)).code == "depended_on"


def test_preview_says_what_follows_and_writes_nothing(world: World, office: User) -> None:
    ledger.adjust(ledger.household(f"{FIRST}0001"), 30, key="given", text="发放")
    issue_plate(household=world.household, by=world.user(Role.CADRE))
    world.record(f"{FIRST}0001", "WJ01")
    found, effects = preview(border_wish(DAY, (VILLAGE, FRESH, "东岭村")), by=office)
    said = "\n".join(effect.sentence for effect in effects)
    assert found.counts_from == DAY
    for part in ("新设 3 个区划", "停用 3 个区划", "8 户换新的户编号", "1 块户牌照常扫码", "3 个账号转到新的地方", "林业局联系",
                 "1 条户的例外", "1 户共 30 分积分", "2024年5月"):  # fmt: skip
        assert part in said, said
    assert not Division.objects.filter(code=FRESH).exists()
    assert not HouseholdChange.objects.exists()


def test_reservations_stop_it_unless_they_are_given_up(world: World, office: User) -> None:
    """A household that leaves its village leaves its shop, too."""
    shop = build_shop(world)
    shop.reserve(shop.rich, by=shop.cadre)
    had = points_of(shop.rich.pk)
    line = (FIRST, f"{SISTER}02", "")
    found = preview(border_wish(DAY, line), by=office)[1]
    assert [one.sentence[:12] for one in found if one.stops] == ["换编号的户在积分超市有 "]
    with transaction.atomic():
        assert refusal(lambda: ordered(office, DAY, line)).code == "reservations_open"
    order = ordered(office, DAY, line, release=True)
    assert points_of(str(order.changes.get(household=shop.rich).other_id)) == had
    assert shop.soap_is() == (10, 0)
    assert drifts() == []


def test_goods_of_a_merged_village_go_on_with_what_is_reserved(world: World, office: User) -> None:
    shop = build_shop(world)
    kept = shop.reserve(shop.rich, quantity=2, by=shop.cadre)
    told = [one.sentence for one in preview(border_wish(DAY, (VILLAGE, SISTER, "")), by=office)[1]]
    assert any("1 件预订还没有领，转到新的户编号下" in one for one in told)
    assert any("2 种货，全部转到接续的村的超市" in one for one in told)
    order = ordered(office, DAY, (VILLAGE, SISTER, ""))
    there = str(order.changes.get(household=shop.rich).other_id)
    soap = Item.objects.get(shop=SISTER, name="洗衣液")
    assert (shop.soap_is(), soap.on_hand, soap.reserved) == ((0, 0), 10, 2)
    notes = StockMove.objects.filter(kind="handed_on", item__name="洗衣液").order_by("pk")
    assert [(one.quantity, one.note) for one in notes] == [
        (-10, "区划调整，移交给西河村"),
        (10, "区划调整，由东山村移交"),
    ]
    again = Redemption.objects.reserved().get()
    assert (again.household_id, again.shop_id, again.expires_at) == (there, SISTER, kept.expires_at)
    assert standing(again.household)[:2] == (100, 40)
    cadre = User.objects.select_related("division").get(username=Role.CADRE)
    hand_over(op_id=uuid4(), redemption=again, signature=SIGNATURE, by=cadre)
    assert standing(again.household)[:2] == (60, 0)
    page = world.client(Role.TOWNSHIP).get(f"/shop/{VILLAGE}/").content.decode()
    assert "东山村已经停用" in page and f'href="/shop/{SISTER}/"' in page
    month = reconcile(Shop.objects.get(pk=SISTER), month_of(timezone.localdate()))
    assert month.agrees and month.is_handed_on
    assert not reconcile(shop.shop, month_of(timezone.localdate())).differences
    assert drifts() == [] and "停用的村移交来的货已经发掉一部分：洗衣液。" in hindrances(order)


def test_goods_of_another_price_stay_apart_and_come_back(world: World, office: User) -> None:
    shop = build_shop(world)
    there = settle_shop(village=world.sister, terms=ShopTerms(weekdays=[1]), by=None)
    Item.objects.create(shop=there, name="洗衣液", unit="瓶", points=25)
    Item.objects.create(shop=there, name="大米", unit="袋", points=30)
    order = ordered(office, DAY, (VILLAGE, SISTER, ""))
    shelf = {item.name: (item.points, item.on_hand) for item in Item.objects.filter(shop=SISTER)}
    assert shelf == {"洗衣液": (25, 0), "洗衣液（东山村）": (20, 10), "大米": (30, 4)}
    assert not Shop.objects.get(pk=VILLAGE).is_open
    take_back(order=order, by=office)
    assert shop.soap_is() == (10, 0) and Shop.objects.get(pk=VILLAGE).is_open
    assert not Item.objects.filter(shop=SISTER, on_hand__gt=0).exists()
    assert Item.objects.get(pk=shop.soap.pk).on_sale
    assert drifts() == []


def test_count_that_is_not_over_stops_it(world: World, office: User) -> None:
    shop = build_shop(world)
    open_stocktake(shop=shop.shop, by=shop.cadre)
    assert any(
        "没结束的盘点" in one.sentence
        for one in preview(border_wish(DAY, (VILLAGE, SISTER, "")), by=office)[1]
        if one.stops
    )
    with transaction.atomic():
        assert refusal(lambda: ordered(office, DAY, (VILLAGE, SISTER, ""))).code == "stocktake_standing"


def test_declared_kin_is_kin_under_the_new_code(world: World, office: User) -> None:
    """It is declared once: what a household becomes is followed when somebody asks."""
    declare_kin(
        user=world.user(Role.CADRE), household=world.household, relation=Relation.OWN, by=world.user(Role.CADRE)
    )
    order = ordered(office, DAY, (VILLAGE, SISTER, ""))
    there = str(order.changes.get(household=world.household).other_id)
    assert KinTie.objects.count() == 1 and is_kin(world.user(Role.CADRE), there)


def test_who_may_not_or_asks_for_what_is_none_is_refused(world: World, office: User) -> None:
    wish = border_wish(DAY, (VILLAGE, SISTER, ""))
    assert refusal(lambda: ordered(world.user(Role.TOWNSHIP), DAY, (VILLAGE, SISTER, ""))).code == "not_yours"
    assert refusal(lambda: ordered(office, DAY, ("430727201201", "", "别县"))).code == "outside"
    assert refusal(lambda: ordered(office, date(2999, 1, 1), (VILLAGE, SISTER, ""))).fields["day"]
    found = refusal(lambda: ordered(office, DAY, (VILLAGE, f"{SISTER}01", "")))
    assert (found.code, found.fields) == ("border_faults", {"2": "旧编码是村，新编码是组，要同一级"})
    op_id = uuid4()
    assert carry_out(op_id=op_id, wish=wish, by=office) == carry_out(op_id=op_id, wish=wish, by=office)


def test_nothing_is_changed_when_the_audit_log_is_down(world: World, office: User) -> None:
    before = everything()
    with audit_down():
        ordered(office, DAY, (VILLAGE, SISTER, "东西村"))
    assert everything() == before
    assert not BorderLine.objects.exists()


def test_database_keeps_what_was_carried_out(world: World, office: User) -> None:
    order = ordered(office, DAY, (VILLAGE, "", "东岭村"))
    broken(raw("UPDATE households_borderline SET new_name = '别的'"), "append-only")
    broken(raw("DELETE FROM households_borderorder"), "append-only")
    broken(raw(f"UPDATE households_borderorder SET document_no = '别的' WHERE id = {order.pk}"), "stands as it was")
    assert PastName.objects.get().name == "东山村"


def test_points_that_come_late_to_a_place_that_ended_follow_it(world: World, office: User) -> None:
    ordered(office, DAY, (VILLAGE, SISTER, ""))
    ledger.adjust(ledger.division(VILLAGE), 9, key="late", text="补记")
    assert settle_places() == 1
    assert settle_places() == 0
    assert (points_of(VILLAGE), points_of(SISTER)) == (0, 9)
    assert not PointEntry.objects.filter(kind="forfeit").exists()


def test_cadre_of_the_village_that_goes_on_reads_what_was_before(world: World, office: User) -> None:
    world.frozen_month("2024-04")
    ordered(office, DAY, (VILLAGE, SISTER, "东西村"))
    client = world.client(User.objects.get(username=Role.CADRE))
    page = client.get(f"/why/2024-04/{VILLAGE}/").content.decode()
    assert "东山村" in page and "并入" in page and "东西村" in page
    new = client.get(f"/why/{MONTH}/{SISTER}/").content.decode()
    assert "东山村" in new and "以前的成绩分开算" in new
    assert DivisionScore.objects.filter(month="2024-04", code=VILLAGE).exists()
    assert Sheet.objects.filter(period="2024-04", village=VILLAGE).exists()
    assert TOWNSHIP.startswith(COUNTY)
