"""The cadre's plate pages: who has one, issuing once however often it is pressed, PINs on paper and nowhere else."""

import re
import time
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from households.models import AuditEvent, Household, Operation, Plate
from households.plates import slips
from households.plates.actions.batches import issue_missing
from households.plates.actions.pins import renew_pin
from households.plates.actions.plates import check_pin, issue_plate, revoke_plate
from households.plates.reads import group_counts, plates_in_force
from households.refusals import Refused
from households.roles import Role
from tests.audit_failure import audit_down
from tests.cached import server
from tests.days import today
from tests.world import STRANGE, VILLAGE, World

ONE = f"{VILLAGE}010001"


def press(client: Client, name: str, *args: str, **sent: str) -> HttpResponse:
    return client.post(reverse(name, args=args), {"op_id": str(uuid4())} | sent)


def pins(page: HttpResponse) -> list[str]:
    return re.findall(r"<strong>(\d{6})</strong>", page.content.decode())


def listed(client: Client, **query: str) -> list[str]:
    text = client.get(reverse("plates"), query).content.decode()
    return re.findall(r'<th scope="row">(.*?)</th>', text)


def test_list_shows_the_village_and_who_has_a_plate(world: World, cadre: Client) -> None:
    issue_plate(household=world.household, by=None)
    text = cadre.get(reverse("plates")).content.decode()
    assert listed(cadre)[:2] == ["张三丰", "李四光"]
    assert len(listed(cadre)) == 8
    assert "给没有户牌的 7 户发牌" in text
    assert "周西河" not in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"group": f"{VILLAGE}02"}, ["曾八方", "欧阳九州", "孙十全"]),
        ({"words": "四光"}, ["李四光"]),
        ({"words": "ZBF"}, ["曾八方"]),
        ({"words": "0002"}, ["李四光", "欧阳九州"]),
        ({"state": "issued"}, ["张三丰"]),
        ({"state": "missing", "group": f"{VILLAGE}01"}, ["李四光", "王五一", "赵六合", "单七星"]),
        ({"words": "没有这个人"}, []),
    ],
)
def test_list_is_searched(world: World, cadre: Client, query: dict[str, str], found: list[str]) -> None:
    issue_plate(household=world.household, by=None)
    assert listed(cadre, **query) == found


@pytest.mark.parametrize("group", [f"{STRANGE}01", "nonsense"])
def test_list_ignores_a_group_that_is_not_the_villages(cadre: Client, group: str) -> None:
    assert len(listed(cadre, group=group)) == 8


def test_revoked_plate_counts_as_none(world: World) -> None:
    plate, _ = issue_plate(household=world.household, by=None)
    assert [(group.households, group.missing) for group in group_counts(VILLAGE, today())] == [(5, 4), (3, 3)]
    revoke_plate(plate=plate, by=None)
    assert [group.missing for group in group_counts(VILLAGE, today())] == [5, 3]


@pytest.mark.parametrize("issued", [1, 3])
def test_list_takes_the_same_queries_however_many_plates(
    world: World, cadre: Client, issued: int, django_assert_num_queries: object
) -> None:
    for household in world.households[:issued]:
        issue_plate(household=household, by=None)
    cadre.get(reverse("plates"))
    with django_assert_num_queries(6):
        cadre.get(reverse("plates"))


def test_issuing_gives_every_missing_household_a_slip(world: World, cadre: Client) -> None:
    kept, _ = issue_plate(household=world.household, by=None)
    page = cadre.get(press(cadre, "issue-plates").url)
    assert len(pins(page)) == 7
    assert Plate.objects.filter(revoked_at=None).count() == 8
    kept.refresh_from_db()
    assert kept.revoked_at is None


def test_slips_pair_each_pin_with_its_own_plate(cadre: Client, world: World) -> None:
    batch = press(cadre, "issue-plates").url.rstrip("/").rsplit("/", 1)[1]
    for slip in slips.read(batch, by=world.user(Role.CADRE)) or []:
        plate = Plate.objects.get(token=slip.token)
        assert plate.household_id == slip.household
        assert check_pin(plate, slip.pin).ok


def test_issuing_for_one_group_leaves_the_others(cadre: Client) -> None:
    press(cadre, "issue-plates", group=f"{VILLAGE}02")
    assert sorted(Plate.objects.values_list("household_id", flat=True)) == [f"{VILLAGE}02000{n}" for n in (1, 2, 3)]


def test_issuing_for_a_strangers_group_is_refused(cadre: Client) -> None:
    assert press(cadre, "issue-plates", group=f"{STRANGE}01").status_code == 422
    assert not Plate.objects.exists()


def test_pressing_twice_issues_once_and_shows_the_same_pins(cadre: Client) -> None:
    op_id = str(uuid4())
    first, second = press(cadre, "issue-plates", op_id=op_id), press(cadre, "issue-plates", op_id=op_id)
    assert first.url == second.url
    assert Plate.objects.count() == 8
    assert len(pins(cadre.get(second.url))) == 8


def test_pressing_again_with_nothing_missing_spoils_nothing(cadre: Client) -> None:
    press(cadre, "issue-plates")
    again = press(cadre, "issue-plates")
    assert again.status_code == 422
    assert "都已经有户牌" in again.content.decode()
    assert Plate.objects.filter(revoked_at=None).count() == Plate.objects.count() == 8


def test_moved_away_household_gets_no_plate(world: World) -> None:
    Household.objects.filter(pk=ONE).update(valid_to=today())
    issued = issue_missing(village=world.village, by=None)
    assert len(issued) == 7
    assert ONE not in {plate.household_id for plate, _ in issued}


def test_slips_are_for_the_one_who_issued_them(world: World, cadre: Client) -> None:
    where = press(cadre, "issue-plates").url
    other = world.client(world.stranger(Role.CADRE)).get(where)
    assert other.status_code == 302
    assert pins(other) == []


def test_slips_may_be_loaded_again_until_they_are_cleared(cadre: Client) -> None:
    where = press(cadre, "issue-plates").url
    assert pins(cadre.get(where)) == pins(cadre.get(where)) != []
    cadre.post(where + "forget/")
    assert cadre.get(where).url == reverse("plates")
    assert "这批密码已经清掉了" in cadre.get(reverse("plates")).content.decode()


def test_stranger_cannot_clear_the_slips(world: World, cadre: Client) -> None:
    where = press(cadre, "issue-plates").url
    world.client(world.stranger(Role.CADRE)).post(where + "forget/")
    assert len(pins(cadre.get(where))) == 8


def test_slips_run_out(cadre: Client) -> None:
    where = press(cadre, "issue-plates").url
    key = next(iter(server().scan_iter("*slips:*")))
    assert 0 < server().ttl(key) <= slips.SECONDS
    cache.clear()
    assert cadre.get(where).status_code == 302


def test_pins_lie_nowhere_in_the_clear(cadre: Client) -> None:
    shown = pins(cadre.get(press(cadre, "issue-plates").url))
    (key,) = server().scan_iter("*slips:*")
    kept = [server().get(key).decode("latin-1")]
    kept += [str(row) for row in (*Operation.objects.values_list("answer"), *Plate.objects.values_list("pin_hash"))]
    kept += [str(row) for row in AuditEvent.objects.values_list("subject", "detail")]
    assert not any(f'"{pin}"' in text or f" {pin}" in text for pin in shown for text in kept)


def test_page_of_one_household_shows_its_code_and_no_pin(world: World, cadre: Client) -> None:
    _, pin = issue_plate(household=world.household, by=None)
    text = cadre.get(reverse("plate-of", args=[ONE])).content.decode()
    assert "data:image/png;base64," in text
    assert pin not in text
    assert "换密码，牌不换" in text


def test_page_of_a_household_without_a_plate_offers_one(cadre: Client) -> None:
    text = cadre.get(reverse("plate-of", args=[ONE])).content.decode()
    assert "发户牌" in text
    assert "作废" not in text


def test_new_plate_replaces_the_old_one(world: World, cadre: Client) -> None:
    old, _ = issue_plate(household=world.household, by=None)
    (pin,) = pins(cadre.get(press(cadre, "new-plate", ONE).url))
    old.refresh_from_db()
    assert old.revoked_at is not None
    assert check_pin(Plate.objects.get(revoked_at=None), pin).ok


def test_new_pin_keeps_the_plate_and_ends_a_lock(world: World, cadre: Client) -> None:
    plate, old = issue_plate(household=world.household, by=None)
    for _ in range(5):
        check_pin(plate, f"{(int(old) + 1) % 1_000_000:06d}")
    (pin,) = pins(cadre.get(press(cadre, "new-plate-pin", ONE).url))
    plate.refresh_from_db()
    assert check_pin(plate, pin).ok
    assert not check_pin(plate, old).ok
    assert AuditEvent.objects.filter(action="plate.new_pin", place=ONE, actor="cadre").count() == 1


def test_new_pin_for_a_revoked_plate_is_refused(world: World) -> None:
    plate, _ = issue_plate(household=world.household, by=None)
    revoke_plate(plate=plate, by=None)
    with pytest.raises(Refused, match="已经作废"):
        renew_pin(plate=plate, by=None)


def test_new_pin_is_not_kept_when_the_audit_fails(world: World) -> None:
    plate, pin = issue_plate(household=world.household, by=None)
    with audit_down():
        renew_pin(plate=plate, by=None)
    assert check_pin(plate, pin).ok


def test_revoking_needs_a_reason(world: World, cadre: Client) -> None:
    issue_plate(household=world.household, by=None)
    answer = cadre.post(reverse("revoke-plate", args=[ONE]), {"reason": " "})
    assert answer.status_code == 422
    assert Plate.objects.filter(revoked_at=None).exists()


def test_revoking_is_written_down_with_its_reason(world: World, cadre: Client) -> None:
    plate, _ = issue_plate(household=world.household, by=None)
    cadre.post(reverse("revoke-plate", args=[ONE]), {"reason": "牌子丢了"})
    line = AuditEvent.objects.get(action="plate.revoke")
    assert (line.actor, line.place, line.detail) == ("cadre", ONE, {"reason": "牌子丢了"})
    assert Client().get(reverse("plate", args=[plate.token])).status_code == 404


@pytest.mark.parametrize(
    ("form", "kind", "begin"), [("png", "image/png", b"\x89PNG"), ("svg", "image/svg+xml", b"<svg")]
)
def test_code_can_be_downloaded(world: World, cadre: Client, form: str, kind: str, begin: bytes) -> None:
    issue_plate(household=world.household, by=None)
    answer = cadre.get(reverse("plate-image", args=[ONE, form]))
    assert answer["Content-Type"] == kind
    assert answer.content.startswith(begin)
    assert "no-store" in answer["Cache-Control"]


def test_code_in_another_form_is_not_found(world: World, cadre: Client) -> None:
    issue_plate(household=world.household, by=None)
    for without in ([ONE, "exe"], [f"{VILLAGE}010002", "png"]):
        answer = cadre.get(reverse("plate-image", args=without))
        assert (answer.status_code, answer["Content-Type"]) == (404, "text/html; charset=utf-8")


def test_reprint_has_the_plates_without_pins(cadre: Client, world: World) -> None:
    press(cadre, "issue-plates")
    page = cadre.get(reverse("plate-sheet"), {"group": f"{VILLAGE}02"})
    assert page.content.decode().count("data:image/png") == 3
    assert pins(page) == []
    assert len(plates_in_force(VILLAGE, group=f"{STRANGE}01")) == 8


def test_incomplete_press_changes_nothing(cadre: Client) -> None:
    answer = cadre.post(reverse("issue-plates"), {"op_id": "x"})
    assert answer.status_code == 400
    assert not Plate.objects.exists()


def test_village_of_640_is_issued_and_drawn_in_time(world: World, cadre: Client) -> None:
    group = world.households[7].group
    Household.objects.bulk_create(
        Household(code=f"{group.code}{number:04d}", group=group, head_name=f"户{number}") for number in range(100, 732)
    )
    begun = time.process_time()
    page = cadre.get(press(cadre, "issue-plates").url)
    assert len(pins(page)) == 640
    assert time.process_time() - begun < 10


def test_handout_list_names_each_household_with_a_plate(world: World, cadre: Client) -> None:
    issue_plate(household=world.household, by=world.user(Role.CADRE))
    page = cadre.get(reverse("plate-handout")).content.decode()
    assert "户牌领取签收表" in page and "共 1 户" in page
    assert "张三丰" in page and "李四光" not in page and "郑南坪" not in page
    assert (
        "还没有户牌"
        in cadre.get(reverse("plate-handout"), {"group": world.household.group_id[:12] + "02"}).content.decode()
    )
