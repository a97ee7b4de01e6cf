"""给您的消息: what the filer of a petition is told beyond its steps, and what is kept from every telephone."""

import json
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from households.models import OutboxMessage, OutboxState
from households.outbox import reads
from households.outbox.actions import choose_sms
from households.sms.sending import send_due
from households.workdays.workdays import SHANGHAI
from petitions.cases.actions import merging
from petitions.erasing import actions as erasing
from petitions.house.outbox import phone_of
from petitions.models import Petition
from petitions.steps import handling, routing
from tests.households.sms.provider import provider, through
from tests.petitions.desk import Desk
from tests.petitions.ended_petitions import answered_and_closed
from tests.petitions.filers import Filer, open_with
from tests.world import World

pytestmark = pytest.mark.django_db
AT = datetime(2024, 6, 12, 10, 0, tzinfo=SHANGHAI)  # a Wednesday


def texts(petition: Petition) -> list[str]:
    return [one.text for one in reads.of_petition(petition.number)]


def test_answer_words_and_another_due_day_are_told_in_fixed_words(desk: Desk) -> None:
    petition = desk.assigned()
    assert texts(petition) == []
    handling.tell(op_id=uuid4(), petition=petition, by=desk.handler, told="请带上土地证的复印件")
    assert texts(petition) == ["您反映的事有新的说明，可能要您补充。"]
    routing.extend(op_id=uuid4(), petition=petition, by=desk.office, days=5, told="要等测绘")
    assert texts(petition)[0] == "您反映的事，办理期限有变动。"
    petition.refresh_from_db()
    desk.answer(desk.handle(petition))
    assert texts(petition)[0] == "您反映的事有答复了。"
    assert "土地证" not in str(list(OutboxMessage.objects.values()))


def test_accusation_is_told_on_its_page_alone(desk: Desk) -> None:
    petition = desk.accept(desk.accusation("user:cadre"))
    routing.pause(op_id=uuid4(), petition=petition, by=desk.office, told="等鉴定")
    [said] = OutboxMessage.objects.filter(petition=petition.number)
    assert said.quiet and said.state == "no_sms"
    assert phone_of(petition.number) is None


def test_follow_page_says_what_was_told(world: World) -> None:
    petition, code = Filer(world.household).filed()
    OutboxMessage.objects.create(key="a", kind="petition.told", petition=petition.number)
    OutboxMessage.objects.create(key="b", kind="petition.due_moved", petition=f"{petition.number[:-1]}9")
    filer = Filer()
    open_with(filer.client, petition.number, code)
    page = filer.client.get("/petitions/follow/").content.decode()
    assert "您反映的事有新的说明，可能要您补充。" in page and "办理期限有变动" not in page


def test_number_goes_to_nobody_whose_household_wants_no_sms(world: World) -> None:
    petition, _code = Filer(world.household).filed(name="张三丰", phone="13812345678")
    assert phone_of(petition.number) == "13812345678"
    choose_sms(household=world.household.code, wanted=False)
    assert phone_of(petition.number) is None


def test_messages_go_with_what_is_erased(desk: Desk) -> None:
    petition = answered_and_closed(desk, 6)
    assert texts(petition)
    erasing.erase(op_id=uuid4(), petition=petition, by=None, extent="all")
    assert texts(petition) == []


def test_filer_of_a_merged_petition_is_told_of_the_answer(desk: Desk) -> None:
    main, other = desk.assigned(), desk.accepted(name="李四光")
    merging.merge(op_id=uuid4(), petition=other, into=main, by=desk.office, told="合并办理。")
    main.refresh_from_db()
    desk.answer(desk.handle(main))
    assert texts(other)[0] == texts(main)[0] == "您反映的事有答复了。"


def waiting_for(petition: Petition) -> OutboxMessage:
    given = {"kind": "petition.answered", "petition": petition.number, "made_at": AT, "due_at": AT}
    return OutboxMessage.objects.create(key=petition.number, **given)


def test_petition_goes_to_the_number_that_was_given_with_it_and_says_nothing_of_it(desk: Desk, settings: Any) -> None:
    petition = desk.file(phone="138 0013 8000")
    waiting_for(petition)
    accusation = desk.accusation(phone="13800138001")
    kept = waiting_for(accusation)
    with provider() as server:
        settings.SMS = through(server)
        send_due(at=AT)
    [got] = map(json.loads, server.got)
    assert got["phone"] == "13800138000" and got["text"] == "您反映的事有答复了。请用编号和查询码看办理进展。"
    assert OutboxMessage.objects.get(pk=kept.pk).state == OutboxState.NO_SMS
