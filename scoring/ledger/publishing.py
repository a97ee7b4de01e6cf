"""Publishing what the chains of points were on a day: by the schedule every night, or by command."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from households import audit
from households.models import Division, User
from households.refusals import Refused
from households.trail.actions import seal
from households.trail.seals import newest_seal
from scoring.ledger import roots
from scoring.models import DailyRoot, LedgerHead, VillageRoot


@dataclass
class Published:
    """What was published: county lists, new roots of chains, and chains whose rows do not fit their hashes."""

    days: list[DailyRoot] = field(default_factory=list)
    roots: int = 0
    broken: list[str] = field(default_factory=list)


def publish_roots(*, day: date | None = None, by: User | None = None) -> Published:
    """Publish the lists of `day` (today by default) for every county that has points; a day is published once.

    Rows of chains that moved are hashed again on the way. A chain whose rows do not lead to its own hashes keeps its last
    good root: what was tampered with is never given a root, and is named in `broken`.
    """
    day = day or timezone.localdate()
    if day > timezone.localdate():
        raise Refused("day_to_come", f"{day} 还没有到。", hint="只能公布今天和以前漏掉的日子。")
    done = Published()
    seal()
    for county in Division.objects.counties():
        _publish_county(county, day, by, done)
    return done


def publish_roots_of(county: str, day: date) -> Published:
    """The same of one county: what is asked of a worker, so that a county that is refused stops no other."""
    done = Published()
    _publish_county(county, day, None, done)
    return done


def missed(today: date) -> list[str]:
    """Counties that have published before and have no list of the day before."""
    newest = DailyRoot.objects.order_by("county").values("county").annotate(newest=Max("day"))
    return list(newest.filter(newest__lt=today - timedelta(days=1)).values_list("county", flat=True))


@transaction.atomic
def _publish_county(code: str, day: date, by: User | None, done: Published) -> None:
    """One at a time for a county: the second finds the day published.

    A list of a day to come was published by a wrong clock. It stands, and the days before it go on being published.
    """
    county = Division.objects.select_for_update(no_key=True).get(pk=code)
    if DailyRoot.objects.filter(county=county.pk, day=day).exists():
        return  # also by a clock that ran ahead: what is published stays as it is
    last = DailyRoot.objects.filter(county=county.pk, day__lte=timezone.localdate()).order_by("-day").first()
    if last and last.day > day:
        raise Refused("day_is_past", f"{county.name}已经公布到 {last.day}，不能再补 {day} 的。", hint="公布了的不改。")
    chains, sealed = roots.chains_of(county.pk), newest_seal()
    done.roots += _extend(chains, day, done.broken)
    lines = roots.newest(chains)
    if not lines:
        return
    daily = DailyRoot.objects.create(
        county=county.pk,
        day=day,
        root=roots.root_over(lines).hex(),
        entries=sum(line.size for line in lines),
        lines=[line.pk for line in lines],
        seal=sealed.number if sealed else None,
        sealed=sealed.size if sealed else None,
        sealed_head=sealed.head if sealed else "",
    )
    done.days.append(daily)
    audit.record(by, "roots.publish", place=county.pk, subject=day, chains=len(lines), entries=daily.entries)


def _extend(chains: list[str], day: date, broken: list[str]) -> int:
    """A new root for every chain that moved; how many there were."""
    known = {line.chain: line for line in roots.newest(chains)}
    moved = LedgerHead.objects.filter(chain__in=chains).order_by("chain")
    fresh = []
    for head in moved:
        last = known.get(head.chain)
        if last and last.size == head.seq:
            continue
        grown = roots.grown(head, last, day)
        if grown is None:
            broken.append(head.chain)
        else:
            fresh.append(grown)
    VillageRoot.objects.bulk_create(fresh, ignore_conflicts=True)  # a department's chain belongs to several counties
    return len(fresh)
