"""Behind the plate: a copy of everything, and who looked, by post and day."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from households.changes.actions.away import mark_away
from households.codes import narrowest
from households.models import AuditEvent, ChangeKind, Household, Plate
from households.own_data.registry import kept_about
from households.plates.actions.plates import revoke_plate
from households.register.indexing import index_households
from households.register.phones import encrypt
from households.roles import Role
from tests.households.changes.histories import done
from tests.plates import own_plate
from tests.rewards.awards.pdf_text import read
from tests.world import STRANGE, VILLAGE, World

ONE = f"{VILLAGE}010001"


@pytest.fixture
def at_home(world: World) -> tuple[Client, Plate]:
    """The household's own browser, behind its PIN."""
    plate, pin = own_plate(world.household)
    client = Client()
    client.post(reverse("plate", args=[plate.token]), {"pin": pin})
    return client, plate


def copy(client: Client, plate: Plate, form: str) -> bytes:
    return client.get(reverse("own-copy", args=[plate.token, form])).getvalue()


def test_copy_holds_what_every_room_keeps(world: World, at_home: tuple[Client, Plate]) -> None:
    world.record(ONE, "WJ02")
    world.frozen_month()
    kept = json.loads(copy(*at_home, "json"))["kept"]
    assert {
        "户籍台账",
        "户牌",
        "登记的事项",
        "各月得分",
        "积分",
        "兑换",
        "反映的问题",
        "更正请求",
        "谁看过",
    } <= kept.keys()
    assert {"项目": "电话", "内容": "13800000001"} in kept["户籍台账"]
    assert {"项目": "户主", "内容": "张三丰"} in kept["户籍台账"]
    assert [row["状态"] for row in kept["登记的事项"]] == ["已确认"]
    assert [row["月份"] for row in kept["各月得分"]] == [world.month]


def test_copy_holds_changes_with_their_words_for_whom_they_befell(world: World, at_home: tuple[Client, Plate]) -> None:
    cadre, two = world.user(Role.CADRE), f"{VILLAGE}010002"
    done(cadre, ChangeKind.CORRECT, timezone.localdate(), ONE, phone="13800000077", note="来村部说的")
    done(cadre, ChangeKind.MERGE, timezone.localdate(), two, other=ONE, note="老人跟儿子住")
    mark_away(household=world.household, since=timezone.localdate(), by=cadre)
    kept = json.loads(copy(*at_home, "json"))["kept"]
    assert [(row["事项"], row["说明"], row["改前"]) for row in kept["户籍变更"]] == [
        ("更正", "来村部说的", "电话：13800000001"),
        ("并户", "", ""),
    ]
    assert [row["返回日期"] for row in kept["外出"]] == [""]
    Plate.objects.update(own_pin_at=timezone.now())  # whoever was there before had written it
    assert "来村部说的" not in copy(*at_home, "json").decode()


def test_copy_holds_nobody_else(world: World, at_home: tuple[Client, Plate]) -> None:
    world.record(f"{VILLAGE}010002", "WJ02")
    text = copy(*at_home, "json").decode()
    assert "李四光" not in text and "13800000002" not in text
    assert json.loads(text)["kept"]["登记的事项"] == []


def test_paper_holds_the_same_sections(world: World, at_home: tuple[Client, Plate]) -> None:
    client, plate = at_home
    text = "".join(read(copy(client, plate, "pdf")))
    assert "张三丰" in text and "13800000001" in text
    assert all(section.title in text for section in kept_about(plate))


def test_copy_is_written_down_and_kept_nowhere(world: World, at_home: tuple[Client, Plate]) -> None:
    client, plate = at_home
    answer = client.get(reverse("own-copy", args=[plate.token, "json"]))
    assert "no-store" in answer["Cache-Control"]
    line = AuditEvent.objects.get(action="household.copy")
    assert (line.place, line.role) == (ONE, "villager")
    shown = client.get(reverse("own-data", args=[plate.token])).content.decode()
    assert "取走了您家自己的副本" in shown and "县六零办 取走" not in shown


def test_copy_is_for_whoever_knows_the_pin(world: World, at_home: tuple[Client, Plate]) -> None:
    client, plate = at_home
    for name, args in (("own-data", []), ("own-copy", ["json"])):
        address = reverse(name, args=[plate.token, *args])
        assert "张三丰" not in Client().get(address).content.decode()
        assert Client().get(address)["Location"] == reverse("plate", args=[plate.token])
    revoke_plate(plate=plate, reason="丢了", by=world.user(Role.CADRE))
    assert b"13800000001" not in copy(client, plate, "json")


def told(at_home: tuple[Client, Plate]) -> str:
    client, plate = at_home
    return " ".join(client.get(reverse("own-data", args=[plate.token])).content.decode().split())


def test_household_reads_which_post_looked_and_never_who(world: World, at_home: tuple[Client, Plate]) -> None:
    assert "看了名册" not in told(at_home)
    world.client(Role.TOWNSHIP).get(reverse("households"))
    cadre = world.client(Role.CADRE)
    cadre.get(reverse("plate-handout"))
    cadre.get(reverse("api-sheet", args=[world.month, VILLAGE]))
    cadre.get(reverse("households"), {"words": "0001"})
    cadre.post(reverse("show-phone", args=[ONE]), {"reason": "通知防汛"})
    text = told(at_home)
    assert "乡镇工作人员<small>看了名册" in text
    for what in ("打印了户牌或名单", "看了带姓名的月度台账", "看了完整电话"):
        assert f"村干部<small>{what}" in text, what
    assert "村干部甲" not in text and "通知防汛" not in text


def test_looks_elsewhere_are_not_told(world: World, at_home: tuple[Client, Plate]) -> None:
    world.client(world.stranger(Role.CADRE)).get(reverse("households"))
    world.client(Role.CADRE).get(reverse("households"), {"words": "李四光"})
    assert "看了名册" not in told(at_home)


def test_search_by_telephone_is_told_to_whom_it_found(world: World, at_home: tuple[Client, Plate]) -> None:
    Household.objects.filter(pk=ONE).update(phone=encrypt("13911114321"))
    index_households()
    world.client(Role.COUNTY_OFFICE).get(reverse("households"), {"words": "4321"})
    assert "县六零办<small>按电话后四位找到" in told(at_home)


def test_the_same_look_again_is_one_line(world: World) -> None:
    client = world.client(Role.CADRE)
    for _ in range(3):
        client.get(reverse("households"))
    assert AuditEvent.objects.filter(action="household.list").count() == 1


@pytest.mark.parametrize(
    ("codes", "place"),
    [
        ([ONE], ONE),
        ([ONE, f"{VILLAGE}010002"], f"{VILLAGE}01"),
        ([ONE, f"{VILLAGE}020001"], VILLAGE),
        ([ONE, f"{STRANGE}010001"], "430726"),
    ],
)
def test_list_is_noted_at_the_narrowest_place(codes: list[str], place: str) -> None:
    assert narrowest(codes) == place
