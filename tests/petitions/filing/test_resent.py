"""A ticket that comes again: found however its number is spelt, its new text kept, and what the rules say started."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from households.imports.problems import ImportReport
from households.refusals import Refused
from petitions.cases.actions.merging import merge
from petitions.clock_types import ClockKey
from petitions.clocks import clocks
from petitions.clocks.deadlines import histories, limits
from petitions.erasing.actions import erase
from petitions.filing.external import known
from petitions.filing.lists import COLUMNS, import_petitions
from petitions.models import Channel, Petition, PetitionEvent, Way
from petitions.states import PetitionAction, PetitionState
from petitions.steps import closing, routing
from tests.days import today
from tests.petitions.desk import Desk
from tests.petitions.ended_petitions import withdrawn
from tests.world import VILLAGE, World

NUMBER = "SY20240520-0001"
SPELT = "sy20240520－0001 "
FIRST, AGAIN = "三组水沟堵了两个月", "上次答复不属实，水沟没有清，要求重办"


def load(desk: Desk, text: str, number: str = NUMBER, *, title: str = "水沟堵塞", **given: object) -> ImportReport:
    row = f"12345,{number},{today()},{VILLAGE},{title},{text},王某,13800002222,投诉,"
    data = "\n".join([",".join(COLUMNS), row]).encode()
    return import_petitions(**({"name": "list.csv", "data": data, "by": desk.office} | given))


@pytest.fixture
def ticket(desk: Desk) -> Petition:
    return desk.file(
        desk.office, channel=Channel.NET, way=Way.HOTLINE, external_no=NUMBER, title="水沟堵塞", text=FIRST
    )


def lines(petition: Petition) -> list[tuple[str, str]]:
    return list(PetitionEvent.objects.filter(petition=petition, seq__gt=1).values_list("kind", "note"))


def told(report: ImportReport) -> str:
    [note] = report.notes
    assert (note.line, note.column, report.written) == (2, "external_no", not report.dry_run)
    return note.reason


@pytest.mark.parametrize("number", [NUMBER, SPELT])
def test_same_ticket_again_adds_nothing_however_it_is_spelt(desk: Desk, ticket: Petition, number: str) -> None:
    report = load(desk, f" {FIRST} ", number)
    assert (report.counts, report.notes) == ({"登记": 0, "补充": 0, "已有": 1}, [])
    assert (Petition.objects.count(), lines(ticket)) == (1, [])


def test_new_text_of_an_open_one_becomes_a_supplement(desk: Desk, ticket: Petition) -> None:
    reason = told(load(desk, AGAIN, SPELT))
    assert f"已登记为 {ticket.number}（已提交），内容不同：作为补充材料登记，原来的期限照常" in reason
    assert "姓名或电话也不同，没有改动" in reason
    assert lines(ticket) == [(PetitionAction.SUPPLEMENT, f"水沟堵塞\n{AGAIN}")]
    assert load(desk, AGAIN).counts == {"登记": 0, "补充": 0, "已有": 1}


@pytest.mark.parametrize("closed", [False, True])
def test_new_text_after_the_answer_is_handled_again_and_its_clocks_start(
    desk: Desk, ticket: Petition, closed: bool
) -> None:
    desk.answer(desk.handle(desk.assign(desk.accept(ticket))))
    if closed:
        desk.close(desk.confirm(ticket))
    assert "重新办理，期限重新计算" in told(load(desk, AGAIN))
    found = Petition.objects.get(pk=ticket.pk)
    assert found.status is PetitionState.ASSIGNED
    assert [kind for kind, _ in lines(ticket)][-2:] == [PetitionAction.REOPEN, PetitionAction.SUPPLEMENT]
    running = clocks.running(histories([ticket.pk])[ticket.pk], limits())
    assert {clock.key for clock in running} >= {ClockKey.HANDLE, ClockKey.REPLY}
    assert {clock.start for clock in running} == {today()}


def test_new_text_after_the_review_goes_into_the_final_review(desk: Desk, ticket: Petition) -> None:
    desk.answer(desk.handle(desk.assign(desk.accept(ticket))), at=timezone.now() - timedelta(days=20))
    closing.ask_review(op_id=uuid4(), petition=ticket, by=None, note="不服")
    closing.review(op_id=uuid4(), petition=ticket, by=desk.office, outcome="upheld", told="维持")
    assert "进入复核" in told(load(desk, AGAIN))
    assert Petition.objects.get(pk=ticket.pk).status is PetitionState.FINAL_REVIEWING


def test_new_text_of_one_that_was_not_accepted_is_kept_for_the_office_to_decide(desk: Desk, ticket: Petition) -> None:
    routing.not_accept(op_id=uuid4(), petition=ticket, by=desk.office, path="litigation", told="请走诉讼")
    for by in (desk.office, None):
        text = f"{AGAIN}{by}"
        assert "要不要办理，请信访局决定" in told(load(desk, text, by=by))
        assert lines(ticket)[-1] == (PetitionAction.SUPPLEMENT, f"水沟堵塞\n{text}")


def test_new_text_of_a_merged_one_goes_to_the_one_that_took_it_in(desk: Desk, ticket: Petition) -> None:
    main = desk.assigned()
    merge(op_id=uuid4(), petition=ticket, into=main, by=desk.office, told="并案")
    told(load(desk, AGAIN))
    assert (PetitionAction.SUPPLEMENT, f"水沟堵塞\n{AGAIN}") in lines(main)


def test_rehearsal_tells_the_same_and_writes_nothing(desk: Desk, ticket: Petition) -> None:
    assert "作为补充材料登记" in told(load(desk, AGAIN, dry_run=True))
    assert lines(ticket) == []


def test_long_text_is_kept_whole(desk: Desk, ticket: Petition) -> None:
    load(desk, "长" * 4990)
    assert "".join(note for _, note in lines(ticket)) == "水沟堵塞\n" + "长" * 4990


def test_who_may_not_read_it_learns_no_number_and_no_state(desk: Desk) -> None:
    desk.body()
    hidden = desk.accusation(
        f"user:{desk.office.username}",
        channel=Channel.NET,
        way=Way.HOTLINE,
        external_no=NUMBER,
        title="水沟堵塞",
        text=FIRST,
    )
    reason = told(load(desk, AGAIN))
    assert hidden.number not in reason and "已提交" not in reason
    assert [kind for kind, _ in lines(hidden)] == [PetitionAction.SUPPLEMENT]


def test_filing_by_hand_meets_the_same_number_however_it_is_spelt(desk: Desk, ticket: Petition) -> None:
    del ticket
    with pytest.raises(Refused, match="已经登记过") as refusal:
        desk.file(desk.office, channel=Channel.NET, way=Way.HOTLINE, external_no=SPELT)
    assert (refusal.value.code, refusal.value.status) == ("external_exists", 409)
    desk.file(desk.office, channel=Channel.NET, way=Way.REDNET, external_no=SPELT)
    assert Petition.objects.count() == 2


def test_erased_one_is_named_and_stops_nothing(desk: Desk) -> None:
    gone = withdrawn(desk, 10, channel=Channel.NET, way=Way.HOTLINE, external_no=NUMBER, by=desk.office)
    erase(op_id=uuid4(), petition=gone, by=None, extent="all")
    report = load(desk, AGAIN)
    assert "内容已依法清除，没有比对" in told(report)
    assert report.counts == {"登记": 0, "补充": 0, "已有": 1}


def test_page_lists_what_came_again(desk: Desk, ticket: Petition) -> None:
    data = "\n".join([",".join(COLUMNS), f"12345,{SPELT},{today()},{VILLAGE},水沟堵塞,{AGAIN},,,投诉,"]).encode()
    sent = {"list": SimpleUploadedFile("list.csv", data), "how": "rehearse"}
    page = desk.world.client("petition_office").post(reverse("petition-import"), sent).content.decode()
    assert f"已登记为 {ticket.number}（已提交），内容不同" in page and "补充 1" in page


@pytest.mark.parametrize("spelt", [NUMBER, SPELT, "ＳＹ２０２４０５２０—0001", "SY 20240520-\u200b0001"])
def test_numbers_are_found_folded(world: World, spelt: str) -> None:
    desk = Desk(world)
    filed = desk.file(desk.office, channel=Channel.NET, way=Way.HOTLINE, external_no=NUMBER)
    assert known([("hotline", spelt), ("hotline", "SY20240520-0002")]) == {("hotline", spelt): filed.pk}
