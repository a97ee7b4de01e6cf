"""Reading a village's month: everything its page and its API answer show, in a fixed number of queries.

Reading never writes: a sheet that nobody has touched yet is shown as open, version 0, and is made by the first entry.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404
from django.utils import timezone

from households.codes import CodeError, Level, ancestors, group_of, is_level, parse, reaches, village_of
from households.masks import mask_name
from households.models import Department, Division, Household, User
from households.months import Month, first_day, last_day, month_of
from households.permissions import Permission, may
from households.refusals import Refused
from households.register.past_names import called_on
from households.register.reads import knows_names_of, lives_away
from households.roles import Role
from households.scope import lies_in
from scoring.models import Decision, Indicator, MonthExtension, Period, Recorder, Review, Scheme, ScoreEvent, Sheet
from scoring.months.calendar import MonthCalendar
from scoring.months.months import calendar_of, check_begun, first_month_in_sql, longer, readable
from scoring.schemes.authorities import belongs_to
from scoring.schemes.protected_acts import rests_on_sealed_record
from scoring.schemes.recorders import may_record
from scoring.sheets.actions.entries import is_secret_from, may_confirm, may_withdraw
from scoring.states import SheetAction, SheetState, actions_for, event_state, lock_reason

Item = dict[str, Any]


@dataclass(frozen=True)
class SheetPlace:
    """A village with the divisions above it (nearest first) and its groups."""

    village: Division
    above: list[Division]
    groups: list[Division]


@dataclass(frozen=True)
class State:
    """What is stored of a sheet; the defaults are a sheet that nobody has touched."""

    scheme_id: int
    version: int = 0
    state: SheetState = SheetState.OPEN
    posted_at: datetime | None = None
    declared: Item | None = None
    returned: Item | None = None
    extended: date | None = None


@dataclass(frozen=True)
class SheetChoice:
    """A village to choose, with the state of its sheet."""

    village: Division
    state: SheetState


def place_in_reach(by: User, code: str, month: Month = "") -> SheetPlace:
    """The village that a person sees at least a part of, under the names of a month; 404 for every other, as for one that does
    not exist.
    """
    try:
        code = parse(code)
    except CodeError as fault:
        raise Http404 from fault
    if not is_level(code, Level.VILLAGE) or not by.scope.meets(code):
        raise Http404
    inside = lies_in(code)
    known = Division.objects.filter(inside | Q(code__in=ancestors(code))).order_by("code")
    if month:
        readable(month)
    rows = called_on(known, last_day(month)) if month else list(known)
    village = next((row for row in rows if row.code == code), None)
    if village is None:
        raise Http404
    above = [row for row in reversed(rows) if not reaches(row.code, Level.VILLAGE)]
    return SheetPlace(village, above, [row for row in rows if reaches(row.code, Level.GROUP)])


def page_data(*, month: Month, place: SheetPlace, by: User) -> Item:
    """The month of a village as `by` may see it: shape in `scoring.sheets.serializers.SheetSerializer`.

    Refused when the month cannot be read, lies in the future, or has no scheme.
    """
    readable(month)
    stored = _state(month, place.village.code)
    households = _households(month, place.village.code, by)
    events = _events(month, place.village.code, by)
    calendar = longer(calendar_of(month, place.village.code), stored.extended)
    items = [event_item(event, by=by, state=stored.state) for event in events]
    return {
        "month": month,
        "version": stored.version,
        "state": stored.state.value,
        "lock_reason": lock_reason(stored.state),
        "due": _due(calendar, stored),
        "opens_on": calendar.opens_on,
        "closes_at": timezone.make_aware(datetime.combine(calendar.entry_until, time(23, 59, 59))),
        "today": timezone.localdate(),
        "village": _village(place),
        "scheme": _scheme(stored.scheme_id, month, by),
        "may": _rights(place.village.code, stored.state, by),
        "declared": stored.declared,
        "returned": _returned(stored, events),
        "counts": counts(households, items),
        "groups": _groups(place, households, by),
        "households": households,
        "events": items,
    }


def _returned(stored: State, events: Iterable[ScoreEvent]) -> Item | None:
    """Why an open sheet was sent back, and how much has been done to it since."""
    if stored.state is not SheetState.OPEN or stored.returned is None:
        return None
    at = datetime.fromisoformat(stored.returned["at"])
    return stored.returned | {"changes": sum(moved_after(event, at) for event in events)}


def moved_after(event: ScoreEvent, at: datetime) -> bool:
    """Whether an entry was made, confirmed by another or taken back after that moment."""
    moments = (event.recorded_at, event.confirmed_at, event.withdrawn_at)
    return any(moment is not None and moment > at for moment in moments)


def _state(month: Month, village: str) -> State:
    last_review = (
        Review.objects.filter(sheet=OuterRef("pk"))
        .order_by("-id")
        .values(last=JSONObject(decision="decision", reason="reason", by="by__display_name", at="at"))[:1]
    )
    standing = FilteredRelation("declarations", condition=Q(declarations__withdrawn_at=None))
    row = (
        Sheet.objects.filter(period=month, village=village)
        .annotate(standing=standing, last_review=Subquery(last_review))
        .annotate(
            scheme=F("period__scheme"),
            signed=JSONObject(
                by="standing__signed_by__display_name",
                at="standing__signed_at",
                households=F("standing__households__len"),
                exceptions="standing__exceptions",
            ),
        )
        .annotate(extended=Subquery(_EXTENDED))
        .values("version", "state", "posted_at", "scheme", "signed", "last_review", "extended")
        .first()
    )
    if row is None:
        return State(_scheme_of(month, village))
    review, signed = row["last_review"], row["signed"]
    return State(
        row["scheme"],
        row["version"],
        SheetState(row["state"]),
        row["posted_at"],
        {**signed, "by": signed["by"] or "县六零办"} if signed["at"] else None,
        {k: review[k] for k in ("reason", "by", "at")} if review and review["decision"] == Decision.RETURN else None,
        row["extended"],
    )


_EXTENDED = (
    MonthExtension.objects.filter(period=OuterRef("period"), village=OuterRef("village"))
    .order_by("-id")
    .values("until")[:1]
)


def _scheme_of(month: Month, village: str) -> int:
    """The scheme of the month's period; for a month not opened yet, the one it would be opened under.

    Refused for a month before the village's first.
    """
    opened = Exists(Period.objects.filter(month=month, scheme=OuterRef("pk")))
    published = Q(published_at__isnull=False, effective_from__lte=month)
    schemes = Scheme.objects.filter(published | opened).order_by(opened.desc(), "-effective_from")
    found = schemes.annotate(first=first_month_in_sql(village)).values("pk", "first").first()
    if found is None:
        raise Refused("no_scheme", f"{month} 没有已发布的考核细则。", hint="请县六零办先发布适用的细则。")
    check_begun(month, found["first"])
    return int(found["pk"])


def _due(calendar: MonthCalendar, stored: State) -> str:
    """What the sheet waits for on this day, as a sentence; empty when there is nothing to do yet."""
    today = timezone.localdate()
    posted_on = timezone.localdate(stored.posted_at) if stored.posted_at else None
    step = calendar.step_due(stored.state, today, posted_on)
    return step.sentence(today) if step else ""


def _village(place: SheetPlace) -> Item:
    return {
        "code": place.village.code,
        "name": place.village.name,
        "above": [{"code": division.code, "name": division.name} for division in place.above],
    }


def _groups(place: SheetPlace, households: Iterable[Item], by: User) -> list[Item]:
    """The village itself and its groups, as far as they are the person's; groups nobody counts in are left out."""
    lived_in = {group_of(item["code"]) for item in households}
    own = [place.village, *(group for group in place.groups if group.code in lived_in)]
    return [{"code": row.code, "name": row.name} for row in own if by.scope.covers(row.code)]


def _rights(village: str, state: SheetState, by: User) -> dict[str, bool]:
    """What the person may do with the sheet now."""
    moves = actions_for(by.role, state) if may(by, Permission.DECLARE, at=village) else []
    return {
        "record": state is SheetState.OPEN and may(by, Permission.RECORD_EVENT),
        "declare": SheetAction.DECLARE in moves,
        "undeclare": SheetAction.UNDECLARE in moves,
    }


def _scheme(scheme_id: int, month: Month, by: User) -> Item:
    """The six zeros with their clauses; `may_record` says which of these are the person's to record."""
    columns = ["code", "text", "kind", "points", "subject", "recorder", "document_required", "second_person"]
    named = Department.objects.filter(pk=by.department_id).values("name")
    rows = (
        Indicator.objects.filter(scheme=scheme_id)
        .annotate(department=Subquery(named))
        .order_by("position", "clauses__code")
        .values(
            "position",
            "code",
            "name",
            "lamp",
            "share",
            "scheme__code",
            "scheme__name",
            "clauses__basis",
            "department",
            *(f"clauses__{c}" for c in columns),
        )
    )
    indicators: dict[int, Item] = {}
    first = first_day(month)
    for row in rows:
        zero = indicators.setdefault(
            row["position"], {k: row[k] for k in ("position", "code", "name", "lamp", "share")} | {"clauses": []}
        )
        if row["clauses__code"]:
            sealed = rests_on_sealed_record(row["clauses__kind"], row["clauses__text"], row["clauses__basis"], first)
            own = belongs_to(row["department"] or "", row["clauses__text"], row["clauses__basis"])
            allowed = not sealed and (own or not by.department_id)
            zero["clauses"].append(_clause({c: row[f"clauses__{c}"] for c in columns}, by, allowed=allowed))
    return {"code": row["scheme__code"], "name": row["scheme__name"], "indicators": list(indicators.values())}


def _clause(row: Item, by: User, *, allowed: bool) -> Item:
    may = may_record(by.role, row["recorder"]) and allowed
    return row | {"recorder_name": Recorder(row["recorder"]).label, "may_record": may}


def _households(month: Month, village: str, by: User) -> list[Item]:
    """Households that count in the month, as far as they are the person's.

    Who records but does not read names (a department holding a decision about someone) finds the household by initials.
    """
    records = may(by, Permission.RECORD_EVENT)
    inside = Household.objects.filter(lies_in(village)).within(by.scope)
    here = inside.active(last_day(month)).order_by("code").annotate(away=lives_away())
    rows = here.values_list("code", "head_name", "initials", "away")
    return [
        {"code": code, "name": name, "initials": initials} | ({"away": True} if away else {})
        if knows_names_of(by, code)
        else {"code": code, "name": mask_name(name), "initials": initials if records else ""}
        for code, name, initials, away in rows
    ]


def _events(month: Month, village: str, by: User) -> list[ScoreEvent]:
    inside = ScoreEvent.objects.filter(lies_in(village), period=month).within(by.scope)
    people = ("clause__indicator", "recorded_by__department", "confirmed_by__department")
    return list(inside.select_related(*people).with_photo_counts().order_by("id"))


def event_item(event: ScoreEvent, *, by: User, state: SheetState) -> Item:
    """One event as `by` may see it on a sheet in `state`.

    Of a 零非访 entry everybody sees that it stands, and only the petition office and the county office what it says.
    """
    secret = is_secret_from(event, by)
    editable = state is SheetState.OPEN and event.withdrawn_at is None
    return {
        "id": event.pk,
        "op_id": str(event.op_id),
        "code": event.code,
        "secret": secret,
        "clause": "" if secret else event.clause.code,
        "indicator": event.clause.indicator.code,
        "kind": event.kind,
        "points": event.points,
        "date": event.date,
        "document_no": "" if secret else event.document_no,
        "note": "" if secret else event.note,
        "recorded_by": _person(event.recorded_by),
        "recorded_at": event.recorded_at,
        "confirmed_by": _second_person(event),
        "confirmed_at": event.confirmed_at,
        "state": event_state(confirmed=bool(event.confirmed_at), withdrawn=bool(event.withdrawn_at)).value,
        "withdraw_reason": event.withdraw_reason,
        "photos": 0 if secret else getattr(event, "photo_count", 0),  # of a new one nothing is counted
        "can_withdraw": editable and may_withdraw(event, by=by),
        "can_confirm": editable and event.confirmed_at is None and may_confirm(event, by=by),
    }


def _person(user: User | None) -> Item:
    if user is None:
        return {"name": "县六零办", "role": Role.COUNTY_OFFICE, "role_name": "批量导入"}
    role_name = user.department.name if user.department else user.get_role_display()
    return {"name": user.display_name, "role": user.role, "role_name": role_name}


def _second_person(event: ScoreEvent) -> Item | None:
    """Who confirmed it, when that was not who recorded it."""
    if event.confirmed_by is None or event.confirmed_by_id == event.recorded_by_id:
        return None
    return _person(event.confirmed_by)


def counts(households: Iterable[Item], events: Iterable[Item]) -> dict[str, int]:
    """Households, standing exceptions, households that have one, and the rest: those the declaration calls six zeros."""
    codes = {item["code"] for item in households}
    standing = [event["code"] for event in events if event["state"] != "withdrawn"]
    touched = codes.intersection(standing)
    return {
        "households": len(codes),
        "events": len(standing),
        "exceptions": len(touched),
        "six_zero": len(codes) - len(touched),
    }


def only_village(by: User) -> str:
    """The code of the one village that the person works in; empty when there are several, or a larger place."""
    villages = {village_of(prefix) for prefix in by.scope.prefixes}
    only = villages.pop() if len(villages) == 1 else ""
    return only if is_level(only, Level.VILLAGE) else ""


def villages_to_choose(by: User, month: Month) -> list[SheetChoice]:
    """The villages that the person sees at least a part of, in the order of their codes, with their sheets' states."""
    partly = [village_of(prefix) for prefix in by.scope.prefixes if reaches(prefix, Level.GROUP)]
    seen = Division.objects.filter(by.scope.condition("code") | Q(code__in=partly)).active(last_day(month))
    villages = list(seen.of_level(Level.VILLAGE).select_related("parent").order_by("code"))
    states = dict(Sheet.objects.filter(period=month, village__in=villages).values_list("village_id", "state"))
    return [SheetChoice(village, SheetState(states.get(village.code, SheetState.OPEN))) for village in villages]


def months_of_sheets(this_month: Month) -> list[Month]:
    """Months there are, the present one included."""
    return sorted({*Period.objects.values_list("month", flat=True), this_month})


def this_month() -> Month:
    return month_of(timezone.localdate())
