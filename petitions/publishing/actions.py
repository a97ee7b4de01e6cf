"""A redacted copy of an answered petition is made public by a person of the petition office, and withdrawn again."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from households import audit
from households.codes import Level, is_level, township_of, village_of
from households.models import Household, User
from households.operations import Answer, once
from households.refusals import Refused
from households.scope import lies_in
from households.sql import run
from petitions.models import Content, Petition, PetitionEvent, Publication, PublicWish
from petitions.models.petitions import MAX_TEXT, MAX_TITLE
from petitions.publishing.residues import Known, Residue, refused, residues
from petitions.states import REPLIED, PetitionAction
from petitions.steps.history import locked
from petitions.steps.needs import is_bound


@dataclass(frozen=True, kw_only=True)
class Redacted:
    """What everybody shall read. `seen` says that the warnings were read, one by one."""

    title: str
    text: str
    answer: str
    enterprise_agreed: bool = False
    seen: bool = False

    @property
    def texts(self) -> dict[str, str]:
        """Title, text and answer without blanks around."""
        return {"title": self.title.strip(), "text": self.text.strip(), "answer": self.answer.strip()}


def publish(*, op_id: UUID, petition: Petition, by: User, redacted: Redacted) -> Publication:
    """Make the redacted copy public under a number of its own, once for `op_id`; the original is not touched.

    Refused 404 outside the sight of `by`, 403 for one who must keep away, 409 when it is not answered, is or ever was an
    accusation, is public already or its filer does not want it, 422 while the filer's name, a long number or the
    enterprise's name stands in it, or while warnings have not been read.
    """

    def act() -> Answer:
        found = locked(petition)
        _check_sight(found, by)
        _check_publishable(found)
        _check_texts(found, redacted)
        return {"publication": _publish(found, by, redacted).pk}

    payload = [petition.pk, redacted.texts, redacted.enterprise_agreed, redacted.seen]
    answer = once(op_id=op_id, by=by, kind="petition.publish", payload=payload, act=act)
    return Publication.objects.get(pk=answer["publication"])


def withdraw_publication(*, op_id: UUID, petition: Petition, by: User, reason: str) -> Petition:
    """Take the public copy back, with a reason; its words are gone, who made it public and who took it back remains."""

    def act() -> Answer:
        found = locked(petition)
        _check_sight(found, by)
        if not reason.strip():
            raise Refused("note_missing", "请写明为什么撤下。", fields={"note": "必填"})
        if not take_down(found, by=by, reason=reason.strip()):
            raise Refused("not_public", "这一件没有公开。", status=409)
        return {"petition": found.pk}

    once(op_id=op_id, by=by, kind="petition.unpublish", payload=[petition.pk, reason], act=act)
    return petition


def wish(*, op_id: UUID, petition: Petition, allowed: bool) -> Petition:
    """The filer says whether their petition may be public, even redacted. A no takes down what is public."""

    def act() -> Answer:
        found = locked(petition)
        PublicWish.objects.update_or_create(petition=found, defaults={"allowed": allowed, "at": timezone.now()})
        _record(None, "petition.public_wish", found, answer="可以公开" if allowed else "不要公开")
        if not allowed:
            take_down(found, by=None, reason="来信人不愿公开")
        return {"petition": found.pk}

    once(op_id=op_id, by=None, kind="petition.public_wish", payload=[petition.pk, allowed], act=act)
    return petition


def take_down(petition: Petition, *, by: User | None, reason: str) -> bool:
    """Withdraw the standing copy, if there is one. `by` None: the filer."""
    standing = Publication.objects.filter(petition=petition, withdrawn_at=None)
    gone: dict[str, Any] = {"title": "", "text": "", "answer": ""}
    taken = standing.update(withdrawn_at=timezone.now(), withdrawn_by=by, reason=reason, **gone)
    if taken:
        _record(by, "petition.unpublish", petition)
    return bool(taken)


def known_of(petition: Petition, *, enterprise_agreed: bool = False) -> Known:
    """What may not stand in a public text about this petition, and the names on the register of its village."""
    village = village_of(petition.place_id)
    register = Household.objects.filter(lies_in(village))
    names = register.values_list("head_name", flat=True) if is_level(village, Level.VILLAGE) else []
    return Known(
        name=petition.filer_name,
        phone=petition.filer_phone,
        enterprise=petition.enterprise,
        enterprise_agreed=enterprise_agreed,
        neighbours=tuple(sorted(set(names))),
    )


def found_in(petition: Petition, redacted: Redacted) -> list[Residue]:
    """What is left of persons in the three texts."""
    return residues(
        "\n".join(redacted.texts.values()), known_of(petition, enterprise_agreed=redacted.enterprise_agreed)
    )


def was_accusation(petition: Petition) -> bool:
    """Whether it is an accusation, or was one at any time: then it is never made public."""
    lines = PetitionEvent.objects.filter(petition=petition, kind__in=[PetitionAction.FILE, PetitionAction.CLASSIFY])
    return petition.is_accusation or lines.filter(data__content=Content.ACCUSATION).exists()


def unwilling(petition: Petition) -> bool:
    """Whether the filer does not want it public."""
    return PublicWish.objects.filter(petition=petition, allowed=False).exists()


def _check_sight(petition: Petition, by: User) -> None:
    if not Petition.objects.visible_to(by).filter(pk=petition.pk).exists():
        raise Refused("not_found", "没有找到这件信访。", hint="请核对编号。", status=404)
    if is_bound(petition, by):
        raise Refused(
            "conflict_of_interest", "您与这件信访有关联，应当回避。", hint="请由本单位其他人办理。", status=403
        )


def could_be_public(petition: Petition) -> bool:
    """Whether the page of one petition leads to its public copy: what stands in the way is said there."""
    return not petition.is_accusation and petition.status in REPLIED


def why_not(petition: Petition) -> str:
    """Why it cannot be public at all; empty when it can."""
    if was_accusation(petition):
        return "检举控告件（包括曾经是检举控告的）不公开。"
    if petition.erased_at is not None:
        return "内容已经清除，不能公开。"
    if petition.contact_erased_at is not None:
        return "来信人的姓名已经清除，核对不了文中有没有，不能公开。"
    if petition.status not in REPLIED:
        return "还没有答复，或者正在重新办理，不能公开。"
    return "来信人不愿意公开。" if unwilling(petition) else ""


def _check_publishable(petition: Petition) -> None:
    reason = why_not(petition)
    if reason:
        raise Refused("not_publishable", reason, status=409)
    if Publication.objects.filter(petition=petition, withdrawn_at=None).exists():
        raise Refused("public_already", "这一件已经公开。", hint="要改，请先撤下，再重新公开。", status=409)


def _check_texts(petition: Petition, redacted: Redacted) -> None:
    most = {"title": MAX_TITLE, "text": MAX_TEXT, "answer": MAX_TEXT}
    wrong = {
        name: "必填" if not text else "太长" for name, text in redacted.texts.items() if not 0 < len(text) <= most[name]
    }
    if wrong:
        raise Refused("invalid", "公开的标题、内容和答复都要写，也不能太长。", fields=wrong)
    found = found_in(petition, redacted)
    if refused(found):
        named = "；".join(f"{one.sort}“{one.words}”" for one in refused(found))
        raise Refused("not_redacted", f"还不能公开，文中还有：{named}。", hint="请改写以后再公开。")
    if found and not redacted.seen:
        raise Refused("not_seen", "有几处可能指向具体的人。", hint="请逐条看过，改写，或勾选“已逐条看过”。")


def _publish(petition: Petition, by: User, redacted: Redacted) -> Publication:
    county, year = petition.county, timezone.localdate(petition.filed_at).year
    township = township_of(petition.place_id)
    publication = Publication(
        petition=petition,
        county=county,
        year=year,
        serial=_next_serial(county, year),
        channel=petition.channel,
        township_id=township if is_level(township, Level.TOWNSHIP) else None,
        published_at=timezone.now(),
        published_by=by,
        **redacted.texts,
    )
    publication.save(force_insert=True)
    _record(by, "petition.publish", petition)
    return publication


def _next_serial(county: str, year: int) -> int:
    """The next public number of the year; who publishes at the same moment waits."""
    run("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", [f"petitions.publication.{county}", year])
    last = Publication.objects.filter(county=county, year=year).aggregate(last=Max("serial"))["last"]
    return (last or 0) + 1


def _record(by: User | None, action: str, petition: Petition, **detail: str) -> None:
    """The audit line; without a person it was the filer. Its place is the county, as in every line about a petition."""
    audit.record(by or audit.VILLAGER, action, place=petition.county, subject=petition.number, **detail)
