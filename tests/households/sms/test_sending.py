"""Sending SMS: once each, in working hours, never again when nobody can know, to nobody who does not want it."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet

from dongkou.layout import BASE_DIR
from households.models import Household, OutboxMessage, OutboxState
from households.outbox.actions import choose_sms
from households.outbox.kinds import kind_of
from households.register.phones import encrypt
from households.sms import sending
from households.sms.recipients import mobile
from households.sms.sending import LEASE, PAUSES, TRIES, send_due
from households.workdays.workdays import SHANGHAI
from tests.households.sms.provider import provider, through
from tests.processes import environment
from tests.together import together
from tests.world import World

AT = datetime(2024, 6, 12, 10, 0, tzinfo=SHANGHAI)  # a Wednesday
CHILD = """
import django, os
from datetime import datetime
django.setup()
from households.sms.sending import send_due
send_due(at=datetime.fromisoformat(os.environ["AT"]))
"""


def waiting(**given: Any) -> OutboxMessage:
    more = {"key": f"k{OutboxMessage.objects.count()}", "kind": "objection.ruled", "made_at": AT, "due_at": AT}
    return OutboxMessage.objects.create(**more | given)


def state(message: OutboxMessage) -> str:
    message.refresh_from_db()
    return message.state


@pytest.mark.django_db
def test_message_is_handed_over_once_with_its_sentence_alone(world: World, settings: Any) -> None:
    message = waiting(household=world.household.code)
    with provider() as server:
        settings.SMS = through(server)
        assert send_due(at=AT) == {"handed": 1}
        assert send_due(at=AT + timedelta(days=1)) == {}
    [got] = map(json.loads, server.got)
    assert got == {"phone": "13800000001", "text": "关于您家的异议有了裁定。请扫户牌看。", "id": str(message.pk)}
    assert state(message) == OutboxState.HANDED and message.handed_at == AT and message.attempts == 1


@pytest.mark.django_db
def test_refusing_provider_is_asked_again_with_growing_pauses_and_then_no_more(world: World, settings: Any) -> None:
    message, at = waiting(household=world.household.code), AT
    with provider(500) as server:
        settings.SMS = through(server)
        for pause in PAUSES[:2]:
            assert send_due(at=at) == {"no": 1}
            assert send_due(at=at + pause - timedelta(minutes=1)) == {}
            at += pause
        OutboxMessage.objects.update(attempts=TRIES - 1, due_at=AT)
        assert send_due(at=AT) == {"no": 1}
        assert send_due(at=AT + timedelta(days=2)) == {}
    assert state(message) == OutboxState.REFUSED and len(server.got) == 3


@pytest.mark.django_db
def test_no_clear_answer_is_said_so_and_never_sent_again(world: World, settings: Any) -> None:
    message = waiting(household=world.household.code)
    with provider(0) as server:
        settings.SMS = through(server)
        assert send_due(at=AT) == {"unsure": 1}
        assert send_due(at=AT + timedelta(days=1)) == {}
    assert state(message) == OutboxState.UNSURE and message.handed_at is None and len(server.got) == 1


@pytest.mark.django_db
def test_gateway_that_is_down_costs_one_try_a_run(world: World, settings: Any) -> None:
    for household in world.households[:2]:
        waiting(household=household.code)
    with provider() as server:
        settings.SMS = through(server)
    assert send_due(at=AT) == {"not_reached": 1}
    tries = OutboxMessage.objects.order_by("id").values_list("attempts", "state")
    assert list(tries) == [(1, "waiting"), (0, "waiting")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "at",
    [
        datetime(2024, 6, 12, 8, 0, tzinfo=SHANGHAI),
        datetime(2024, 6, 12, 18, 0, tzinfo=SHANGHAI),
        datetime(2024, 6, 15, 10, 0, tzinfo=SHANGHAI),  # a Saturday
        datetime(2024, 6, 10, 10, 0, tzinfo=SHANGHAI),  # 端午节
    ],
)
def test_nothing_goes_out_outside_working_hours(world: World, settings: Any, at: datetime) -> None:
    message = waiting(household=world.household.code, made_at=at, due_at=at)
    with provider() as server:
        settings.SMS = through(server)
        assert send_due(at=at) == {}
    assert server.got == [] and state(message) == OutboxState.WAITING


@pytest.mark.django_db
def test_whoever_wants_none_has_no_number_or_was_told_long_ago_gets_none(world: World, settings: Any) -> None:
    choose_sms(household=world.household.code, wanted=False)
    landline = world.households[1].code
    Household.objects.filter(pk=landline).update(phone=encrypt("0739-7123456"))
    made = {
        OutboxState.NO_SMS: waiting(household=world.household.code),
        OutboxState.NO_NUMBER: waiting(household=landline),
        OutboxState.REFUSED: waiting(household=world.households[2].code, made_at=AT - timedelta(days=8)),
    }
    Household.objects.filter(pk=world.households[2].code).update(phone=encrypt("13800000003"))
    without = waiting(household=world.households[3].code)
    with provider() as server:
        settings.SMS = through(server)
        send_due(at=AT)
    assert server.got == [] and state(without) == OutboxState.NO_NUMBER
    assert [state(message) for message in made.values()] == list(made)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_message_once(world: World, settings: Any) -> None:
    for number in range(6):
        waiting(key=str(number), household=world.household.code)
    with provider() as server:
        settings.SMS = through(server)
        together(lambda: send_due(at=AT), lambda: send_due(at=AT))
    sent = sorted(json.loads(one)["id"] for one in server.got)
    assert sent == sorted(str(one.pk) for one in OutboxMessage.objects.filter(state="handed"))
    assert len(sent) == 6


def both_looking(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Neither of two workers goes on before both hold a message, so that what the lock does is seen each time: which they hold."""
    look, meeting, held = sending.phone_of, Barrier(2), []

    def phone_of(message: OutboxMessage) -> str | None:
        held.append(message.pk)
        with suppress(BrokenBarrierError):
            meeting.wait(10)
        meeting.abort()
        return look(message)

    monkeypatch.setattr(sending, "phone_of", phone_of)
    return held


def ids_sent(settings: Any) -> list[str]:
    """What two workers at once sent of two messages that wait."""
    with provider() as server:
        settings.SMS = through(server)
        together(lambda: send_due(at=AT), lambda: send_due(at=AT))
    return sorted(json.loads(one)["id"] for one in server.got)


@pytest.mark.django_db(transaction=True)
def test_two_workers_who_look_at_the_same_moment_hold_two_messages(
    world: World, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = [waiting(household=world.household.code) for _ in range(2)]
    held = both_looking(monkeypatch)
    assert ids_sent(settings) == sorted(str(one.pk) for one in messages)
    assert sorted(held) == [one.pk for one in messages]


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_hold_one_message(world: World, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: the same two workers, when taking a message holds no row. Only the trigger may still stop the second one."""
    first, _second = [waiting(household=world.household.code) for _ in range(2)]
    held = both_looking(monkeypatch)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda found, **_: found)
    with suppress(IntegrityError):
        ids_sent(settings)
    assert held[:2] == [first.pk, first.pk]


@pytest.mark.django_db(transaction=True)
def test_worker_killed_after_sending_leaves_a_message_that_is_not_sent_again(world: World, settings: Any) -> None:
    message, child = waiting(household=world.household.code), []

    def kill() -> int:
        os.kill(child[0].pid, signal.SIGKILL)
        return 0

    with provider(kill) as server:
        given = environment() | {"DONGKOU_SMS": "http", "DONGKOU_SMS_URL": server.url, "AT": AT.isoformat()}
        given["DJANGO_SETTINGS_MODULE"] = "dongkou.settings"
        child.append(subprocess.Popen([sys.executable, "-c", CHILD], env=given, cwd=BASE_DIR))
        assert child[0].wait(60) == -signal.SIGKILL
        assert state(message) == OutboxState.SENDING
        settings.SMS = through(server)
        assert send_due(at=AT + LEASE / 2) == {}
        assert send_due(at=AT + LEASE + timedelta(minutes=1)) == {"unsure": 1}
        assert send_due(at=AT + timedelta(days=1)) == {}
    assert state(message) == OutboxState.UNSURE and len(server.got) == 1


def test_sentences_say_no_figure_and_no_name() -> None:
    kinds = {name for path in Path(BASE_DIR).glob("*/house/outbox.py") for name in _names(path.read_text())}
    texts = [kind.text for kind in map(kind_of, kinds) if kind]
    assert len(texts) >= 9
    assert not [text for text in texts if any(sign.isdecimal() or sign in "%{}" for sign in text)]


def _names(source: str) -> list[str]:
    return [part.split('"')[1] for part in source.split("OutboxKind(")[1:]]


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        *(("138-0000-0001", "13800000001"), ("+86 138 0000 0001", "13800000001"), ("8613800000001", "13800000001")),
        *(("0739-7123456", ""), ("1380000000", ""), ("12345", ""), ("", ""), ("13800000001;DROP", "")),
    ],
)
def test_mobile_numbers_are_known_however_they_are_written(written: str, digits: str) -> None:
    assert mobile(written) == digits
