"""给我家的消息: which events tell a household or a filer, in which fixed words, once, and to nobody else."""

import re
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from dongkou.layout import BASE_DIR
from households import audit
from households.models import AuditEvent, NoSms, OutboxMessage, OutboxState
from households.outbox import reads
from households.outbox.actions import KEPT, choose_sms, erase, forget, put
from households.outbox.kinds import kind_of
from households.own_data.actions import answer_correction, ask_correction
from households.plates.actions.pins import renew_pin
from households.plates.actions.plates import issue_plate
from households.roles import Role
from petitions.steps import history
from scoring.freezing import post
from scoring.ledger import expiry
from scoring.ledger.owners import Owner
from scoring.objections.actions import steps
from scoring.objections.actions.filing import ObjectionFiling, file_by_household
from tests.audit_failure import audit_down
from tests.constraints import broken
from tests.scoring.earning import earn
from tests.scoring.objections.objecting import ruled
from tests.world import COUNTY, LONG_AFTER, MONTH, STRANGE, VILLAGE, World

pytestmark = pytest.mark.django_db
ELSEWHERE = f"{STRANGE}010002"
PLANTED = "烟花爆竹的旧账"


def told(code: str) -> list[str]:
    return [one.text for one in reads.of_household(code)]


def kinds() -> list[str]:
    return list(OutboxMessage.objects.order_by("id").values_list("kind", flat=True))


def test_objection_is_told_when_it_comes_in_and_when_it_is_ruled_on(world: World) -> None:
    event = world.record(world.household.code, "WJ02")
    world.frozen_month()
    OutboxMessage.objects.all().delete()
    filing = ObjectionFiling(MONTH, world.household.code, PLANTED, event.pk)
    filed = file_by_household(op_id=uuid4(), filing=filing)
    assert told(world.household.code) == ["关于您家的异议收到了。"]
    ruled(filed["id"], world.user(Role.TOWNSHIP), upheld=False)
    assert told(world.household.code) == ["关于您家的异议有了裁定。", "关于您家的异议收到了。"]
    assert told(world.households[1].code) == []


def test_posting_tells_once_whoever_has_something_in_it(world: World) -> None:
    world.record(world.household.code, "WJ02")
    world.record(world.household.code, "WJ02", document_no="二")
    world.declare(world.village)
    world.approve(world.village)
    for _ in range(2):
        post(month=MONTH, on=LONG_AFTER)
    assert [(one.kind, one.household) for one in OutboxMessage.objects.all()] == [
        ("event.posted", world.household.code)
    ]


def test_points_that_will_lapse_are_told_once_for_each_notice(world: World) -> None:
    earn(Owner("household", world.household.code), 10, year=2024)
    for day in (date(2025, 12, 11), date(2025, 12, 12)):
        for place in expiry.places():
            expiry.remind(place, on=day)
    assert told(world.household.code) == ["您家有积分快到期了。"]


def test_answered_request_and_new_pin_are_told_without_their_words(world: World) -> None:
    asked = ask_correction(household=world.household, words=PLANTED)
    answer_correction(request=asked, corrected=True, words=PLANTED, by=world.user(Role.CADRE))
    plate, _pin = issue_plate(household=world.household, by=world.user(Role.CADRE))
    assert kinds() == ["correction.answered"]
    renew_pin(plate=plate, by=world.user(Role.CADRE))
    issue_plate(household=world.household, by=world.user(Role.CADRE))
    assert kinds() == ["correction.answered", "plate.renewed", "plate.renewed"]
    assert PLANTED not in str(list(OutboxMessage.objects.values()))


def test_nothing_is_told_when_the_action_fails(world: World) -> None:
    asked = ask_correction(household=world.household, words="改电话")
    with audit_down():
        answer_correction(request=asked, corrected=True, words="好", by=world.user(Role.CADRE))
    assert not OutboxMessage.objects.exists()


def test_same_event_told_twice_is_there_once() -> None:
    for _ in range(2):
        put("correction.answered", key=1, households=[f"{VILLAGE}010001"])
    assert OutboxMessage.objects.count() == 1


def test_without_a_gateway_nothing_waits_for_one() -> None:
    put("correction.answered", key=1, households=[f"{VILLAGE}010001"])
    assert OutboxMessage.objects.get().state == OutboxState.NO_SMS


def test_database_keeps_what_was_told_and_how_it_ended() -> None:
    put("correction.answered", key=1, households=[f"{VILLAGE}010001"])
    told_once = OutboxMessage.objects.all()
    for change in ({"kind": "other"}, {"state": OutboxState.WAITING}, {"household": f"{VILLAGE}010002"}):
        broken(lambda change=change: told_once.update(**change), "what was told stands")


def test_database_refuses_halves() -> None:
    good = {"key": "a", "kind": "k", "household": f"{VILLAGE}010001"}
    wrong = (
        ({"household": ""}, "outbox_to_one"),
        ({"petition": "430726-2024-000001"}, "outbox_to_one"),
        ({"kind": ""}, "outbox_whole"),
        ({"state": "lost"}, "outbox_state_known"),
        ({"state": "handed"}, "outbox_handed_at_a_time"),
        ({"quiet": True}, "outbox_quiet_is_not_sent"),
    )
    for given, name in wrong:
        broken(lambda given=good | given: OutboxMessage.objects.create(**given), name)


def test_old_messages_go_and_those_of_whoever_is_erased(world: World) -> None:
    put("correction.answered", key=1, households=[world.household.code], petitions=["430726-2024-000001"])
    assert forget() == 0
    erase(petitions=["430726-2024-000001"])
    assert told(world.household.code) and reads.of_petition("430726-2024-000001") == []
    choose_sms(household=world.household.code, wanted=False)
    erase(households=[world.household.code])
    assert not OutboxMessage.objects.exists() and not NoSms.objects.exists()
    OutboxMessage.objects.create(key="old", kind="k", household="1", made_at=timezone.now() - KEPT - timedelta(days=1))
    assert forget() == 1


def test_counts_are_of_the_place_by_kind_and_state_and_leave_out_what_is_quiet(world: World) -> None:
    put("correction.answered", key=1, households=[world.household.code, ELSEWHERE])
    put("plate.renewed", key=1, households=[world.household.code], quiet=True)
    put("petition.answered", key=1, petitions=[f"{COUNTY}-2024-000001"])
    of_village = [(one.label, one.all) for one in reads.counts(VILLAGE, petitions=False)]
    assert of_village == [("更正请求的答复", 1)]
    of_county = [(one.label, one.all) for one in reads.counts(COUNTY, petitions=True)]
    assert of_county == [("更正请求的答复", 2), ("信访有答复", 1)]


def test_staff_page_says_numbers_of_its_own_place_and_no_household(world: World) -> None:
    put("correction.answered", key=1, households=[world.household.code, ELSEWHERE])
    page = world.client(Role.CADRE).get(reverse("outbox")).content.decode()
    assert "更正请求的答复" in page and world.household.code not in page and "1380000" not in page


def test_slips_name_those_of_the_village_whom_no_sms_reached_and_say_nothing_more(world: World) -> None:
    put("correction.answered", key=1, households=[world.household.code, ELSEWHERE])
    put("plate.renewed", key=1, households=[world.households[1].code], quiet=True)
    OutboxMessage.objects.create(
        key="sent",
        kind="plate.renewed",
        household=world.households[2].code,
        state=OutboxState.HANDED,
        handed_at=timezone.now(),
    )
    page = world.client(Role.CADRE).get(reverse("outbox-slips")).content.decode()
    assert "张三丰" in page and "您家提的更正请求，村里答复了。" in page
    assert not [name for name in ("李四光", "王五一", "冯南坪") if name in page]
    assert AuditEvent.objects.filter(action="household.print").count() == 1


def test_household_says_that_it_wants_no_sms_and_takes_it_back(world: World) -> None:
    choose_sms(household=world.household.code, wanted=False)
    choose_sms(household=world.household.code, wanted=False)
    assert not reads.wants_sms(world.household.code)
    choose_sms(household=world.household.code, wanted=True)
    assert reads.wants_sms(world.household.code)
    roles = AuditEvent.objects.filter(action__startswith="sms.").values_list("role", flat=True)
    assert set(roles) == {audit.VILLAGER}


def test_every_kind_that_the_code_puts_is_spoken_for() -> None:
    rooms = ("households", "scoring", "petitions", "rewards")
    sources = [path.read_text() for room in rooms for path in Path(BASE_DIR, room).rglob("*.py")]
    put_kinds = {name for text in sources for name in re.findall(r'\bput\(\s*"([a-z._]+)"', text)}
    put_kinds |= set(history.TOLD.values()) | set(steps.TOLD.values())
    assert len(put_kinds) >= 10 and [name for name in put_kinds if kind_of(name) is None] == []
