"""The steps of a county's first day that this room knows: the scheme, the calendar, the first declared month."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from households.models import User
from households.months import label, month_of, next_month, spoken
from households.opening.steps import OpeningStep, StepLink
from households.permissions import Permission, may
from households.scope import lies_in
from households.workdays import workdays
from scoring.models import Sheet
from scoring.months.months import calendar_of
from scoring.schemes.adopted import adopted, in_force
from scoring.states import SheetState


def steps(user: User, county: str) -> Iterator[OpeningStep]:
    """What the months need, and whether the first of them was declared."""
    month = month_of(timezone.localdate())
    yield _scheme(user, county, month)
    yield calendar_step(user, county, month)
    yield _first_month(county, month)


def _scheme(user: User, county: str, month: str) -> OpeningStep:
    scheme, done = in_force(month), adopted(county)
    links: tuple[StepLink, ...] = (StepLink("看细则", reverse("rules")),)
    if scheme and scheme.code != done and may(user, Permission.ADOPT_SCHEME):
        links += (StepLink("交县里自己的细则", reverse("scheme-asks")),)
        links += (StepLink(f"采用《{scheme.name}》", reverse("adopt-scheme"), post=True),)
    missing = ("没有这个月适用的细则",) if scheme is None else ("县里还没有核对采用这一版",)
    is_done = scheme is not None and scheme.code == done
    return OpeningStep(
        60,
        "考核细则",
        is_done,
        "随系统发布的是模板，不是县里的正式文本：请逐条核对。要改，下载模板改好交上来，由另一个人核对发布，再采用。",
        ((scheme.name, f"{label(scheme.effective_from)}起"),) if scheme else (),
        () if is_done else missing,
        links,
        "" if may(user, Permission.ADOPT_SCHEME) else "由县六零办采用",
    )


def calendar_step(user: User, county: str, month: str) -> OpeningStep:
    """Done when the month's year is known; the next year, which nobody knows before autumn, is a hint."""
    days = calendar_of(month, county).last_days()
    year, following = int(month[:4]), int(next_month(month)[:4])
    known = workdays.known(year)
    hint = "" if workdays.known(following) else f"{following}年的放假安排公布以后，请再录入。"
    return OpeningStep(
        70,
        "日历",
        known,
        f"{label(month)}的日子这样排；遇到放假顺延。要改几号，由县六零办在“日历”里改。{hint}",
        tuple((spoken(day), name) for name, day in days.items()),
        () if known else (f"{year}年的放假安排还没有录入",),
        _calendar_links(user),
    )


def _calendar_links(user: User) -> tuple[StepLink, ...]:
    offered = ((Permission.SET_CALENDAR, "日历", "calendar"), (Permission.ARRANGE_YEARS, "放假安排", "arrangements"))
    return tuple(StepLink(word, reverse(page)) for permission, word, page in offered if may(user, permission))


def _first_month(county: str, month: str) -> OpeningStep:
    signed = Sheet.objects.filter(lies_in(county, "village")).exclude(state=SheetState.OPEN).count()
    return OpeningStep(
        90,
        "第一个月",
        bool(signed),
        f"村干部在“月度台账”里登记例外，{spoken(calendar_of(month, county).declare_until)}前申报“其余各户六项为零”。",
        ((signed, "张台账已申报"),),
        () if signed else ("还没有村申报",),
        (),
        "由各村村干部申报",
    )


def is_over(county: str) -> bool:
    """Whether a month of a village of the county is frozen."""
    return Sheet.objects.filter(lies_in(county, "village"), state=SheetState.FROZEN).exists()
