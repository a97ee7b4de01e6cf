"""Suspicious patterns in the ratings of a period, for the petition office: who, why, and the petitions behind it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from households.models import User
from households.workdays.workdays import DAY
from petitions import units
from petitions.board.periods import BoardPeriod
from petitions.board.rating_rules import BURST, IN_BURST, MANY, QUICK, Fact, flags
from petitions.models import AnswerRow, Petition, PetitionEvent, RatedSubject, Rating
from petitions.states import PetitionAction

MAX_SHOWN = 30  # petitions named under one flag
_MINUTES = 60
WORDS: dict[str, tuple[str, str]] = {
    "quick": (
        "答复后马上评价",
        f"答复后 {QUICK.seconds // _MINUTES} 分钟以内就在网页上评了满意，不止一件。来信人一般不会这么快看到答复。",
    ),
    "burst": (
        "短时间内连着评价",
        f"{BURST.seconds // _MINUTES} 分钟以内有 {IN_BURST} 件以上接连在网页上评了满意。不同的来信人很难同时评价。",
    ),
    "call_backs_only": (
        "评价全部来自回访",
        f"评价有 {MANY} 个以上，全是满意，而且全是回访电话里说的，没有一个来信人自己在网页上评价。",
    ),
    "never_confirmed": (
        "都满意，却没有一件确认解决",
        f"网页评价有 {MANY} 个以上，全是满意，但没有一个来信人确认事情已经解决。",
    ),
    "own_filings": (
        "查询码经过承办单位的手",
        "由承办单位（或所属的村）自己代为登记的件，又在网页上评了满意。代办时查询码先到了代办人手里。",
    ),
    "one_phone": ("几户用同一个电话", "不同的几户留的是同一个联系电话，而且都评了满意。"),
}


@dataclass(frozen=True, slots=True)
class Raised:
    """One suspicion in words, with the petitions behind it that its reader may open."""

    unit: str
    title: str
    reason: str
    petitions: list[Petition]
    count: int


def raised(user: User, period: BoardPeriod) -> list[Raised]:
    """Every pattern in the ratings that were given in the period. Four queries."""
    found = flags(facts(user, period))
    names = units.names_of({flag.unit for flag in found})
    shown = Petition.objects.visible_to(user).only("number", "title", "state")
    petitions = shown.in_bulk({pk for flag in found for pk in flag.petitions[:MAX_SHOWN]})
    return [
        Raised(
            names.get(flag.unit, flag.unit),
            *WORDS[flag.rule],
            [petitions[pk] for pk in flag.petitions[:MAX_SHOWN] if pk in petitions],
            len(flag.petitions),
        )
        for flag in found
    ]


def facts(user: User, period: BoardPeriod) -> Iterator[Fact]:
    """The ratings of units given in the period, of petitions that this person may read; each about the answer it is of."""
    answered = {"petition": OuterRef("petition"), "kind": PetitionAction.ANSWER, "at__lte": OuterRef("at")}
    answer = PetitionEvent.objects.filter(**answered).order_by("-seq")
    row = AnswerRow.objects.filter(petition=OuterRef("petition"), round=OuterRef("round"))
    rows = (
        Rating.objects.filter(subject=RatedSubject.UNIT, petition__in=Petition.objects.visible_to(user))
        .filter(at__gte=_begin(period.first), at__lt=_begin(period.last + DAY))
        .annotate(answered_at=Subquery(answer.values("at")[:1]))
        .annotate(lead=Subquery(row.values("lead")[:1]), confirmed_on=Subquery(row.values("confirmed_on")[:1]))
        .order_by("pk")
    )
    filer = ("petition__filed_by__department", "petition__filed_by__division")
    columns = ("petition", "score", "via", "at", "answered_at", "lead", "confirmed_on")
    for *known, phone, household, department, division in rows.values_list(
        *columns, "petition__filer_key", "petition__household", *filer
    ):
        petition, score, via, at, answered_at, lead, confirmed_on = known
        filed_by = f"department:{department}" if department else f"division:{division}" if division else ""
        yield Fact(
            petition=petition,
            unit=lead or "",
            score=score,
            via=via,
            rated_at=at,
            answered_at=answered_at or at,
            confirmed=confirmed_on is not None,
            filed_by=filed_by,
            phone=phone,
            household=str(household or ""),
        )


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
