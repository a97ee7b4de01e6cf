"""A sheet on paper: printed with its code, keyed in by one, by a second from the photo, settled, written."""

import io
import re
from uuid import uuid4

import pytest
from django.urls import reverse

from households.files.papers import table
from households.roles import Role
from scoring.batches.reads import clauses_for
from scoring.batches.rules import ListedHousehold
from scoring.models import PaperSheet, ScoreEvent
from scoring.papers.actions import key_in, print_paper, settle
from scoring.papers.paper import pdf
from tests.constraints import broken
from tests.refusals import refused
from tests.rewards.awards.pdf_text import read
from tests.scoring.batches.many import DEED, HOMES
from tests.scoring.evidence.photographs import picture
from tests.scoring.papers.papered import keyed, line, printed
from tests.world import DAY, MONTH, VILLAGE, World


@pytest.fixture
def paper(world: World) -> PaperSheet:
    return printed(world)


def standing() -> list[str]:
    return sorted(ScoreEvent.objects.standing().values_list("code", flat=True))


def test_blank_sheet_has_every_household_of_the_group_and_its_code(world: World) -> None:
    client = world.client(Role.GROUP_LEADER)
    answer = client.post(reverse("paper-print", args=[MONTH, f"{VILLAGE}01"]))
    made = PaperSheet.objects.get()
    told = "".join(read(answer.content))
    assert "张三丰" in told and "单七星" in told and "曾八方" not in told and made.token in told
    assert client.get(reverse("paper-by-token", args=[made.token]))["Location"] == reverse("paper", args=[made.pk])


def test_blank_sheet_of_ten_is_one_page_with_room_to_write(world: World, paper: PaperSheet) -> None:
    homes = [ListedHousehold(f"{VILLAGE}01{number:04}", "张三丰") for number in range(1, 11)]
    known = clauses_for(MONTH, world.user(Role.GROUP_LEADER))
    [page] = read(pdf(paper, "东山村第1组", homes, known))
    assert page.count("张三丰") == 10 and "签字" in page and known[-1].code in page
    one, two = (table(["户号", "说明"], [["", ""]] * rows, [1, 3]).wrap(400, 400)[1] for rows in (1, 2))
    assert two - one > 20  # points: seven millimetres, for handwriting


def test_two_equal_readings_are_written_as_one_batch(world: World, paper: PaperSheet) -> None:
    assert keyed(world, paper, line(), line(1))["differ"] == -1
    cadre = world.user(Role.CADRE)
    assert keyed(world, paper, line(1), line(), by=cadre)["differ"] == 0
    answer = settle(op_id=uuid4(), paper=paper.pk, choices=[], by=cadre)
    assert answer["added"] == 2 and standing() == HOMES[:2]
    assert set(ScoreEvent.objects.values_list("source", flat=True)) == {"paper"}
    refused("not_settled", lambda: settle(op_id=uuid4(), paper=paper.pk, choices=[], by=cadre))


def test_differences_are_chosen_one_by_one(world: World, paper: PaperSheet) -> None:
    keyed(world, paper, line(), line(1, "WR02"))
    cadre = world.user(Role.CADRE)
    assert keyed(world, paper, line(), line(1, DEED), by=cadre)["differ"] == 1
    refused("choices_missing", lambda: settle(op_id=uuid4(), paper=paper.pk, choices=[], by=cadre))
    settle(op_id=uuid4(), paper=paper.pk, choices=["second"], by=cadre)
    assert sorted(ScoreEvent.objects.values_list("code", "clause__code")) == [(HOMES[0], DEED), (HOMES[1], DEED)]


def test_second_reading_is_another_persons_and_nothing_is_written_before_it(world: World, paper: PaperSheet) -> None:
    leader = world.user(Role.GROUP_LEADER)
    refused("photo_missing", lambda: key_in(op_id=uuid4(), paper=paper.pk, rows=[line()], by=leader))
    keyed(world, paper, line())
    refused("second_person", lambda: keyed(world, paper, line(), by=leader))
    refused("not_settled", lambda: settle(op_id=uuid4(), paper=paper.pk, choices=[], by=leader))
    assert standing() == []


def test_second_reader_does_not_see_the_first_reading(world: World, paper: PaperSheet) -> None:
    keyed(world, paper, line(note="只有第一遍写了"))
    page = reverse("paper", args=[paper.pk])
    assert "只有第一遍写了" not in world.client(Role.CADRE).get(page).content.decode()
    keyed(world, paper, line(), by=world.user(Role.CADRE))
    assert "只有第一遍写了" in world.client(Role.CADRE).get(page).content.decode()


def test_what_the_sheet_refuses_no_paper_writes(world: World, paper: PaperSheet) -> None:
    rows = (line(), line(1, "WR07"))
    keyed(world, paper, *rows)
    cadre = world.user(Role.CADRE)
    keyed(world, paper, *rows, by=cadre)
    refused("paper_refused", lambda: settle(op_id=uuid4(), paper=paper.pk, choices=[], by=cadre))
    assert standing() == [] and PaperSheet.objects.get().batch is None


def test_paper_is_for_its_own_group(world: World, paper: PaperSheet) -> None:
    stranger = world.stranger(Role.CADRE)
    refused("paper_unknown", lambda: keyed(world, paper, line(), by=stranger))
    refused("not_yours", lambda: print_paper(month=MONTH, group=paper.group, by=stranger))
    page = world.client(stranger).get(reverse("paper", args=[paper.pk]))
    assert page.status_code == 404 and "没有找到" in page.content.decode()


def test_page_takes_photo_and_rows(world: World, paper: PaperSheet) -> None:
    client, page = world.client(Role.GROUP_LEADER), reverse("paper", args=[paper.pk])
    op_id = re.search(r'name="op_id" value="([^"]+)"', client.get(page).content.decode())
    assert op_id
    upload = io.BytesIO(picture())
    upload.name = "p.jpg"
    given = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "op_id": op_id[1]}
    given |= {"form-0-whom": "李四光", "form-0-clause": DEED, "form-0-day": str(DAY.day), "form-0-note": "清沟"}
    wrong = client.post(page, {**given, "form-1-whom": "无此人", "form-1-clause": DEED, "form-1-day": "3"})
    assert wrong.status_code == 422 and PaperSheet.objects.get().first is None
    client.post(page, {**given, "photo": upload})
    assert PaperSheet.objects.get().first == [[HOMES[1], str(DAY), DEED, "", "清沟"]]
    assert client.get(reverse("paper-photo", args=[paper.pk]))["Content-Type"] == "image/jpeg"


def test_database_keeps_both_readings(world: World, paper: PaperSheet) -> None:
    keyed(world, paper, line())
    made = PaperSheet.objects.all()
    broken(lambda: made.update(first=[]), "never edited")
    broken(made.delete, "append-only")
    leader = world.user(Role.GROUP_LEADER)
    broken(lambda: made.update(second=[], second_by=leader, second_at=paper.printed_at), "paper_second_by_another")
