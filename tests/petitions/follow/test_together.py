"""What the filer's page puts first: the answer that stands, what is owed apart from their rights, and how a merged matter goes on."""

from uuid import uuid4

import pytest

from petitions.cases.actions import merging
from petitions.clocks.deadlines import explained
from petitions.follow.page import DECISIONS, OF_THE_OTHER, SHARED, FollowPage, page_of
from petitions.models import Petition
from petitions.states import PetitionAction
from petitions.steps import closing, handling
from petitions.templatetags.clocks import pressing, settled
from tests.petitions.desk import Desk

TOLD = "您反映的事项已经合并办理。"


@pytest.fixture
def pair(desk: Desk) -> tuple[Petition, Petition]:
    """One that was merged, and the one that took it in."""
    main, other = desk.assigned(title="占地补偿"), desk.accepted(title="补偿没有到", name="李四光")
    merged = merging.merge(op_id=uuid4(), petition=other, into=main, by=desk.office, told=TOLD)
    main.refresh_from_db()
    return merged, main


def seen_by_filer(petition: Petition) -> FollowPage:
    return page_of(Petition.objects.select_related("place", "merged_into").get(pk=petition.pk))


def test_answer_stands_first(desk: Desk) -> None:
    decision = seen_by_filer(desk.answered()).decision
    assert decision is not None and (decision.title, decision.told) == ("承办单位答复", "路已经修好。")


def test_nothing_stands_before_an_answer(desk: Desk) -> None:
    assert seen_by_filer(desk.handled()).decision is None


def test_answer_no_longer_stands_once_it_is_reopened(desk: Desk) -> None:
    petition = closing.reopen(op_id=uuid4(), petition=desk.answered(), by=None, note="没有修")
    assert seen_by_filer(petition).decision is None


def test_answer_still_stands_when_it_is_closed(desk: Desk) -> None:
    decision = seen_by_filer(desk.closed()).decision
    assert decision is not None and decision.told == "路已经修好。"


@pytest.mark.parametrize(("state", "owed"), [("filed", ["accept"]), ("assigned", ["handle"]), ("answered", [])])
def test_what_is_owed_is_apart_from_rights(desk: Desk, state: str, owed: list[str]) -> None:
    petition = desk.file() if state == "filed" else getattr(desk, state)()
    page = seen_by_filer(petition)
    assert [clock.clock.key for clock in page.owed] == owed
    assert len(page.owed) + len(page.rights) == len(page.clocks)


def test_filer_of_a_merged_one_reads_how_the_other_goes_on(desk: Desk, pair: tuple[Petition, Petition]) -> None:
    merged, main = pair
    desk.answer(desk.handle(main), told="差的钱已经打到折子上。")
    lines = seen_by_filer(merged).together
    assert [line.title for line in reversed(lines)] == [
        "那一件登记",
        "信访局受理",
        "交给林业局办理",
        "承办单位报告已经办理，准备答复",
        "承办单位答复",
    ]
    assert lines[0].told == "差的钱已经打到折子上。"


def test_words_meant_for_the_other_filer_alone_stay_his(desk: Desk, pair: tuple[Petition, Petition]) -> None:
    merged, main = pair
    closing.supplement(op_id=uuid4(), petition=main, by=None, note="我家的账号是")
    handling.tell(op_id=uuid4(), petition=main, by=desk.office, told="请您来取材料")
    page = seen_by_filer(merged)
    assert not [line for line in page.together if line.own or "取材料" in line.told or "账号" in line.told]


def test_filer_of_the_main_one_reads_that_another_came_in(pair: tuple[Petition, Petition]) -> None:
    page = seen_by_filer(pair[1])
    assert page.lines[0].title == "另一件相同的事并进来，一起办" and page.together == []


def test_filer_of_a_merged_one_is_told_that_the_other_confirmed(desk: Desk, pair: tuple[Petition, Petition]) -> None:
    merged, main = pair
    desk.confirm(desk.answer(desk.handle(main)))
    assert seen_by_filer(merged).together[0].title == "那一件的来信人确认已经解决"


def test_what_is_shared_never_holds_a_step_of_the_inside() -> None:
    inside = {PetitionAction.NOTE, PetitionAction.UNMASK, PetitionAction.TELL, PetitionAction.SUPPLEMENT}
    assert not inside & set(SHARED) and set(DECISIONS) | set(OF_THE_OTHER) <= set(SHARED)


def test_clocks_that_press_come_first_and_every_clock_once(desk: Desk) -> None:
    told = explained(desk.answered())
    now, past = pressing(told), settled(told)
    assert sorted(map(id, now + past)) == sorted(map(id, told))
    assert all(clock.clock.running for clock in now) and not [one for one in past if one.clock.running and not one.late]


def test_unit_is_warned_that_others_read_its_answer(desk: Desk, pair: tuple[Petition, Petition]) -> None:
    desk.handle(pair[1])
    page = desk.world.client(desk.handler).get(f"/petitions/{pair[1].number}/").content.decode()
    assert "并入本件的来信人也会看到这段答复" in page
    alone = desk.handled()
    assert "也会看到这段答复" not in desk.world.client(desk.handler).get(f"/petitions/{alone.number}/").content.decode()
