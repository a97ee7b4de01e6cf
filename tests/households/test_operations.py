"""Writes under a client's id: done once, refused once, and one answer for two who ask at the same moment."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from households.models import Operation
from households.operations import Answer, once
from households.refusals import Refused
from households.sql import counted
from tests.scoring.sessions_at_once import OtherSession, held_up
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)
DONE: Answer = {"done": 1}

Act = Callable[[], Answer]


def written() -> list[str]:
    return [one.session_key for one in Session.objects.order_by("session_key")]


def write(text: str) -> Answer:
    """What an act does here: a row that nothing else hangs on."""
    Session.objects.create(session_key=text, session_data="", expire_date=timezone.now())
    return DONE


def refuse(text: str) -> Answer:
    write(text)
    raise Refused("no", "不行。", hint="改天。", fields={"text": text}, status=409)


def ask(op_id: UUID, act: Act, expected: Answer | None = None) -> Answer:
    return once(op_id=op_id, by=None, kind="test", payload=[], act=act, expected=expected)


def heard(asked: Act) -> Answer:
    """The answer, or the refusal by its code."""
    try:
        return asked()
    except Refused as refusal:
        return {"refused": refusal.code}


def at_once(first: Act, second: Act) -> tuple[Answer, Answer]:
    """What two hear who ask under one id, the second while the first is at it."""
    op_id = uuid4()
    rival: list[OtherSession] = []

    def slow() -> Answer:
        rival.append(session := OtherSession(lambda: heard(lambda: ask(op_id, second))))
        until(lambda: session.pid and held_up(session))
        return first()

    told = heard(lambda: ask(op_id, slow))
    answer: Any = rival[0].finish()
    return told, answer


def test_done_once_and_answered_twice() -> None:
    op_id = uuid4()
    assert [ask(op_id, lambda: write("a")) for _ in range(2)] == [DONE, DONE]
    assert written() == ["a"]


def test_refused_leaves_nothing_and_stays_refused() -> None:
    op_id = uuid4()
    for act in (lambda: refuse("a"), lambda: write("b")):
        with pytest.raises(Refused) as told:
            ask(op_id, act)
        assert (told.value.code, told.value.fields, told.value.status) == ("no", {"text": "a"}, 409)
    assert written() == []


def test_crash_leaves_the_id_unused() -> None:
    op_id = uuid4()
    with pytest.raises(ZeroDivisionError):
        ask(op_id, lambda: {"never": 1 // len(written())})
    assert not Operation.objects.exists()
    assert ask(op_id, lambda: write("a")) == DONE


def test_answer_that_was_expected_is_not_written_again() -> None:
    with counted() as plain:
        ask(uuid4(), lambda: write("a"))
    with counted() as foreseen:
        ask(uuid4(), lambda: write("b"), expected=DONE)
    assert len(foreseen) == len(plain) - 1


def test_answer_is_what_was_done_whatever_was_expected() -> None:
    op_id = uuid4()
    assert ask(op_id, lambda: write("a"), expected={"done": 2}) == ask(op_id, lambda: write("b")) == DONE


def test_second_waits_and_hears_the_first() -> None:
    assert at_once(lambda: write("first"), lambda: write("second")) == (DONE, DONE)
    assert written() == ["first"]


def test_whichever_answers_after_a_refusal_answers_for_both() -> None:
    first, second = at_once(lambda: refuse("first"), lambda: write("second"))
    assert first == second
    assert written() == (["second"] if first == DONE else [])
