"""What was done with a household's PIN shortly after an official had handed it out: for the supervisor to look at.

A PIN on paper opens only the page on which the household sets its own, but who printed it can be the first to do so. So
whatever follows a renewed PIN within some days is shown, and who handed out a PIN and then records a hand-over himself
is marked, off line and on. It says that something happened, never what somebody chose.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from households.models import AuditEvent, Household, Plate, User
from households.register.reads import name_for
from households.scope import Scope
from rewards.models import Redemption, Voice
from rewards.models.ballots import VoiceChannel
from rewards.models.redemptions import Proof, RedemptionChannel

SHOWN = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class HandOut:
    """A PIN given out on paper: `renewed` for one household, or with the plate."""

    at: datetime
    by: str
    renewed: bool


@dataclass(frozen=True, slots=True)
class PinUse:
    """One thing done within the days after a PIN was given out. `same`: by the very person who gave it out."""

    at: datetime
    household: Household
    name: str
    what: str
    by: str
    hand_out: HandOut
    same: bool


def uses(user: User) -> list[PinUse]:
    """What this person should look at in their own subtree, what one person did alone first, then the newest."""
    since = timezone.now() - SHOWN
    acts = [*_hand_overs(user.scope, since), *_own_acts(user.scope, since)]
    given = _hand_outs(user.scope, {household.code for household, *_ in acts}, since - _days())
    found = [use for act in acts if (use := _use(user, act, given.get(act[0].code, [])))]
    return sorted(found, key=lambda use: (use.same, use.at), reverse=True)


Act = tuple[Household, datetime, str, str]  # household, when, what, the account that recorded it


def _hand_overs(scope: Scope, since: datetime) -> Iterator[Act]:
    """Goods given against a PIN, or recorded after a dead connection."""
    by_pin = Q(proof=Proof.PIN) | Q(channel=RedemptionChannel.OFFLINE)
    rows = Redemption.objects.within(scope).filter(by_pin, handed_at__gte=since)
    for row in rows.select_related("household__group", "handed_by", "item"):
        how = "断网补录的领取" if row.channel == RedemptionChannel.OFFLINE else "凭户牌密码领取"
        yield row.household, row.handed_at, f"{how}（{row.points} 积分）", row.handed_by.username


def _own_acts(scope: Scope, since: datetime) -> Iterator[Act]:
    """What the household's page did: reservations and votes."""
    reserved = Redemption.objects.within(scope).filter(channel=RedemptionChannel.PAGE, reserved_at__gte=since)
    for row in reserved.select_related("household__group"):
        yield row.household, row.reserved_at, f"在户牌页上预订（{row.points} 积分）", ""
    voices = Voice.objects.filter(scope.condition("household"), channel=VoiceChannel.PIN, at__gte=since)
    for voice in voices.select_related("household__group"):
        yield voice.household, voice.at, "在户牌页上投票", ""


def _hand_outs(scope: Scope, codes: Iterable[str], since: datetime) -> dict[str, list[HandOut]]:
    """Who gave these households a PIN, and when."""
    found: dict[str, list[HandOut]] = {}
    lines = AuditEvent.objects.within(scope).filter(action="plate.new_pin", place__in=codes, at__gte=since)
    for place, at, actor in lines.values_list("place", "at", "actor"):
        found.setdefault(place, []).append(HandOut(at, actor, renewed=True))
    plates = Plate.objects.filter(household__in=codes, issued_at__gte=since, issued_by__isnull=False)
    for place, at, actor in plates.values_list("household", "issued_at", "issued_by__username"):
        found.setdefault(place, []).append(HandOut(at, actor, renewed=False))
    return found


def _use(user: User, act: Act, given: list[HandOut]) -> PinUse | None:
    """The act as something to look at, or None: whatever follows a renewed PIN, and what its giver did himself."""
    household, at, what, by = act
    before = [one for one in given if one.at <= at <= one.at + _days()]
    own = [one for one in before if one.by == by]
    hand_out = next(iter(own), None) or next((one for one in before if one.renewed), None)
    if hand_out is None:
        return None
    return PinUse(at, household, name_for(household, user), what, by, hand_out, same=bool(own))


def _days() -> timedelta:
    return timedelta(days=settings.PIN_WATCH_DAYS)
