"""Every form of every page: somebody types into it, the session runs out, and nothing is lost.

The pages are found in the URLconf and the forms in the pages, so a new form is tried from its first day.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from households.drafts import kept
from households.drafts.rules_markup import FormPage
from households.plates.actions.plates import issue_plate, revoke_plate
from households.roles import Role
from petitions.models import Petition
from tests import copies
from tests.petitions.filers import Filer
from tests.samples import laid_out
from tests.typed_forms import Sent, forms_of_staff, forms_on, sent_back
from tests.world import PASSWORD, VILLAGE, World, found

AGAIN = "要重新选。"


def lost(client: Client, sent: Sent, back: str) -> list[str]:
    """What somebody who has come in again does not find where it was typed."""
    answer = client.get(back, follow=True)
    html = answer.content.decode()
    again = [AGAIN] if sent.files and sent.words and html.count(AGAIN) < sent.files else []
    values = [control for form in FormPage(html).forms for control in form.controls]
    held = {html[slice(*each.inner)].strip() if each.name == "textarea" else each.value for each in values}
    return [word for word in sent.words if word not in held] + again


@pytest.fixture
def samples(db: None) -> dict[str, str]:
    return copies.scene("policies", laid_out)


def test_no_form_of_the_staff_loses_what_was_typed_when_the_session_ends(samples: dict[str, str]) -> None:
    world, wrong, tried = found(), [], 0
    for name, user, client, sent in forms_of_staff(world, samples):
        wrong += [(name, sent.action, word) for word in _after_the_end(client, user, sent)]
        client.force_login(user)
        tried += 1
    assert wrong == []
    assert tried > 40


def _after_the_end(client: Client, user: Any, sent: Sent) -> list[str]:
    del client.cookies[settings.SESSION_COOKIE_NAME]
    answer = sent_back(client, sent)
    if not answer.get("Location", "").startswith(reverse("sign-in")):
        return [f"answered {answer.status_code}"]
    client.force_login(user)
    return lost(client, sent, sent.page)


def run_out(client: Client) -> None:
    """Half an hour later: the rows are over, and the browser has dropped their cookies."""
    Session.objects.all().delete()
    for name in ("dongkou_household", "dongkou_petition", settings.SESSION_COOKIE_NAME):
        client.cookies.pop(name, None)


def come_in(filer: Filer) -> Any:
    return filer.client.post(reverse("plate", args=[filer.token]), {"pin": filer.pin}, follow=True)


def held(answer: Any, words: Iterable[str]) -> bool:
    html = answer.content.decode()
    return all(word in html for word in words)


@pytest.fixture
def household(world: World) -> Filer:
    return Filer(world.household)


def test_no_form_of_a_household_loses_what_was_typed_when_the_session_ends(household: Filer) -> None:
    household.filed(name="张三丰")
    number = Petition.objects.get().number
    pages = [household.url("new"), household.url("page", number)]
    tried = 0
    for sent in [sent for page in pages for sent in forms_on(household.client, page) if sent.words]:
        run_out(household.client)
        answer = sent_back(household.client, sent)
        assert answer["Location"] == reverse("plate", args=[household.token])
        assert "您写的内容还在" in household.client.get(answer["Location"]).content.decode()
        shown = come_in(household)
        assert shown.redirect_chain[-1][0] == sent.page
        assert held(shown, sent.words) and (AGAIN in shown.content.decode()) == bool(sent.files)
        tried += 1
    assert tried >= 3


def test_filer_with_a_code_finds_the_supplement_again(world: World) -> None:
    filer = Filer()
    petition, code = filer.filed()
    [sent] = [sent for sent in forms_on(filer.client, filer.url("page")) if sent.files]
    run_out(filer.client)
    assert sent_back(filer.client, sent)["Location"] == reverse("petition-follow")
    opened = filer.client.post(reverse("petition-follow"), {"number": petition.number, "code": code}, follow=True)
    assert held(opened, sent.words) and AGAIN in opened.content.decode()
    assert not held(filer.client.get(filer.url("page")), sent.words)


def test_other_household_on_the_same_phone_finds_nothing(world: World, household: Filer) -> None:
    [sent] = forms_on(household.client, household.url("new"))
    run_out(household.client)
    sent_back(household.client, sent)
    neighbour = Filer(world.households[1])
    neighbour.client.cookies.update(household.client.cookies)
    shown = come_in(neighbour)
    assert not any(
        held(answer, [word]) for word in sent.words for answer in (shown, neighbour.client.get(neighbour.url("new")))
    )
    household.client.cookies.update(neighbour.client.cookies)
    assert held(come_in(household), sent.words)


def test_who_left_the_phone_leaves_no_draft(household: Filer) -> None:
    """退出, and the next person has the browser send the form once more; the household itself comes in after."""
    [sent] = forms_on(household.client, household.url("new"))
    token = household.client.cookies["dongkou_csrf"].value
    household.client.post(reverse("plate-leave", args=[household.token]))
    sent_back(household.client, sent, token)
    assert not held(come_in(household), list(sent.words)[:1])


def test_form_one_clerk_left_open_is_never_the_next_ones(world: World) -> None:
    client = Client()
    client.force_login(world.user(Role.CADRE))
    [sent] = [sent for sent in forms_on(client, reverse("petition-file")) if sent.words]
    run_out(client)
    sent_back(client, sent)
    client.force_login(world.stranger(Role.CADRE))
    assert not held(client.get(reverse("petition-file")), list(sent.words)[:1])
    client.force_login(world.user(Role.CADRE))
    assert held(client.get(reverse("petition-file")), sent.words)


@pytest.fixture
def strict(world: World) -> Client:
    """A browser whose forms are really looked at."""
    return Client(enforce_csrf_checks=True)


def test_form_without_its_cookie_comes_back_filled_in(strict: Client) -> None:
    [sent] = forms_on(strict, reverse("petition-new"))
    strict.cookies.clear()
    answer = sent_back(strict, sent, "x" * 64)
    assert answer.status_code == 422 and held(answer, sent.words)
    assert "您写的内容还在" in answer.content.decode() and AGAIN in answer.content.decode()
    assert Petition.objects.count() == 0


def test_form_that_was_taken_is_shown_to_nobody_who_sends_it_again(strict: Client) -> None:
    """Filed, left, handed on: the next person goes back in the same browser and sends the form once more."""
    [sent] = forms_on(strict, reverse("petition-new"))
    for name in ("files", "accused_here", "accused_unknown", "accused_names", "accused_department"):
        sent.data.pop(name, None)
    sent.data |= {"content": "appeal", "place": VILLAGE, "phone": "13811119041"}
    typed = [sent.data[name] for name in ("title", "text", "name")]
    sent_back(strict, sent)
    assert Petition.objects.count() == 1
    strict.post(reverse("petition-follow-leave"), {"csrfmiddlewaretoken": strict.cookies["dongkou_csrf"].value})
    again = strict.post(sent.action, sent.data, HTTP_REFERER=f"http://testserver{sent.page}", follow=True)
    assert "以前已经交上去了" in again.content.decode()
    assert not any(held(again, [word]) for word in typed)
    assert Petition.objects.count() == 1


def test_button_with_an_old_token_is_told_to_come_in_anew(strict: Client) -> None:
    strict.get(reverse("petition-new"))
    answer = sent_back(strict, Sent(reverse("petition-new"), reverse("petition-follow-leave")), "x" * 64)
    assert answer.status_code == 403 and "页面放得太久了" in answer.content.decode()


def test_form_from_another_site_is_shown_to_nobody(strict: Client) -> None:
    [sent] = forms_on(strict, reverse("petition-new"))
    data = sent.data | {"csrfmiddlewaretoken": "x" * 64}
    answer = strict.post(sent.action, data, HTTP_REFERER="http://evil.example/", HTTP_ORIGIN="http://evil.example")
    assert (answer.status_code, held(answer, list(sent.words)[:1])) == (403, False)


def test_form_from_before_a_new_sign_in_comes_back_filled_in(world: World, strict: Client) -> None:
    """The clerk signed in again in another tab; the tab with the form has the old token."""
    strict.force_login(world.user(Role.CADRE))
    [sent] = [sent for sent in forms_on(strict, reverse("petition-file")) if sent.words]
    old = strict.cookies["dongkou_csrf"].value
    _sign_in_anew(world, strict, Role.CADRE)
    answer = sent_back(strict, sent, old)
    assert answer["Location"] == sent.page
    assert held(strict.get(answer["Location"]), sent.words)


def test_form_from_before_somebody_elses_sign_in_is_not_theirs(world: World, strict: Client) -> None:
    strict.force_login(world.user(Role.CADRE))
    [sent] = [sent for sent in forms_on(strict, reverse("petition-file")) if sent.words]
    old = strict.cookies["dongkou_csrf"].value
    _sign_in_anew(world, strict, Role.SUPERVISOR)
    for answer in (sent_back(strict, sent, old), strict.get(reverse("home"))):
        assert not held(answer, list(sent.words)[:1])
    _sign_in_anew(world, strict, Role.CADRE)
    assert held(strict.get(reverse("petition-file")), sent.words)


def _sign_in_anew(world: World, client: Client, role: Role) -> None:
    del client.cookies[settings.SESSION_COOKIE_NAME]
    token = FormPage(client.get(reverse("sign-in")).content.decode()).forms[0].controls[0].value
    secret = {"username": world.user(role).username, "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert client.post(reverse("sign-in"), secret)["Location"] == "/"


def test_refused_step_keeps_the_words_of_its_form(world: World) -> None:
    """A page of refusal shows no form: the words wait on the page before."""
    client = world.client(Role.CADRE)
    page = reverse("plate-of", args=[world.household.code])
    action = reverse("revoke-plate", args=[world.household.code])
    plate, _pin = issue_plate(household=world.household, by=None)
    [sent] = [sent for sent in forms_on(client, page) if sent.action == action]
    revoke_plate(plate=plate, reason="先一步", by=world.user(Role.CADRE))
    issue_plate(household=world.household, by=None)
    revoke_plate(plate=world.household.plates.get(revoked_at=None), reason="再一步", by=world.user(Role.CADRE))
    refused = sent_back(client, sent)
    assert refused.status_code >= 400 and not held(refused, sent.words)
    assert held(client.get(page), sent.words)


def test_drafts_lie_sealed(world: World, household: Filer) -> None:
    [sent] = forms_on(household.client, household.url("new"))
    run_out(household.client)
    sent_back(household.client, sent)
    number = household.client.cookies["dongkou_kept"].value
    stored = cache.get(f"draft:{number}")
    draft = kept.find(number)
    assert draft and draft.fields["title"] == [sent.data["title"]]
    assert next(iter(sent.words)).encode() not in stored and b"household" not in stored


def test_session_in_use_goes_on_and_ends_after_two_hours(household: Filer) -> None:
    for row in Session.objects.all():
        before = row.expire_date
        row.expire_date -= timedelta(minutes=20)
        row.save(update_fields=["expire_date"])
    cache.delete_many(list(_keys_of(household, "short-renewed")))
    assert household.client.get(household.url("new")).status_code == 200
    assert Session.objects.get().expire_date >= before
    cache.delete_many(list(_keys_of(household, "short-renewed", "short-since")))
    household.client.get(household.url("new"))
    assert Session.objects.get().expire_date >= before and not cache.get(_keys_of(household, "short-renewed")[0])


def _keys_of(filer: Filer, *names: str) -> list[str]:
    return [f"{name}:{Session.objects.get().session_key}" for name in names]
