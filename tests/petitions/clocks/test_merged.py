"""Merging never makes anybody wait longer."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from petitions.cases.actions import merging
from petitions.clock_types import ClockKey
from petitions.clocks.clocks import due_on, since
from petitions.clocks.deadlines import drifts
from petitions.clocks.explain import explain_clock
from petitions.models import Petition
from petitions.steps import closing
from tests.petitions.clocks.histories import clock, history, line, on
from tests.petitions.desk import Desk
from tests.world import World

EARLIER = [line("file", "2024-03-01"), line("accept", "2024-03-05")]
LATER = [line("file", "2024-04-01"), line("accept", "2024-04-03")]
OLD = "430525-2024-000001"


def taken_in(given, when="2024-04-10"):
    return line("tell", when, merged=OLD, since=given)


def test_the_later_one_takes_over_the_earlier_day() -> None:
    given = since(history(*EARLIER))
    assert given == {"handle": "2024-03-05"}
    found = clock(ClockKey.HANDLE, *LATER, taken_in(given))
    assert (found.due, found.merged) == (due_on(history(*EARLIER)), OLD)


def test_the_earlier_one_keeps_its_own_day() -> None:
    found = clock(ClockKey.HANDLE, *EARLIER, taken_in(since(history(*LATER))))
    assert (found.due, found.merged) == (on("2024-05-04"), "")


def test_pauses_and_extensions_are_handed_over() -> None:
    lines = [*EARLIER, line("pause", "2024-03-10"), line("resume", "2024-03-20"), line("extend", "2024-03-25", days=5)]
    given = since(history(*lines))
    assert given == {"handle": "2024-03-20"}
    assert clock(ClockKey.HANDLE, *LATER, taken_in(given)).due == due_on(history(*lines))


def test_a_clock_that_starts_later_counts_from_the_handed_over_day() -> None:
    lines = [line("file", "2024-04-01"), taken_in({"handle": "2024-03-05"}, "2024-04-02"), line("accept", "2024-04-03")]
    assert clock(ClockKey.HANDLE, *lines).due == on("2024-05-04")


def test_what_was_handed_over_counts_once() -> None:
    lines = [*LATER, taken_in({"handle": "2024-03-05"}), line("answer", "2024-04-20"), line("reopen", "2024-04-25")]
    assert clock(ClockKey.HANDLE, *lines).due == on("2024-06-24")


def test_the_page_says_from_which_petition_the_days_count() -> None:
    found = clock(ClockKey.HANDLE, *LATER, taken_in({"handle": "2024-03-05"}))
    assert OLD in explain_clock(found, on("2024-04-11")).lines[0].text


def let_go(when: str):
    return line("tell", when, unmerged=OLD)


def test_what_was_let_go_counts_no_longer() -> None:
    lines = [*LATER, taken_in(since(history(*EARLIER))), let_go("2024-04-12")]
    found = clock(ClockKey.HANDLE, *lines)
    assert (found.start, found.due, found.merged) == (on("2024-04-03"), on("2024-06-02"), "")


def test_what_was_let_go_before_it_counted_never_does() -> None:
    lines = [line("file", "2024-04-01"), taken_in({"handle": "2024-03-05"}, "2024-04-02"), let_go("2024-04-02")]
    assert clock(ClockKey.HANDLE, *lines, line("accept", "2024-04-03")).start == on("2024-04-03")


def test_reopened_after_it_was_let_go_counts_from_there() -> None:
    answered = [*LATER, line("answer", "2024-04-05"), taken_in({"handle": "2024-03-05"})]
    lines = [*answered, let_go("2024-04-20"), line("reopen", "2024-04-25")]
    assert clock(ClockKey.HANDLE, *lines).due == on("2024-06-24")
    assert clock(ClockKey.HANDLE, *answered, line("reopen", "2024-04-25")).start == on("2024-03-05")


def test_others_that_were_taken_in_still_count() -> None:
    other = line("tell", "2024-04-09", merged="430525-2024-000002", since={"handle": "2024-03-20"})
    lines = [*LATER, other, taken_in({"handle": "2024-03-05"}), let_go("2024-04-12")]
    found = clock(ClockKey.HANDLE, *lines)
    assert (found.start, found.merged) == (on("2024-03-20"), "430525-2024-000002")


def test_earliest_of_those_taken_in_counts() -> None:
    other = line("tell", "2024-04-09", merged="430525-2024-000002", since={"handle": "2024-03-20"})
    for lines in ([other, taken_in({"handle": "2024-03-05"})], [taken_in({"handle": "2024-03-05"}), other]):
        found = clock(ClockKey.HANDLE, *LATER, *lines)
        assert (found.start, found.merged) == (on("2024-03-05"), OLD)


def test_petition_of_the_same_day_lends_no_number() -> None:
    found = clock(ClockKey.HANDLE, *LATER, taken_in({"handle": "2024-04-03"}))
    assert (found.start, found.merged) == (on("2024-04-03"), "")


def test_ended_clock_keeps_how_it_was_counted() -> None:
    lines = [*LATER, taken_in({"handle": "2024-03-05"}), line("answer", "2024-05-10"), let_go("2024-05-12")]
    found = clock(ClockKey.HANDLE, *lines)
    assert (found.start, found.late_on(found.ended)) == (on("2024-03-05"), True)


STEPS_OF_MAIN = st.lists(st.sampled_from(["take", "let go", "answer", "reopen", "pause", "resume"]), max_size=12)


@given(STEPS_OF_MAIN)
def test_after_letting_go_only_its_own_days_are_left(steps: list[str]) -> None:
    """Whatever happened: once it is let go, running clocks are those of the same history without the other petition."""
    whole, alone = [*LATER], [*LATER]
    for number, step in enumerate(steps, start=10):
        when = f"2024-04-{number}"
        if step in ("take", "let go"):
            whole.append(taken_in({"handle": "2024-03-05"}, when) if step == "take" else let_go(when))
        else:
            whole.append(line(step, when))
            alone.append(line(step, when))
    whole.append(let_go("2024-04-30"))
    assert due_on(history(*whole)) == due_on(history(*alone))


@pytest.mark.django_db
def test_shown_day_is_the_recomputed_one_after_an_unmerge(world: World) -> None:
    desk, ago = Desk(world), timezone.now() - timedelta(days=50)
    main, twin = desk.accepted(at=timezone.now() - timedelta(days=10)), desk.accepted(at=ago)
    alone = Petition.objects.get(pk=main.pk).due_on
    merging.merge(op_id=uuid4(), petition=twin, into=main, by=desk.office, told="并案")
    assert Petition.objects.get(pk=main.pk).due_on < alone
    op_id = uuid4()
    for _ in range(2):
        merging.unmerge(op_id=op_id, petition=twin, by=desk.office, note="不是一回事")
    assert Petition.objects.get(pk=main.pk).due_on == alone
    assert list(drifts()) == []
    assert desk.lines(main)[-2:] == ["tell", "tell"]


@pytest.mark.django_db
def test_reopened_main_is_due_by_its_own_days_after_an_unmerge(world: World) -> None:
    desk = Desk(world)
    main, twin = desk.answered(), desk.accepted()
    merging.merge(op_id=uuid4(), petition=twin, into=main, by=desk.office, told="并案")
    merging.unmerge(op_id=uuid4(), petition=twin, by=desk.office, note="不是一回事")
    reopened = closing.reopen(op_id=uuid4(), petition=main, by=desk.office, note="没有修好")
    assert reopened.due_on == timezone.localdate() + timedelta(days=60)
    assert list(drifts()) == []
