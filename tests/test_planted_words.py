"""Words that people write, and who finds them: everybody looks at every address for words not for them.

Which reader may find which word stands in READERS, decided column by column; a column of a new table fails here until somebody has
decided. Typed words are looked for as well as planted ones: an action may copy what it is given to another place.
"""

from collections.abc import Iterable, Iterator

import pytest
from django.test import Client
from django.urls import reverse

from households.models import Household
from households.plates.sessions import HOUSEHOLD
from households.roles import Role
from petitions.models import Petition
from tests import copies
from tests.addresses import View, all_views
from tests.answers import files_on, whole
from tests.petitions.filers import Filer
from tests.planted import HEADS, ROOMS, columns, name_of, planted_scene, planted_words
from tests.samples import laid_out
from tests.typed_forms import (
    Sent,
    Typed,
    ask_for_words,
    forms_of_ours,
    forms_of_staff,
    forms_on,
    typed_into,
    words_fields,
)
from tests.typed_states import forms_of_states
from tests.world import ELSEWHERE, HOME, VILLAGE, World, found

Words = dict[str, str]  # word: where it was written
NOBODY: set[str] = set()
KEEPERS = {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR}
SEES_SHEETS = set(HOME) - KEEPERS
DECIDE = {Role.TOWNSHIP, Role.COUNTY_OFFICE}
SHOP = {Role.CADRE, Role.SUPERVISOR, Role.TOWNSHIP, Role.COUNTY_OFFICE}
OFFICE = {Role.COUNTY_OFFICE}
HEAR = {Role.CADRE, Role.SUPERVISOR, Role.TOWNSHIP, Role.COUNTY_OFFICE}
FINDS = {Role.CADRE, Role.TOWNSHIP, Role.DEPARTMENT, Role.COUNTY_OFFICE, "household"}
CASE = {Role.PETITION_OFFICE, Role.DEPARTMENT}
DAYS = CASE | DECIDE
ARRANGES = {Role.CADRE, Role.TOWNSHIP, Role.COUNTY_OFFICE}
POINTS = SEES_SHEETS - {Role.GROUP_LEADER}
# Column: the staff of the place who find it on some page, in a list or by the interface; "all" for everybody.
READERS: dict[str, set[str]] = {
    "households_accountrequest.display_name": KEEPERS,
    "households_accountrequest.phone": NOBODY,
    "households_accountrequest.reason": KEEPERS,
    "households_accountrequest.role": KEEPERS,
    "households_accountrequest.username": KEEPERS,
    "households_alarm.remark": KEEPERS | OFFICE,
    "households_borderorder.document_no": SEES_SHEETS,
    "households_changeobjection.answer": SEES_SHEETS,
    "households_changeobjection.text": SEES_SHEETS,
    "households_contactperson.name": ARRANGES | {Role.GROUP_LEADER, "household", "neighbour"},  # each its own
    "households_contactperson.phone": ARRANGES | {Role.GROUP_LEADER, "household", "neighbour"},
    "households_contactvisit.note": {Role.GROUP_LEADER, "household", "neighbour"},  # its contacts, and each its own
    "households_correctionrequest.answer": {Role.CADRE, "household"},
    "households_correctionrequest.asked": {Role.CADRE, "household"},
    "households_household.address": SEES_SHEETS | {"household", "neighbour"},
    "households_household.head_name": {Role.GROUP_LEADER, Role.CADRE, "household", "neighbour"},  # each its own
    "households_householdchange.before": {
        Role.GROUP_LEADER,
        *ARRANGES,
    },  # who makes changes, and who may object to them
    "households_householdchange.note": {Role.GROUP_LEADER, Role.CADRE, Role.TOWNSHIP},
    "households_householdproposal.wish": {
        Role.GROUP_LEADER,
        Role.CADRE,
        Role.COUNTY_OFFICE,
    },  # who asks, and who may decide
    "households_householdproposal.answer": {Role.GROUP_LEADER, Role.CADRE, Role.COUNTY_OFFICE},
    "households_household.phone": {"household", "neighbour"},  # each its own; in full against a reason, by POST
    "households_linkage.leader": {"all"},  # of staff: which leader answers for which village is public in the county
    "households_microgrid.name": SEES_SHEETS | {"household", "neighbour"},
    "households_jobrun.name": OFFICE | {Role.SYSTEM_ADMIN},
    "households_jobrun.note": OFFICE | {Role.SYSTEM_ADMIN},
    # Of the account's owner and administrators, on pages that are there only with a provider (tests/households/oidc).
    "households_outsideidentity.claim": NOBODY,
    "households_outsideidentity.issuer": NOBODY,
    "households_outsideidentity.subject": NOBODY,
    "households_recoverycode.digest": NOBODY,
    "households_signin.browser": {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN},
    "households_signin.key": NOBODY,
    "households_usedpassword.digest": NOBODY,
    "households_yeararrangement.notice": OFFICE,
    "households_yeararrangement.text": OFFICE,
    "scoring_schemeask.answer": OFFICE,
    "scoring_schemeask.code": OFFICE,
    "scoring_schemeask.effective_from": OFFICE,
    "scoring_schemeask.name": OFFICE,
    "scoring_schemeask.text": OFFICE,
    "scoring_pointentry.text": POINTS | {"household", "neighbour"},  # each its own
    "scoring_declaration.withdraw_reason": SEES_SHEETS,
    "scoring_review.reason": SEES_SHEETS,
    "scoring_scoreevent.document_no": SEES_SHEETS | {"household", "neighbour"},  # each its own
    "scoring_scoreevent.note": SEES_SHEETS | {"household", "neighbour"},
    "scoring_scoreevent.withdraw_reason": SEES_SHEETS,
    "scoring_eventphoto.content": HEAR | {"household"},
    "scoring_eventphoto.withdraw_reason": HEAR,
    "scoring_papersheet.photo": {Role.GROUP_LEADER, Role.CADRE},
    "scoring_finding.document_no": FINDS,
    "scoring_finding.note": FINDS,
    "scoring_finding.withdraw_reason": FINDS,
    "scoring_findinganswer.words": FINDS,
    "scoring_adjustment.document_no": SEES_SHEETS,
    "scoring_adjustment.note": SEES_SHEETS,
    "scoring_adjustment.reason": DECIDE,
    "scoring_adjustment.answer": DECIDE | {"household"},  # of one that its objection led to
    "scoring_objection.text": HEAR | {"household"},
    "scoring_objectionstep.words": HEAR | {"household"},
    "scoring_reviewlook.note": SEES_SHEETS,
    "scoring_calendarversion.reason": OFFICE,
    "scoring_monthextension.reason": OFFICE,
    "scoring_forcedfreeze.reason": OFFICE,
    "scoring_forcedfreeze.answer": OFFICE,
    "scoring_pointadjustment.reason": {Role.CADRE, Role.TOWNSHIP},
    "scoring_pointadjustment.answer": {Role.CADRE, Role.TOWNSHIP},
    "scoring_rankingsnapshot.reason": {"all"},  # of a list, see test_public_reasons.py
    "scoring_withholding.shown": DECIDE,
    "scoring_withholding.why": DECIDE,
    "scoring_withholding.answer": DECIDE,
    "rewards_fund.name": POINTS | {"elsewhere"},  # stands in the letter that goes with an award
    "rewards_fundsource.document_no": OFFICE,
    "rewards_fundsource.note": OFFICE,
    "rewards_awardrun.discard_reason": OFFICE,
    "rewards_awardreview.reason": OFFICE,
    "rewards_project.title": {"all"},
    "rewards_project.purpose": {"all"},
    "rewards_project.place": {"all"},
    "rewards_project.approval_no": {"all"},
    "rewards_project.drop_reason": SEES_SHEETS,
    "rewards_projectstep.note": SEES_SHEETS,
    "rewards_milestone.title": {"all"},
    "rewards_milestone.note": SEES_SHEETS,
    "rewards_projectphoto.caption": {"all"},
    "rewards_acceptance.remarks": SEES_SHEETS,
    "rewards_ballot.title": SEES_SHEETS | {"household", "neighbour"},
    "rewards_ballot.call_off_reason": SEES_SHEETS,
    "rewards_allocation.note": SEES_SHEETS,
    "rewards_payment.payee": SEES_SHEETS,
    "rewards_payment.voucher_no": SEES_SHEETS,
    "rewards_payment.note": SEES_SHEETS,
    "rewards_item.name": SHOP | {"household", "neighbour"},
    "rewards_item.unit": SHOP | {"household", "neighbour"},
    "rewards_item.description": SHOP | {"household", "neighbour"},
    "rewards_redemption.collected_by": SHOP,
    "rewards_redemption.relation": SHOP,
    "rewards_redemption.reason": SHOP | {"household"},
    "rewards_stockmove.supplier": SHOP,
    "rewards_stockmove.voucher_no": SHOP,
    "rewards_stockmove.note": SHOP,
    "rewards_stocktake.reason": SHOP,
    "rewards_stocktakeline.reason": SHOP,
    "petitions_petition.title": CASE,
    "petitions_petition.text": CASE,
    "petitions_petition.filer_name": NOBODY,  # in full against a reason, by POST
    "petitions_petition.filer_phone": NOBODY,
    "petitions_petition.enterprise": CASE,
    "petitions_petition.external_no": CASE,
    "petitions_petition.external_link": CASE,
    "petitions_petitionevent.told": CASE,
    "petitions_petitionevent.note": CASE,
    "petitions_reception.room": DAYS,
    "petitions_reception.leader": DAYS,
    "petitions_reception.post": DAYS,
    "petitions_receptionstep.reason": {Role.PETITION_OFFICE},
    "petitions_promise.person": CASE,
    "petitions_promise.post": CASE,
    "petitions_publication.title": {"all"},
    "petitions_publication.text": {"all"},
    "petitions_publication.answer": {"all"},
    "petitions_publication.reason": {Role.PETITION_OFFICE},
    "petitions_rating.comment": CASE,
    "petitions_replytemplate.name": CASE,
    "petitions_replytemplate.text": CASE,
}
VIEWS = [view for view in all_views() if view.name != "healthz"]
Told = list[tuple[str, int, str]]  # address, status, what stands there if it is a word or a name that is looked for
WALKED: dict[str, Told] = {}  # by roles of the staff: the scene begins alike in every test


def seen(client: Client, samples: dict[str, str], words: Words, role: str = "") -> set[tuple[str, str]]:
    """(address, where the word was written) of every word that this browser is shown, or finds in a file that it is offered."""
    return words_in(read(client, samples, role), words)


def words_in(told: Told, words: Words) -> set[tuple[str, str]]:
    return {(name, words[word]) for name, _status, text in told if "留" in text for word in words if word in text}


def read(client: Client, samples: dict[str, str], role: str = "") -> Told:
    """Every address and what stands there; then every file that one of the pages leads to.

    Of a role, only what is open to it: that a refusal says nothing is seen once, where somebody of the role reads everything.
    """
    views = [view for view in VIEWS if not role or view.open_to(role)]
    return [
        (name, status, text if "留" in text or HEADS.search(text) else "")
        for name, status, text in addresses_read(client, samples, views)
    ]


def addresses_read(client: Client, samples: dict[str, str], views: list[View]) -> Iterator[tuple[str, int, str]]:
    files: dict[str, str] = {}
    for view in views:
        address = view.url(samples)
        answer = client.get(address)
        text = whole(answer)
        files |= {file: f"{view.name} -> {file}" for file in files_on(text, address)}
        yield view.name, answer.status_code, text
    for file, name in files.items():
        answer = client.get(file)
        yield name, answer.status_code, whole(answer)


def read_by(role: str, samples: dict[str, str]) -> Told:
    """What somebody of the staff is told, walked once in a session."""
    if role not in WALKED:
        WALKED[role] = read(found().client(role), samples)
    return WALKED[role]


def named_in(told: Told) -> list[tuple[str, str]]:
    """Heads and telephones of the village as they stood before words were planted over them."""
    return [(name, head) for name, _status, text in told for head in HEADS.findall(text)]


@pytest.fixture
def samples(db: None) -> dict[str, str]:
    return copies.scene("planted", planted_scene)


def test_readers_are_decided_for_every_column() -> None:
    assert sorted({name_of(*column) for column in columns()} ^ READERS.keys()) == []


def not_for(reader: str, found_words: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted((name, column) for name, column in found_words if not {"all", reader} & READERS[column])


@pytest.mark.parametrize("role", HOME)
def test_staff_finds_no_word_that_is_not_for_them(samples: dict[str, str], role: str) -> None:
    told = read_by(role, samples)
    assert not_for(role, words_in(told, planted_words())) == []
    assert open_to_the_wrong_role(role, told) == []
    if role in KEEPERS:
        assert named_in(told) == []


def open_to_the_wrong_role(role: str, told: Told) -> list[tuple[str, int, str]]:
    """Addresses for which the role lacks the permission, and that are found all the same or say anything of anybody."""
    closed = {view.name for view in VIEWS if not view.open_to(role)}
    assert len(closed) > 12
    return [each for each in told if each[0] in closed and (each[1] not in (403, 404) or each[2])]


def test_walk_notices_a_missing_permission_check(samples: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    few = [view for view in VIEWS if not view.open_to(Role.AUDITOR)][:20]
    monkeypatch.setattr(f"{__name__}.VIEWS", few)
    assert open_to_the_wrong_role(Role.AUDITOR, read(found().client(Role.AUDITOR), samples)) == []
    monkeypatch.setattr("households.audience.may", lambda *_who, **_where: True)
    assert open_to_the_wrong_role(Role.AUDITOR, read(found().client(Role.AUDITOR), samples))


@pytest.mark.parametrize("role", ELSEWHERE)
def test_same_job_elsewhere_finds_no_word(samples: dict[str, str], role: str) -> None:
    told = read(found().client(found().stranger(role)), samples, role)
    assert not_for("elsewhere", words_in(told, planted_words())) == []
    assert named_in(told) == []


def test_nobody_signed_out_finds_a_word(samples: dict[str, str]) -> None:
    told = read(Client(), samples)
    assert not_for("nobody", words_in(told, planted_words())) == []
    assert named_in(told) == []


def test_household_finds_its_own_and_its_neighbour_does_not(samples: dict[str, str]) -> None:
    own, next_door = (Filer(household) for household in found().households[:2])
    for reader, filer in (("household", own), ("neighbour", next_door)):
        assert (reader, not_for(reader, seen(filer.client, samples | {"token": filer.token}, planted_words()))) == (
            reader,
            [],
        )
    assert not_for("nobody", seen(next_door.client, samples | {"token": own.token}, planted_words())) == []
    own.client.post(reverse("plate-leave", args=[own.token]))
    assert HOUSEHOLD.cookie not in {name for name, cookie in own.client.cookies.items() if cookie.value}
    assert not_for("nobody", seen(own.client, samples | {"token": own.token}, planted_words())) == []


def test_words_are_found_by_those_they_are_for(samples: dict[str, str]) -> None:
    """Otherwise a scene that shows nothing would pass."""
    readers = (Role.CADRE, Role.COUNTY_OFFICE, Role.PETITION_OFFICE)
    shown = {column for role in readers for _name, column in words_in(read_by(role, samples), planted_words())}
    assert len(shown) > 45, sorted(READERS.keys() - shown)


def test_files_that_pages_offer_are_read(samples: dict[str, str]) -> None:
    """Tables and letters are opened, not only asked for: words of the office stand in each kind."""
    told = [text for name, _status, text in read_by(Role.COUNTY_OFFICE, samples) if " -> " in name]
    with_words = [text.split(maxsplit=1)[0] for text in told if "留" in text]
    for kind in ("openxmlformats", "text/csv", "application/pdf"):
        assert any(kind in named for named in with_words), kind


NOT_TYPED = {
    "AwardReasonForm.reason": "typed on its page; the view reads the field itself",
    "ComeInForm.username": "the account has one already",
    "ComeInForm.county_code": "the county is named already",
    "ComeInForm.county_name": "the county is named already",
    "FollowForm.number": "digits",
    "IdentityForm.subject": "there only with a provider: tests/households/oidc",
    "TermsForm.dates": "days, written by the page",
    "ReminderFollowForm.clause": "chosen from the clauses that follow",
}
# What departments, places and works are called, and where works are; who receives where.
FOR_ALL = {"departments", "change-border", "day-plan", "project-new", "project-edit"}


def test_nobody_finds_what_was_typed_into_any_form(db: None) -> None:
    """What a form refuses was typed all the same. A form for words that nobody types into fails here, too."""
    samples, world = copies.scene("policies", laid_out), found()
    words: Words = {}
    with typed_into() as typed:
        for name, _user, client, sent in forms_of_staff(world, samples):
            words |= _type(name, client, sent)
        ask_for_words(world, samples)
        for visit, client, sent in forms_of_states(world, samples, len(words) + 100):
            words |= _type(visit, client, sent)
    assert untyped(typed) == []
    assert seen(Client(), samples, words) == set()
    for role in (Role.CADRE, Role.DEPARTMENT):
        assert seen(world.client(world.stranger(role)), samples, words, role) == set()


def _type(name: str, client: Client, sent: Sent) -> Words:
    plausible = {key: value for key, value in sent.data.items() if isinstance(value, str)}
    client.post(sent.action, plausible, HTTP_REFERER=f"http://testserver{sent.page}")
    return {} if name in FOR_ALL else {word: f"{name}: {field}" for word, field in sent.words.items()}


def untyped(typed: Typed) -> list[str]:
    """Fields for words, by form, into which nobody has typed; a form is typed into with any form built on it."""
    lacking = {
        f"{kind.__name__}.{name}"
        for kind in forms_of_ours(ROOMS)
        for name in words_fields(kind) - {*typed.get(kind, {})}
    }
    return sorted(lacking - NOT_TYPED.keys())


def test_next_person_on_the_computer_finds_nothing_typed(db: None) -> None:
    """The clerk types into the longest form and signs out; the next one signs in."""
    samples, world = copies.scene("policies", laid_out), found()
    client = world.client(Role.CADRE)
    [sent] = [sent for sent in forms_on(client, reverse("petition-file")) if sent.words]
    client.post(sent.action, sent.data, HTTP_REFERER=f"http://testserver{sent.page}")
    client.post(reverse("sign-out"))
    assert seen(client, samples, sent.words) == set()
    client.force_login(world.stranger(Role.CADRE))
    assert seen(client, samples, sent.words) == set()


def test_words_of_a_filing_household_stay_with_it_and_the_office(samples: dict[str, str]) -> None:
    household = Filer(found().household)
    household.file(title="留901字门前", text="留902字，坏了半年，希望修一修。", name="留903字", phone="13811119041")
    own = samples | {"token": household.token, "number": Petition.objects.latest("pk").number}
    words = {word: word for word in ("留901字", "留902字", "留903字", "13811119041")}
    assert len(seen(household.client, own, words)) >= 2
    for role in (Role.GROUP_LEADER, Role.CADRE, Role.DEPARTMENT, Role.AUDITOR):
        assert (role, seen(found().client(role), own, words, role)) == (role, set())
    for client in (Client(), Filer(found().households[1]).client):
        assert seen(client, own, words) == set()


def test_names_that_the_walk_looks_for_are_those_of_the_village(world: World) -> None:
    heads = Household.objects.filter(code__startswith=VILLAGE).values_list("head_name", flat=True)
    assert len(heads) == 8
    assert [head for head in heads if not HEADS.fullmatch(head)] == []
    assert HEADS.search("13800000001") and not HEADS.search("周西河")
