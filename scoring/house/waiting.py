"""What of scoring waits for somebody: entries for their second person, objections for a ruling, corrections for their second key."""

from collections.abc import Iterator
from datetime import date

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Left
from django.urls import reverse

from households.codes import Level, village_of
from households.house import waiting as house_waiting
from households.house.waiting import CEILING, Waiting, WaitingWork, named
from households.inbox import kinds
from households.models import User
from households.months import label
from households.permissions import Permission, may
from households.roles import Role
from scoring.findings.reads import waiting_for as findings_for
from scoring.house import messages, outbox
from scoring.models import (
    Adjustment,
    AskState,
    Decision,
    ForcedFreeze,
    MonthReminder,
    PointAdjustment,
    Review,
    SchemeAsk,
    ScoreEvent,
    Sheet,
)
from scoring.months.due import recent_months
from scoring.objections.reads import waiting_for as objections_for
from scoring.points.actions import GRANTS, within
from scoring.points.reads_heirless import heirless
from scoring.schemes.redlines import PETITION
from scoring.states import AdjustmentState, SheetState, WithholdingState
from scoring.withholdings.reads import requests_of


def speak() -> None:
    """What waits, and how what happened is said."""
    house_waiting.register(waiting)
    house_waiting.register(sheets, at_home=False)
    kinds.register(*messages.KINDS)
    outbox.speak()


def waiting(user: User, today: date) -> Iterator[Waiting]:
    """Confirmations by month, then what was asked and is the person's to decide."""
    if may(user, Permission.CONFIRM_EVENT) and (user.works_in_village or user.role == Role.PETITION_OFFICE):
        yield from _confirmations(user)
    if may(user, Permission.HEAR_OBJECTION):
        yield from named(20, "件异议等裁定", objections_for(user), reverse("objections"))
    if may(user, Permission.SEE_FINDINGS) and not user.department_id:
        what = "件部门认定等村里说明" if may(user, Permission.DECLARE) else "件部门认定来晚了，等处理"
        yield from named(12, what, findings_for(user), reverse("findings"))
    if may(user, Permission.DECLARE) or may(user, Permission.REVIEW):
        yield from _reminded(user)
    if may(user, Permission.GRANT_RESTATEMENT):
        asked = Adjustment.objects.within(user.scope).filter(state=AdjustmentState.ASKED).exclude(asked_by=user)
        yield from named(30, "件锁定后调整等批准", asked, reverse("adjustments"))
        withheld = requests_of(user).filter(state=WithholdingState.ASKED).exclude(asked_by=user)
        yield from named(30, "件“原文不再公开”等决定", withheld, reverse("withholdings"))
    if may(user, Permission.ADOPT_SCHEME):
        handed_in = SchemeAsk.objects.within(user.scope).filter(state=AskState.ASKED).exclude(asked_by=user)
        yield from named(29, "版细则等您核对发布", handed_in, reverse("scheme-asks"))
    if may(user, Permission.SET_CALENDAR):
        yield from _forced(user)
    if user.role == Role.CADRE:  # the county office may name them too, but it waits for the cadre
        yield from named(64, "个注销户的积分等指定去向", heirless(user.scope, today), reverse("heirless-points"))
    if may(user, Permission.GRANT_POINTS):
        yield from named(31, "件积分调整等批准", _points_asked(user), reverse("point-adjustments"))


def _forced(user: User) -> Iterator[Waiting]:
    """Villages whose freezing before the time waits for a second key, each leading to its month. One query."""
    asked = ForcedFreeze.objects.within(user.scope).filter(state=AskState.ASKED).exclude(asked_by=user)
    for one in asked.select_related("village")[:CEILING]:
        url = reverse("village-month", args=[one.period_id, one.village_id])
        yield WaitingWork(29, f"件提前锁定等决定（{one.village.name}）", 1, url, note=label(one.period_id))


def _reminded(user: User) -> Iterator[Waiting]:
    """Months that somebody above has reminded of and that have not moved since. One query."""
    review = may(user, Permission.REVIEW)
    state = SheetState.DECLARED if review else SheetState.OPEN
    stands = Sheet.objects.filter(period=OuterRef("period"), village=OuterRef("village"), state=state)
    found = MonthReminder.objects.within(user.scope).filter(Exists(stands), state=state).order_by("-period")
    for month in dict.fromkeys(found.values_list("period_id", flat=True)[:CEILING]):
        page, what = ("review", "催办审核") if review else ("sheet", "催办申报")
        yield WaitingWork(9, f"次{what}", 1, reverse(page, args=[month]), note=label(month))


def _points_asked(user: User) -> "QuerySet[PointAdjustment]":
    kinds = [kind for kind, role in GRANTS.items() if role == user.role]
    return within(user).filter(state=AskState.ASKED, owner_kind__in=kinds).exclude(asked_by=user)


def _confirmations(user: User) -> Iterator[Waiting]:
    """Entries on open sheets that the person may confirm: the newest month first, each leading to its sheet. One query."""
    found: dict[str, list[str]] = {}
    for month, code in _pending(user).values_list("period_id", "code")[: CEILING + 1]:
        found.setdefault(month, []).append(village_of(code))
    for at, (month, villages) in enumerate(found.items()):
        only = set(villages)
        place = f"&village={villages[0]}" if len(only) == 1 and not user.works_in_village else ""
        url = f"{reverse('sheet', args=[month])}?show=pending{place}"
        yield WaitingWork(10 + at, "条例外等第二人确认", len(villages), url, note=label(month))


def _pending(user: User) -> "QuerySet[ScoreEvent]":
    """Of the petition office only its own clauses, and of the others all but those."""
    village = Left(OuterRef("code"), Level.VILLAGE.code_length, output_field=CharField())
    is_open = Sheet.objects.filter(period=OuterRef("period"), village=village, state=SheetState.OPEN)
    own = Q(clause__indicator__code=PETITION)
    inside = ScoreEvent.objects.within(user.scope).pending().filter(own if user.role == Role.PETITION_OFFICE else ~own)
    return inside.filter(Exists(is_open)).exclude(recorded_by=user).order_by("-period", "id")


def sheets(user: User, today: date) -> Iterator[Waiting]:
    """Months to sign or to review, in the order of time. The home page shows each of them by itself."""
    if not (may(user, Permission.REVIEW) or may(user, Permission.DECLARE)):
        return
    recent = recent_months(today)
    here = Sheet.objects.within(user.scope).filter(period__in=recent)
    if may(user, Permission.REVIEW):
        for month in recent:
            declared = here.filter(period=month, state=SheetState.DECLARED)
            yield from named(25, "个村已申报，等您审核", declared, reverse("review", args=[month]), label(month))
    if may(user, Permission.DECLARE):
        last = Review.objects.filter(sheet=OuterRef("pk")).order_by("-id").values("decision")[:1]
        for month in recent:
            returned = here.filter(period=month, state=SheetState.OPEN).annotate(last=Subquery(last))
            returned = returned.filter(last=Decision.RETURN)
            yield from named(
                8, "张台账被乡镇退回，等改好再申报", returned, reverse("sheet", args=[month]), label(month)
            )
