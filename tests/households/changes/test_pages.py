"""The household's page for its staff, the forms with their preview, proposals, the township's list, who lives away."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from households.accounts.actions.accounts import create_user
from households.changes.actions.away import mark_away
from households.changes.actions.proposals import propose
from households.models import AwaySpell, ChangeKind, Household, HouseholdChange, HouseholdProposal
from households.roles import Role
from rewards.models import Redemption
from tests.households.changes.histories import done, wish
from tests.petitions.filers import Filer
from tests.rewards.shop_world import build_shop, give
from tests.world import PASSWORD, SISTER, VILLAGE, World

pytestmark = pytest.mark.django_db
K = ChangeKind
FIRST, SECOND = f"{VILLAGE}010001", f"{VILLAGE}010002"
FILE, LIST = f"/village/households/{FIRST}/", "/village/households/changes/"


def today() -> str:
    return timezone.localdate().isoformat()


def typed(kind: ChangeKind, **more: object) -> dict[str, object]:
    return {
        "op_id": str(uuid4()),
        "seen": "0",
        "day": today(),
        "reason": wish(kind, timezone.localdate()).reason,
        **more,
    }


def send(client: Client, kind: ChangeKind, code: str = FIRST, **more: object) -> str:
    answer = client.post(
        f"/village/households/{code}/change/{kind}/", typed(kind, own_password=PASSWORD, **more), follow=True
    )
    return answer.content.decode()


def test_cadre_sees_what_a_change_would_do_before_it_is_done(cadre: Client, world: World) -> None:
    page = send(cadre, K.MERGE, other="1-2")
    assert "办了以后" in page and f"并入 {SECOND}" in page and "确认并户" in page
    assert Household.objects.get(code=FIRST).valid_to is None


def test_cadre_carries_a_change_out_and_it_stands_on_the_page(cadre: Client, world: World) -> None:
    page = send(cadre, K.SPLIT, head_name="张小三", confirm="1")
    new = Household.objects.get(head_name="张小三")
    assert "分户已经办好" in page and new.code in page
    shown = cadre.get(FILE).content.decode()
    assert "结婚立户" in shown and new.code in shown and "分户" in shown


def test_fault_is_shown_beside_its_field_and_nothing_is_done(cadre: Client, world: World) -> None:
    page = send(cadre, K.SPLIT, head_name="", confirm="1")
    assert "请填写这一项" in page and not HouseholdChange.objects.exists()


def test_refused_change_can_be_tried_again_from_its_page(cadre: Client, world: World) -> None:
    give(world.household, 100)
    shop = build_shop(world)
    shop.reserve(world.household)
    sent = typed(K.CLOSE, own_password=PASSWORD, confirm="1")
    page = cadre.post(f"/village/households/{FIRST}/change/close/", sent).content.decode()
    assert "一并取消预订" in page and str(sent["op_id"]) not in page
    assert "注销已经办好" in send(cadre, K.CLOSE, release="on", confirm="1")
    assert not Redemption.objects.reserved().exists()


def test_leader_proposes_and_the_cadre_does(world: World, cadre: Client) -> None:
    page = send(world.client(Role.GROUP_LEADER), K.CLOSE, confirm="1", reason="all_dead")
    assert "已经提出" in page
    proposal = HouseholdProposal.objects.get()
    assert Household.objects.get(code=FIRST).valid_to is None
    assert "件户籍变更等您办理" in cadre.get("/").content.decode()
    shown = cadre.get(f"/village/households/proposals/{proposal.pk}/").content.decode()
    assert "张三丰" in shown and "不在册" in shown
    cadre.post(
        f"/village/households/proposals/{proposal.pk}/accept/", {"op_id": str(uuid4()), "own_password": PASSWORD}
    )
    proposal.refresh_from_db()
    assert proposal.state == "done" and Household.objects.get(code=FIRST).valid_to == timezone.localdate()


def test_proposal_shows_the_cadre_all_that_the_leader_proposed(world: World, cadre: Client) -> None:
    wanted = {"head_name": "张四丰", "phone": "13900000077", "new_door": True, "reason": "wrong"}
    correction = propose(
        op_id=uuid4(), wish=wish(K.CORRECT, timezone.localdate(), FIRST, **wanted), by=world.user(Role.GROUP_LEADER)
    )
    shown = cadre.get(f"/village/households/proposals/{correction.pk}/").content.decode()
    for part in ("<dt>原因</dt><dd>原来登错</dd>", "<dd>张四丰</dd>", "<dd>139****0077</dd>", "门换了，户牌要换"):
        assert part in shown, part
    assert "13900000077" not in shown


def test_proposal_shows_number_and_what_is_given_up(world: World, cadre: Client) -> None:
    leader, day = world.user(Role.GROUP_LEADER), timezone.localdate()
    wanted = {"group": f"{VILLAGE}02", "serial": 88, "release": True}
    moved = propose(op_id=uuid4(), wish=wish(K.MOVE, day, FIRST, **wanted), by=leader)
    shown = cadre.get(f"/village/households/proposals/{moved.pk}/").content.decode()
    assert "<dd>0088</dd>" in shown and "超市里没领的一并取消" in shown and "建房、搬家" in shown


def test_refused_proposal_tells_whoever_asked_why(world: World, cadre: Client) -> None:
    proposal = propose(op_id=uuid4(), wish=wish(K.CLOSE, timezone.localdate(), FIRST), by=world.user(Role.GROUP_LEADER))
    cadre.post(f"/village/households/proposals/{proposal.pk}/refuse/", {"answer": "人还在家"})
    assert "人还在家" in world.client(Role.GROUP_LEADER).get(LIST).content.decode()


def test_household_that_goes_next_door_is_taken_in_there(world: World) -> None:
    page = send(world.client(Role.CADRE), K.MOVE, group=f"{SISTER}01", confirm="1")
    assert "已经提出" in page
    proposal = HouseholdProposal.objects.get()
    assert proposal.place == SISTER
    person = {"username": "sister", "display_name": "西河干部", "role": Role.CADRE, "place": world.sister}
    there = world.client(create_user(**person, password=PASSWORD, by=None, is_demo=True))
    there.post(
        f"/village/households/proposals/{proposal.pk}/accept/", {"op_id": str(uuid4()), "own_password": PASSWORD}
    )
    proposal.refresh_from_db()
    assert proposal.change and proposal.change.other_id == f"{SISTER}010003"


def test_township_reads_the_list_objects_and_is_answered(world: World, cadre: Client) -> None:
    change = done(world.user(Role.CADRE), K.CLOSE, timezone.localdate(), FIRST)
    township = world.client(Role.TOWNSHIP)
    assert "条户籍变更没有看过" in township.get("/").content.decode()
    shown = township.get(LIST).content.decode()
    assert "张*" in shown and "张三丰" not in shown and "全户去世" in shown
    township.post(f"{LIST}read/", {"upto": change.pk})
    assert "条户籍变更没有看过" not in township.get("/").content.decode()
    township.post(f"{LIST}{change.pk}/answer/", {"text": "请附证明"})
    assert "条乡镇对户籍变更的意见没有答复" in cadre.get("/").content.decode()
    cadre.post(f"{LIST}{change.pk}/answer/", {"answer": "已补证明"})
    assert "已补证明" in township.get(LIST).content.decode()


def test_what_a_correction_wrote_over_is_shown_to_village_and_township(world: World, cadre: Client) -> None:
    person, day = world.user(Role.CADRE), timezone.localdate()
    done(person, K.CORRECT, day, FIRST, head_name="张四丰", phone="13900000077")
    done(person, K.CORRECT, day, FIRST, head_name="李五", address="河边三号")
    for address in (LIST, FILE):
        shown = cadre.get(address).content.decode()
        for part in (
            "户主由张三丰改为张四丰",
            "户主由张四丰改为李五",
            "电话由138****0001改为139****0077",
            "改为河边三号",
        ):
            assert part in shown, (address, part)
        shown = world.client(Role.TOWNSHIP).get(address).content.decode()
        for part in (
            "户主由张*改为张*（不同的字在遮住的部分）",
            "户主由张*改为李*",
            "电话由138****0001改为139****0077",
        ):
            assert part in shown, (address, part)
        assert "张四丰" not in shown and "13900000077" not in shown


def test_preview_of_a_correction_says_what_is_written_over(world: World, cadre: Client) -> None:
    page = send(cadre, K.CORRECT, head_name="张四丰", phone="13900000077", address="")
    assert "户主由张三丰改为张四丰。" in page and "电话由138****0001改为139****0077。" in page
    office = send(world.client(Role.COUNTY_OFFICE), K.CORRECT, head_name="李五")
    assert "户主由张*改为李五。" in office


@pytest.mark.parametrize("number", [1, 3])
def test_list_of_corrections_costs_one_query_for_what_came_after(world: World, cadre: Client, number: int) -> None:
    for serial in range(1, number + 1):
        done(world.user(Role.CADRE), K.CORRECT, timezone.localdate(), f"{VILLAGE}01{serial:04d}", head_name="张四丰")
    cadre.get(LIST)
    with CaptureQueriesContext(connection) as caught:
        cadre.get(LIST)
    assert len(caught) == 7


def test_field_that_the_form_does_not_have_is_refused_and_a_wrong_number_shown_the_way(
    world: World, cadre: Client
) -> None:
    page = send(cadre, K.CORRECT, head_name="张四丰", serial="21", confirm="1")
    assert "更正不用填：户号。" in page and "户编号登错的，请办" in page and "/change/move/" in page
    assert not HouseholdChange.objects.exists()
    moved = send(cadre, K.MOVE, group=f"{VILLAGE}01", serial="21", reason="wrong", confirm="1")
    assert "迁移已经办好" in moved and Household.objects.get(code=f"{VILLAGE}010021").head_name == "张三丰"


def test_away_is_told_to_cadre_and_leader_alone(world: World, cadre: Client) -> None:
    cadre.post(f"{FILE}away/", {"day": today()})
    assert AwaySpell.objects.get().household_id == FIRST
    for role, sees in ((Role.CADRE, True), (Role.GROUP_LEADER, True), (Role.SUPERVISOR, False), (Role.TOWNSHIP, False)):
        client = world.client(role)
        assert (">外出<" in client.get("/village/households/").content.decode()) == sees, role
        assert ("没有返回" in client.get(FILE).content.decode()) == sees, role
    cadre.post(f"{FILE}away/", {"day": today(), "back": "1"})
    assert AwaySpell.objects.get().until == timezone.localdate()
    assert ">外出<" not in cadre.get("/village/households/").content.decode()


def test_away_stands_in_the_sheet_of_those_who_enter(world: World) -> None:
    mark_away(household=world.household, since=timezone.localdate(), by=world.user(Role.CADRE))
    marked = {
        role: [
            one.get("away")
            for one in world.client(role).get(f"/api/v1/sheets/{world.month}/{VILLAGE}/").json()["households"]
        ]
        for role in (Role.CADRE, Role.SUPERVISOR)
    }
    assert marked[Role.CADRE].count(True) == 1 and not any(marked[Role.SUPERVISOR])


@pytest.mark.parametrize("number", [1, 3])
def test_list_costs_the_same_for_one_and_three_changes(world: World, cadre: Client, number: int) -> None:
    for serial in range(1, number + 1):
        done(world.user(Role.CADRE), K.CLOSE, timezone.localdate(), f"{VILLAGE}01{serial:04d}")
    cadre.get(LIST)
    with CaptureQueriesContext(connection) as caught:
        cadre.get(LIST)
    assert len(caught) == 6


def test_household_reads_its_own_changes_behind_its_plate(world: World) -> None:
    done(world.user(Role.CADRE), K.SPLIT, timezone.localdate(), FIRST, head_name="张小三")
    own, next_door = (Filer(household) for household in world.households[:2])
    shown = own.client.get(f"/h/{own.token}/").content.decode()
    assert "您家的户籍变更" in shown and "结婚立户" in shown
    assert "户籍变更" not in next_door.client.get(f"/h/{next_door.token}/").content.decode()
