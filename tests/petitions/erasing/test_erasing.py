"""Erasing: who may ask for what, what goes and what stays, and that nothing else can be emptied."""

from collections.abc import Callable
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from households.models import AuditEvent
from households.roles import Role
from petitions import tasks
from petitions.cases.actions import merging
from petitions.clocks import deadlines
from petitions.erasing import actions as erasing
from petitions.erasing import rules as erasing_rules
from petitions.erasing.rules import Extent
from petitions.models import Attachment, Petition, PetitionEvent
from petitions.steps import closing, handling
from tests.constraints import broken
from tests.petitions.desk import Desk
from tests.petitions.ended_petitions import SECRETS, answered_and_closed, redirected, withdrawn
from tests.refusals import refusal_code

pytestmark = pytest.mark.django_db


def ask(petition: Petition) -> Petition:
    return erasing.ask_erasure(op_id=uuid4(), petition=petition, note="不想留着")


def grant(desk: Desk, petition: Petition, extent: str = "all") -> Petition:
    return erasing.erase(op_id=uuid4(), petition=petition, by=desk.office, extent=extent)


def expire(petition: Petition, extent: str = "all") -> Petition:
    return erasing.erase(op_id=uuid4(), petition=petition, by=None, extent=extent)


def left_of(petition: Petition) -> str:
    """Every word that our tables still hold about it, unsealed."""
    found = Petition.objects.get(pk=petition.pk)
    words = [found.title, found.text, found.filer_name, found.filer_phone, found.enterprise, found.external_link]
    words += [f"{line.told}{line.note}{line.data}" for line in found.events.all()]
    words += [rating.comment for rating in found.ratings.all()]
    return " ".join(words)


def test_content_goes_and_figures_stay(desk: Desk) -> None:
    before = answered_and_closed(desk, 6)
    assert all(word in left_of(before) for word in SECRETS)
    lines, after = desk.lines(before), expire(before)
    assert not any(word in left_of(after) for word in SECRETS)
    names = ("number", "state", "channel", "way", "content", "place_id", "filed_at", "people", "follow_digest")
    assert [getattr(after, name) for name in names] == [getattr(before, name) for name in names]
    assert desk.lines(after) == [*lines, "erase"]
    assert list(after.ratings.values_list("score", flat=True)) == ["fair"]
    assert not Attachment.objects.filter(petition=after).exists()


def test_sealed_columns_are_null_in_the_database(desk: Desk) -> None:
    petition = expire(answered_and_closed(desk, 6))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.text, p.filer_name, p.filer_phone, p.household_id, "
            "(SELECT count(*) FROM petitions_petitionevent e WHERE e.petition_id = p.id AND (told IS NOT NULL OR "
            "note IS NOT NULL)), (SELECT count(comment) FROM petitions_rating r WHERE r.petition_id = p.id) "
            "FROM petitions_petition p WHERE p.id = %s",
            [petition.pk],
        )
        assert cursor.fetchone() == (None, None, None, None, 0, 0)


def test_state_and_clocks_still_follow_from_the_history(desk: Desk) -> None:
    expire(answered_and_closed(desk, 6))
    assert list(deadlines.drifts()) == []
    out = StringIO()
    call_command("verify_petitions", stdout=out)
    assert out.getvalue().startswith("正常")


def test_erasing_is_audited_without_words(desk: Desk) -> None:
    petition = expire(answered_and_closed(desk, 6))
    line = AuditEvent.objects.filter(subject=petition.number).latest("id")
    assert (line.action, line.role) == ("petition.erase", "county_office")
    assert not any(word in f"{line.detail}" for word in SECRETS)


def test_same_id_again_changes_nothing(desk: Desk) -> None:
    petition, op_id = answered_and_closed(desk, 6), uuid4()
    for _ in range(2):
        erasing.erase(op_id=op_id, petition=petition, by=None, extent="all")
    assert desk.lines(petition).count("erase") == 1


@pytest.mark.parametrize("make", [withdrawn, redirected])
def test_filer_without_an_opinion_may_have_all_erased(desk: Desk, make: Callable[..., Petition]) -> None:
    petition = ask(make(desk))
    assert erasing_rules.allowed(petition) == [Extent.ALL, Extent.CONTACT]
    after = grant(desk, petition)
    assert after.erased_at and after.erasure_asked_at is None
    assert not any(word in left_of(after) for word in SECRETS)


def test_opinion_is_kept_and_only_who_asked_goes(desk: Desk) -> None:
    petition = ask(answered_and_closed(desk))
    assert erasing_rules.allowed(petition) == [Extent.CONTACT]
    assert refusal_code(lambda: grant(desk, petition)) == "extent_too_wide"
    after = grant(desk, petition, "contact")
    assert (after.filer_name, after.filer_phone, after.filer_key, after.household_id) == ("", "", "", None)
    assert after.text == "门前的路断了三个月。"
    assert Attachment.objects.filter(petition=after).exists()


def test_contact_once_gone_cannot_be_asked_for_again(desk: Desk) -> None:
    petition = grant(desk, ask(answered_and_closed(desk)), "contact")
    assert refusal_code(lambda: ask(petition)) == "cannot_erase"


def test_rest_goes_when_the_time_is_over(desk: Desk) -> None:
    petition = grant(desk, ask(answered_and_closed(desk, 6)), "contact")
    stamp = petition.contact_erased_at
    after = expire(petition)
    assert after.text == "" and after.contact_erased_at == stamp


@pytest.mark.parametrize("step", ["filed", "accepted", "assigned", "handled", "answered", "confirmed"])
def test_nobody_asks_while_it_is_open(desk: Desk, step: str) -> None:
    petition = desk.file() if step == "filed" else getattr(desk, step)()
    assert refusal_code(lambda: ask(petition)) == "wrong_state"
    assert refusal_code(lambda: expire(petition)) == "wrong_state"


def test_review_is_open_as_well(desk: Desk) -> None:
    petition = desk.answered()
    closing.ask_review(op_id=uuid4(), petition=petition, by=None, note="不服", at=petition.events.last().at)
    assert refusal_code(lambda: ask(petition)) == "wrong_state"


def test_office_erases_nothing_unasked(desk: Desk) -> None:
    assert refusal_code(lambda: grant(desk, withdrawn(desk))) == "not_asked"


def test_asking_twice_is_told(desk: Desk) -> None:
    assert refusal_code(lambda: ask(ask(withdrawn(desk)))) == "asked_already"


def test_refusal_tells_the_filer_why(desk: Desk) -> None:
    petition = ask(withdrawn(desk))
    assert refusal_code(lambda: erasing.refuse_erasure(op_id=uuid4(), petition=petition, by=desk.office, told="")) == (
        "told_missing"
    )
    after = erasing.refuse_erasure(op_id=uuid4(), petition=petition, by=desk.office, told="另有案件要用。")
    assert after.erasure_asked_at is None and after.text
    assert PetitionEvent.objects.filter(petition=after).last().told == "另有案件要用。"
    assert ask(after).erasure_asked_at


@pytest.mark.parametrize("role", [Role.DEPARTMENT, Role.TOWNSHIP, Role.COUNTY_OFFICE, Role.CADRE, Role.AUDITOR])
def test_nobody_else_erases_holds_or_refuses(desk: Desk, role: str) -> None:
    petition, by = ask(withdrawn(desk)), desk.world.user(role)
    acts = (
        lambda: erasing.erase(op_id=uuid4(), petition=petition, by=by, extent="all"),
        lambda: erasing.hold(op_id=uuid4(), petition=petition, by=by, note="要留"),
        lambda: erasing.refuse_erasure(op_id=uuid4(), petition=petition, by=by, told="不行"),
    )
    assert {refusal_code(act) for act in acts} <= {"not_found", "not_yours"}


def test_handler_of_a_closed_one_does_not_erase_it(desk: Desk) -> None:
    petition = ask(answered_and_closed(desk))
    act = lambda: erasing.erase(op_id=uuid4(), petition=petition, by=desk.handler, extent="contact")  # noqa: E731
    assert refusal_code(act) == "not_yours"


def test_held_matter_is_kept_whoever_asks(desk: Desk) -> None:
    petition = answered_and_closed(desk, 6)
    held = erasing.hold(op_id=uuid4(), petition=petition, by=desk.office, note="法院在审")
    assert refusal_code(lambda: expire(held)) == "held"
    assert refusal_code(lambda: ask(held)) == "cannot_erase"
    assert refusal_code(lambda: erasing.hold(op_id=uuid4(), petition=held, by=desk.office, note="又要留")) == "held"
    freed = erasing.release(op_id=uuid4(), petition=held, by=desk.office, note="案子结了")
    assert (
        refusal_code(lambda: erasing.release(op_id=uuid4(), petition=freed, by=desk.office, note="再来")) == "not_held"
    )
    assert expire(freed).erased_at


def test_hold_needs_its_reason(desk: Desk) -> None:
    petition = desk.file()
    assert (
        refusal_code(lambda: erasing.hold(op_id=uuid4(), petition=petition, by=desk.office, note=" ")) == "note_missing"
    )


def test_hold_of_one_keeps_the_whole_matter(desk: Desk) -> None:
    first, second = withdrawn(desk, 6), withdrawn(desk, 6)
    merging.classify(op_id=uuid4(), petition=second, by=desk.office, case=first.case)
    erasing.hold(op_id=uuid4(), petition=first, by=desk.office, note="法院在审")
    assert list(erasing_rules.expired(Extent.ALL)) == []


def test_old_petition_of_a_living_matter_is_kept(desk: Desk) -> None:
    old = withdrawn(desk, 6)
    desk.file(case=old.case)
    assert refusal_code(lambda: expire(old)) == "not_expired"
    assert refusal_code(lambda: ask(old)) == "cannot_erase"


def test_merged_one_waits_for_the_one_that_took_it_in(desk: Desk) -> None:
    main, twin = desk.assigned(), desk.file()
    merged = merging.merge(op_id=uuid4(), petition=twin, into=main, by=desk.office, told="并案")
    assert refusal_code(lambda: ask(merged)) == "cannot_erase"


@pytest.mark.parametrize(("years", "extents"), [(2, []), (4, [Extent.PAPERS]), (6, [Extent.ALL, Extent.PAPERS])])
def test_papers_go_before_the_words(desk: Desk, years: int, extents: list[Extent]) -> None:
    answered_and_closed(desk, years)
    assert [extent for extent in (Extent.ALL, Extent.PAPERS) if erasing_rules.expired(extent).exists()] == extents


def test_papers_alone_leave_the_words(desk: Desk) -> None:
    petition = expire(answered_and_closed(desk, 4), "papers")
    assert petition.papers_erased_at and petition.text and petition.filer_name
    assert not Attachment.objects.exists()


def test_time_counts_from_the_end_and_not_from_the_filing(desk: Desk) -> None:
    petition = desk.file(at=timezone.now().replace(year=timezone.now().year - 7))
    closing.withdraw(op_id=uuid4(), petition=petition, note="不要了")
    assert not erasing_rules.expired(Extent.ALL).exists()


def test_schedule_erases_what_is_due_and_goes_on_after_a_stop(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    old = [withdrawn(desk, 6) for _ in range(3)]
    fresh = withdrawn(desk)
    once, calls = erasing.erase_one, []

    def stopping(petition: Petition, extent: Extent) -> bool:
        calls.append(petition)
        if len(calls) == 2:
            raise OSError("power cut")
        return once(petition, extent)

    monkeypatch.setattr(erasing, "erase_one", stopping)
    with pytest.raises(OSError, match="power cut"):
        erasing.erase_expired()
    assert Petition.objects.filter(erased_at=None).count() == 3
    tasks.erase_expired()
    assert list(Petition.objects.filter(erased_at=None)) == [fresh]
    assert len(old) == 3


def test_one_that_is_held_meanwhile_is_passed_over(desk: Desk) -> None:
    petition = withdrawn(desk, 6)
    erasing.hold(op_id=uuid4(), petition=petition, by=desk.office, note="法院在审")
    assert erasing.erase_one(petition, Extent.ALL) is False


def test_command_rehearses_and_then_erases(desk: Desk) -> None:
    petition, out = withdrawn(desk, 6), StringIO()
    call_command("erase_expired_petitions", "--dry-run", stdout=out)
    assert f"清除全部内容：待清除 1 件\n  {petition.number}\n" in out.getvalue()
    assert not Petition.objects.exclude(erased_at=None).exists()
    call_command("erase_expired_petitions", stdout=out)
    assert "已清除 1 件" in out.getvalue()
    assert Petition.objects.get().erased_at


def test_nothing_is_done_with_an_erased_petition(desk: Desk) -> None:
    petition = expire(answered_and_closed(desk, 6))
    acts = (
        lambda: closing.reopen(op_id=uuid4(), petition=petition, by=None, note="没好"),
        lambda: handling.unmask(op_id=uuid4(), petition=petition, by=desk.office, note="要看"),
        lambda: merging.merge(op_id=uuid4(), petition=desk.file(), into=petition, by=desk.office, told="并案"),
        lambda: expire(petition),
    )
    assert [refusal_code(act) for act in acts] == ["erased", "erased", "erased", "not_expired"]


def test_filing_the_same_list_again_is_still_noticed(desk: Desk) -> None:
    given = {"channel": "net", "way": "hotline", "external_no": "12345-1", "by": desk.office}
    expire(withdrawn(desk, 6, **given))
    assert refusal_code(lambda: desk.file(**given)) == "external_exists"


# What the database refuses, whatever the program says.


def rows(petition: Petition) -> object:
    return Petition.objects.filter(pk=petition.pk)


GONE = {"title": erasing.GONE, "text": None, "external_link": "", "contact_erased_at": timezone.now()}
GONE |= {"filer_name": None, "filer_phone": None, "filer_key": "", "household": None}
GONE |= {"papers_erased_at": timezone.now(), "erased_at": timezone.now()}


def test_database_erases_nothing_before_the_end(desk: Desk) -> None:
    broken(lambda: rows(desk.answered()).update(**GONE), "before the end")
    held = erasing.hold(op_id=uuid4(), petition=withdrawn(desk), by=desk.office, note="法院在审")
    broken(lambda: rows(held).update(**GONE), "before the end|held_not_erased")


@pytest.mark.parametrize("kept", [{"title": "改写过"}, {"text": "改写过"}, {"filer_name": "李四"}, {"filer_key": "x"}])
def test_database_lets_nothing_be_rewritten_on_that_occasion(desk: Desk, kept: dict[str, str]) -> None:
    petition = withdrawn(desk)
    broken(lambda: rows(petition).update(**GONE | kept), "leaves nothing")
    rows(petition).update(**GONE)


@pytest.mark.parametrize("change", [{"title": "回来"}, {"text": "回来"}, {"filer_name": "李四"}, {"erased_at": None}])
def test_nothing_comes_back(desk: Desk, change: dict[str, object]) -> None:
    petition = expire(withdrawn(desk, 6))
    broken(lambda: rows(petition).update(**change), "never changes")


def test_contact_alone_takes_nothing_else_along(desk: Desk) -> None:
    petition = withdrawn(desk)
    contact = {name: GONE[name] for name in ("filer_name", "filer_phone", "filer_key", "household")}
    broken(lambda: rows(petition).update(**contact), "never changes")
    broken(lambda: rows(petition).update(**contact, contact_erased_at=timezone.now(), text=None), "never changes")


def test_attachment_stays_until_it_is_erased(desk: Desk) -> None:
    answered_and_closed(desk)
    broken(lambda: Attachment.objects.all().delete(), "until it is erased")
    broken(lambda: Attachment.objects.update(size=1), "append-only")


def test_years_before_a_leap_day_are_counted() -> None:
    leap = timezone.now().replace(year=2024, month=2, day=29)
    assert (erasing_rules.years_before(leap, 5).month, erasing_rules.years_before(leap, 5).day) == (2, 28)
    assert erasing_rules.years_before(leap, 4).day == 29
