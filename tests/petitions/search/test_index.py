"""The words that are kept with petitions: written with each step, gone with the content, made anew where they lack."""

from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from dongkou.keys import FieldKeys
from petitions import tasks
from petitions.models import Petition, PetitionWords
from petitions.search.index import Part, Text, digests, digests_of, recipe
from petitions.search.indexing import index_petitions, unindexed, wrong_words
from petitions.search.words import grams
from petitions.steps import closing, handling
from tests.petitions.desk import Desk

pytestmark = pytest.mark.django_db


def words(petition: Petition) -> set[int]:
    return set(PetitionWords.objects.get(petition=petition).words)


def digest(part: Part, gram: str) -> int:
    return digests(part, [gram])[0]


def test_filing_keeps_the_words_of_title_and_text(desk: Desk) -> None:
    kept = words(desk.file(title="门前的路", text="桥断了"))
    assert {digest(Part.CLEAR, "c:门前"), digest(Part.TOLD, "c:桥断"), digest(Part.TOLD, "s:qiao duan")} <= kept
    assert digest(Part.TOLD, "c:门前") not in kept


def test_enterprise_lies_in_clear_too(desk: Desk) -> None:
    kept = words(desk.file(channel="enterprise", way="enterprise", enterprise="洞口雪峰蜜橘公司"))
    assert digest(Part.CLEAR, "c:蜜橘") in kept


def test_name_and_telephone_number_are_no_words(desk: Desk) -> None:
    kept = words(desk.file(name="张三丰", phone="13800000001", title="路", text="路断了"))
    found = [digest(part, gram) for part in Part for gram in ("c:三丰", "c:138", "i:z s f")]
    assert not kept & set(found)


def test_answer_adds_what_was_told(desk: Desk) -> None:
    answered = desk.answer(desk.handled(), told="水渠已经疏通。")
    assert digest(Part.TOLD, "c:疏通") in words(answered)
    assert PetitionWords.objects.get(petition=answered).seq == answered.seq


def test_supplement_is_for_those_inside(desk: Desk) -> None:
    petition = desk.assigned()
    closing.supplement(op_id=uuid4(), petition=petition, by=None, note="又塌方了")
    assert digest(Part.INSIDE, "c:塌方") in words(petition)
    assert digest(Part.TOLD, "c:塌方") not in words(petition)


def test_notes_inside_are_no_words(desk: Desk) -> None:
    petition = desk.assigned()
    before = words(petition)
    handling.note(op_id=uuid4(), petition=petition, by=desk.office, note="又塌方了")
    assert words(petition) == before


def test_parts_have_digests_of_their_own() -> None:
    found = {digest(part, "c:塌方") for part in Part}
    assert len(found) == len(Part) == 4


def test_digests_hang_on_the_key(settings) -> None:
    before, old = digest(Part.TOLD, "c:塌方"), recipe()
    settings.FIELD_KEYS = FieldKeys({1: bytes(32)})
    assert digest(Part.TOLD, "c:塌方") != before
    assert recipe() != old


def test_digests_are_sorted_so_that_their_order_tells_nothing() -> None:
    found = digests_of([Text(Part.TOLD, "组里的路断了三个月"), Text(Part.CLEAR, "路")])
    assert found == sorted(set(found))
    assert len(found) == len(grams("组里的路断了三个月")) + len(grams("路", clear=True))


def test_petition_without_words_gets_them(desk: Desk) -> None:
    petition = desk.answered()
    before = words(petition)
    PetitionWords.objects.all().delete()
    assert [one.pk for one in unindexed()] == [petition.pk]
    assert index_petitions() == 1
    assert words(petition) == before
    assert not unindexed()


def test_second_run_finds_nothing_to_do(desk: Desk) -> None:
    desk.file()
    assert index_petitions() == 0


def test_run_that_was_stopped_goes_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        desk.file()
    PetitionWords.objects.all().delete()
    monkeypatch.setattr("petitions.search.indexing.AT_ONCE", 2)

    class Stopped(Exception):
        pass

    def stop(done: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        index_petitions(stop)
    assert unindexed().count() == 1
    assert index_petitions() == 1


def test_another_recipe_is_made_anew(desk: Desk) -> None:
    petition = desk.file()
    before = words(petition)
    PetitionWords.objects.update(recipe=1, words=[1])
    assert index_petitions() == 1
    assert words(petition) == before


def test_step_of_a_petition_without_words_adds_none(desk: Desk) -> None:
    petition = desk.handled()
    PetitionWords.objects.all().delete()
    desk.answer(petition)
    assert not PetitionWords.objects.exists()
    assert index_petitions() == 1


def test_row_behind_its_history_is_noticed(desk: Desk) -> None:
    petition = desk.answered()
    PetitionWords.objects.update(seq=1)
    assert list(wrong_words()) == [petition.number]


def test_wrong_words_are_noticed(desk: Desk) -> None:
    petition = desk.answered()
    assert not list(wrong_words())
    PetitionWords.objects.update(words=[1, 2])
    assert list(wrong_words()) == [petition.number]


def erase(petition: Petition) -> None:
    """The content goes, by hand: the erasing action is tested elsewhere, and does nothing about words."""
    gone = "title = '（内容已清除）', text = NULL, filer_name = NULL, filer_phone = NULL, filer_key = ''"
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE petitions_petition SET erased_at = now(), contact_erased_at = now(), papers_erased_at = now(), "
            f"{gone} WHERE id = %s",
            [petition.pk],
        )


def test_words_go_with_the_content(desk: Desk) -> None:
    kept, gone = desk.file(), desk.closed()
    erase(gone)
    assert [row.petition_id for row in PetitionWords.objects.all()] == [kept.pk]
    assert not unindexed()


def test_erased_petition_never_gets_words_again(desk: Desk) -> None:
    gone = desk.closed()
    erase(gone)
    with pytest.raises(IntegrityError), transaction.atomic():
        PetitionWords.objects.create(petition=gone, words=[1], seq=1, recipe=1)


def test_refused_filing_leaves_no_words(desk: Desk) -> None:
    with pytest.raises(Exception, match="核对"):
        desk.file(title="")
    assert not PetitionWords.objects.exists()


def test_command_says_how_many(desk: Desk) -> None:
    desk.file()
    PetitionWords.objects.all().delete()
    told = StringIO()
    call_command("index_petitions", stdout=told, stderr=StringIO())
    assert "1 件" in told.getvalue()


def test_nightly_task_does_the_same(desk: Desk) -> None:
    petition = desk.file()
    before = words(petition)
    PetitionWords.objects.all().delete()
    tasks.index_petitions()
    assert words(petition) == before


def test_verifying_names_the_petition_without_words(desk: Desk) -> None:
    petition = desk.file(at=timezone.now() - timedelta(days=1))
    PetitionWords.objects.all().delete()
    told = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_petitions", stdout=told)
    assert petition.number in told.getvalue()


def test_verifying_finds_nothing_wrong_otherwise(desk: Desk) -> None:
    desk.answered()
    told = StringIO()
    call_command("verify_petitions", stdout=told)
    assert "正常" in told.getvalue()
