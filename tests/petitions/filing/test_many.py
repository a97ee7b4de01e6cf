"""Petitions of a list are the same as if each had been filed by itself, and cost few statements."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from households.models import AuditEvent, Operation
from households.sql import counted
from petitions.clocks.deadlines import drifts
from petitions.filing.actions.filing import file
from petitions.filing.actions.filing_many import ListedFiling, file_many
from petitions.filing.asked import Filing
from petitions.models import Case, ClockRun, Petition, PetitionEvent, PetitionWords
from petitions.search.indexing import wrong_words
from petitions.tallies.rows import miscounts
from tests.audit_failure import audit_down
from tests.world import VILLAGE, World

_DIFFERENT = {"id", "number", "follow_digest", "case_id", "external_no", "filed_at"}


def wanted(number: str, **more: object) -> ListedFiling:
    given = {"channel": "net", "way": "hotline", "content": "appeal", "place": VILLAGE, "external_no": number}
    said = {"title": "停水三天", "text": "一组停水三天，没有人管。", "name": "张三丰", "phone": "13800000001"}
    return ListedFiling(uuid4(), Filing(**{**given, **said, **more}), timezone.now() - timedelta(days=3))


def columns(petition: Petition) -> dict[str, object]:
    return {name: value for name, value in vars(petition).items() if name not in _DIFFERENT and name[0] != "_"}


def test_each_is_as_if_filed_by_itself(world: World) -> None:
    office = world.user("petition_office")
    alone = wanted("R-1")
    file(op_id=alone.op_id, filing=alone.filing, by=office, at=alone.at)
    assert file_many([wanted("R-2"), wanted("R-3")], by=office) == []
    one, *others = Petition.objects.order_by("pk")
    assert [columns(each) for each in others] == [columns(one)] * 2
    assert [each.number[-6:] for each in others] == [f"{int(one.number[-6:]) + more:06d}" for more in (1, 2)]
    lines = PetitionEvent.objects.order_by("pk").values_list("seq", "kind", "state", "role", "data", "by")
    assert len(set(map(str, lines))) == 1 and len(lines) == 3
    words = PetitionWords.objects.values_list("words", "seq", "recipe")
    assert len({str(row) for row in words}) == 1 and len(words) == 3
    assert ClockRun.objects.count() % 3 == 0 and Case.objects.count() == 3
    audits = AuditEvent.objects.filter(action="petition.file")
    assert {(line.actor, line.place) for line in audits} == {(office.username, one.county)} and audits.count() == 3
    assert not [*drifts(), *miscounts(), *wrong_words()]


def test_id_answers_the_same_by_either_door(world: World) -> None:
    office, one = world.user("petition_office"), wanted("R-1")
    assert file_many([one], by=office) == []
    again = file(op_id=one.op_id, filing=one.filing, by=office, at=one.at)
    assert again.petition == Petition.objects.get() and again.code
    [refused] = file_many([one], by=office)
    assert (refused.place, refused.refusal.code) == (0, "op_id_reused") and Petition.objects.count() == 1


def test_one_wrong_leaves_none_and_all_wrong_ones_are_told(world: World) -> None:
    some = [wanted("R-1"), wanted("R-2", title=""), wanted("R-3"), wanted("R-4", place="430525999999")]
    told = file_many(some, by=world.user("petition_office"))
    assert [(one.place, list(one.refusal.fields)) for one in told] == [(1, ["title"]), (3, ["place"])]
    assert not Petition.objects.exists() and not Operation.objects.exists()


def test_used_id_leaves_none(world: World) -> None:
    office, first = world.user("petition_office"), wanted("R-1")
    file_many([first], by=office)
    told = file_many([wanted("R-2"), ListedFiling(first.op_id, wanted("R-3").filing, first.at)], by=office)
    assert [one.place for one in told] == [1]
    assert Petition.objects.count() == Operation.objects.count() == 1


def test_nothing_is_filed_when_the_log_is_down(world: World) -> None:
    with audit_down():
        file_many([wanted("R-1"), wanted("R-2")], by=world.user("petition_office"))
    assert not Petition.objects.exists() and not Case.objects.exists()


@pytest.mark.parametrize("count", [2, 40])
def test_statements_do_not_grow_with_the_list(world: World, count: int) -> None:
    office = world.user("petition_office")
    with counted() as sent:
        file_many([wanted(f"R-{number}") for number in range(count)], by=office)
    assert Petition.objects.count() == count
    assert len(sent) <= 20, sent
