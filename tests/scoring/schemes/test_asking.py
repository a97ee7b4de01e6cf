"""A county's own scheme by the browser: handed in by one person, compared clause by clause, published by another."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse

from households.models import AuditEvent
from households.roles import Role
from scoring.models import AskState, Period, Scheme, SchemeAsk
from scoring.schemes import actions
from scoring.schemes.comparing import GONE, NEW, OTHER
from scoring.schemes.files import parse
from scoring.schemes.reads import changes_to
from tests.audit_failure import audit_down
from tests.colleagues import colleague
from tests.refusals import refusal
from tests.scoring.schemes.own_schemes import asked, coming, own_text
from tests.world import PASSWORD, World


def test_one_hands_in_another_publishes_and_the_county_takes_it_up(world: World) -> None:
    first, second = world.client(Role.COUNTY_OFFICE), world.client(colleague(world, Role.COUNTY_OFFICE))
    opening = first.get(reverse("opening")).content.decode()
    assert reverse("scheme-asks") in opening
    file = SimpleUploadedFile("细则.toml", own_text().encode())
    answer = first.post(reverse("scheme-asks"), {"file": file}, follow=True).content.decode()
    ask = SchemeAsk.objects.get()
    assert "石门县六零细则" in answer and "等县六零办另一个人核对发布" in answer
    assert "逐条核对过，发布" not in answer
    page = second.get(reverse("scheme-ask", args=[ask.pk])).content.decode()
    assert "逐条核对过，发布" in page
    assert "版细则等您核对发布" in second.get(reverse("home")).content.decode()
    second.post(reverse("publish-scheme", args=[ask.pk]), {"own_password": PASSWORD})
    ask.refresh_from_db()
    scheme = Scheme.objects.get(code="SM-1")
    assert (ask.state, ask.scheme, scheme.published_at is not None) == (AskState.GRANTED, scheme, True)
    assert "石门县六零细则" in second.get(reverse("rules-version", args=["SM-1"])).content.decode()
    assert {*AuditEvent.objects.filter(subject="SM-1").values_list("action", flat=True)} == {
        "scheme.ask",
        "scheme.publish",
    }


def test_template_is_a_sound_scheme(world: World) -> None:
    answer = world.client(Role.COUNTY_OFFICE).get(reverse("scheme-template"))
    assert "attachment" in answer["Content-Disposition"]
    assert parse(answer.getvalue().decode(), "template").indicators


def test_own_hand_is_not_the_second(world: World) -> None:
    ask = asked(world)
    assert refusal(actions.publish_asked, ask=ask, by=world.user(Role.COUNTY_OFFICE)).code == "own_request"
    with pytest.raises(DatabaseError), transaction.atomic():
        SchemeAsk.objects.filter(pk=ask.pk).update(text="别的")
    assert not Scheme.objects.filter(code="SM-1").exists()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("六项为零", "scheme_unreadable"),
        ('code = "X"', "scheme_unreadable"),
        (None, "shares_sum"),
    ],
)
def test_unsound_file_is_refused_by_name_and_nothing_is_kept(world: World, text: str | None, code: str) -> None:
    wrong = own_text().replace("share = 20", "share = 21", 1) if text is None else text
    assert refusal(asked, world, None, wrong).code == code
    page = world.client(Role.COUNTY_OFFICE).post(
        reverse("scheme-asks"), {"file": SimpleUploadedFile("细则.toml", wrong.encode())}
    )
    assert (page.status_code, "notice-error" in page.content.decode()) == (422, True)
    assert not SchemeAsk.objects.exists()


def test_file_that_is_no_text_is_refused_beside_its_field(world: World) -> None:
    file = SimpleUploadedFile("细则.toml", "石门".encode("gbk"))
    assert (
        "不是 UTF-8 编码"
        in world.client(Role.COUNTY_OFFICE).post(reverse("scheme-asks"), {"file": file}).content.decode()
    )


def test_protected_act_is_refused_by_its_name(world: World) -> None:
    clause = next(one for one in parse(own_text(), "x").clauses if one.kind == "deduct")
    assert refusal(asked, world, None, own_text().replace(clause.text, "越级走访的")).code == "protected_wrong_level"
    assert not SchemeAsk.objects.exists()


def test_month_that_has_begun_keeps_its_scheme(world: World) -> None:
    Period.objects.create(month=coming(), scheme=Scheme.objects.first())
    assert refusal(asked, world).code == "scheme_late"


def test_what_changes_is_told_clause_by_clause(world: World) -> None:
    draft = parse(own_text(), "x")
    before = Scheme.objects.order_by("effective_from").last()
    assert changes_to(draft, coming()) == [] if before.code == "2026" else True
    code = draft.indicators[0].clauses[0].code
    other = parse(own_text().replace(f'code = "{code}"', 'code = "SM99"', 1), "x")
    assert {(one.what, one.code) for one in changes_to(other, coming())} >= {(GONE, code), (NEW, "SM99")}
    words = draft.indicators[0].clauses[0].text
    changed = parse(own_text().replace(words, f"{words}（本县）", 1), "x")
    [one] = [one for one in changes_to(changed, coming()) if one.code == code]
    assert (one.what, one.after.count("（本县）"), one.before.count("（本县）")) == (OTHER, 1, 0)


def test_who_handed_it_in_takes_it_back_and_the_next_may_come(world: World) -> None:
    ask = asked(world)
    assert refusal(asked, world).code == "asked_already"
    answer = world.client(Role.COUNTY_OFFICE).post(reverse("refuse-scheme", args=[ask.pk]), {"answer": "分值写错"})
    assert answer["Location"] == reverse("scheme-asks")
    asked(world)
    assert SchemeAsk.objects.filter(state=AskState.ASKED).count() == 1


def test_nothing_is_published_when_the_audit_fails(world: World) -> None:
    ask, by = asked(world), colleague(world, Role.COUNTY_OFFICE)
    with audit_down():
        actions.publish_asked(ask=ask, by=by)
    assert not Scheme.objects.filter(code="SM-1").exists()
    assert SchemeAsk.objects.get().state == AskState.ASKED
