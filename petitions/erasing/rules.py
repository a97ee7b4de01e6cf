"""How long what people wrote is kept, and how much of it may go when a filer asks. The numbers are settings.

What is kept for ever: number, dates, states, figures, and who of the staff did what. The reasons stand in
docs/adr/0018-what-is-erased-and-when.md.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from households.refusals import Refused
from petitions.models import Petition, PetitionEvent
from petitions.models.petitions import PetitionQuerySet
from petitions.states import ENDED, MOVING, PetitionAction

# A written opinion is an official record: it outlives a filer's wish, for as long as records are kept.
_OPINIONS = (PetitionAction.NOT_ACCEPT, PetitionAction.ANSWER, PetitionAction.REVIEW, PetitionAction.FINAL_REVIEW)


class Extent(StrEnum):
    """What goes."""

    ALL = "all"
    CONTACT = "contact"  # who filed: name, telephone number, household
    PAPERS = "papers"  # photos and files

    @property
    def label(self) -> str:
        """What goes, in Chinese."""
        return EXTENT_LABELS[self]


EXTENT_LABELS: dict[Extent, str] = {
    Extent.ALL: "清除全部内容",
    Extent.CONTACT: "只清除姓名、电话和住户",
    Extent.PAPERS: "清除照片和文件",
}


def years_before(at: datetime, years: int) -> datetime:
    """The same day and hour so many years earlier; 28 February for a 29th that is not there."""
    try:
        return at.replace(year=at.year - years)
    except ValueError:
        return at.replace(year=at.year - years, day=28)


def expired(extent: Extent, now: datetime | None = None) -> PetitionQuerySet:
    """Petitions whose whole matter ended so long ago that `extent` is to go, and whose it has not gone yet."""
    years = settings.PETITION_KEEP_YEARS if extent is Extent.ALL else settings.PETITION_KEEP_PAPERS_YEARS
    since = years_before(now or timezone.now(), years)
    found = Petition.objects.filter(state__in=ENDED, erased_at=None).exclude(Exists(_living()))
    if extent is Extent.PAPERS:
        found = found.filter(papers_erased_at=None, attachments__isnull=False).distinct()
    return found.exclude(Exists(_moves().filter(at__gt=since)))


def _living() -> PetitionQuerySet:
    """Petitions of the same matter that are not at an end, or held."""
    return Petition.objects.filter(Q(held=True) | ~Q(state__in=ENDED), case=OuterRef("case"))


def _moves() -> "QuerySet[PetitionEvent]":
    return PetitionEvent.objects.filter(petition__case=OuterRef("case"), kind__in=MOVING)


@dataclass(frozen=True, slots=True)
class Erasable:
    """How much may go at a filer's wish: `extent` None means nothing, `why` tells the reason (also why not more)."""

    extent: Extent | None
    why: str

    def refuse(self) -> None:
        """Raise it, when nothing may go."""
        if self.extent is None:
            raise Refused("cannot_erase", self.why, hint="到期以后系统会自动清除。", status=409)


def most_erasable(petition: Petition) -> Erasable:
    """What may go when its filer asks for it now."""
    matter = Petition.objects.filter(case=petition.case_id)
    if petition.erased_at:
        return Erasable(None, "内容已经清除。")
    if matter.exclude(state__in=ENDED).exists():
        return Erasable(None, "这件事还在办理，要凭姓名电话与您联系，现在不能清除。")
    if matter.filter(held=True).exists():
        return Erasable(None, "这件信访依法需要保留，现在不能清除。")
    if PetitionEvent.objects.filter(petition__case=petition.case_id, kind__in=_OPINIONS).exists():
        why = f"已有书面答复的信访要存档 {settings.PETITION_KEEP_YEARS} 年，期满自动清除；现在只能清除姓名和电话。"
        return Erasable(None if petition.contact_erased_at else Extent.CONTACT, why)
    return Erasable(Extent.ALL, "")


def for_filer(petition: Petition) -> Erasable | None:
    """The same for their page; None while there is nothing to say about it."""
    return most_erasable(petition) if petition.status in ENDED and not petition.erased_at else None


def allowed(petition: Petition) -> list[Extent]:
    """What the petition office may choose from when it grants a filer's wish."""
    most = most_erasable(petition).extent
    if most is Extent.ALL:
        return [Extent.ALL] if petition.contact_erased_at else [Extent.ALL, Extent.CONTACT]
    return [most] if most else []
