"""Archived rankings as pages and files: what freezing wrote down, read back without touching live figures."""

import json
from dataclasses import dataclass, replace

from django.db.models import Count, Q
from django.http import HttpResponse
from django.utils import timezone

from households.codes import CodeError, Level, county_of, level_of, path
from households.files.answers import table
from households.files.exports import moment
from households.models import Division
from households.months import Month, label, last_day
from households.register.past_names import called_on
from scoring.models import RankingSnapshot, Sheet
from scoring.rankings import boards, publication
from scoring.rankings.columns import COLUMNS
from scoring.rankings.snapshots import DEPARTMENTS, LEVELS
from scoring.readers import Reader

LABELS = {level: Level(level).label for level in LEVELS if level != DEPARTMENTS} | {DEPARTMENTS: "县直部门"}


@dataclass(frozen=True)
class ArchivedRanking:
    """An archived ranking of a county, or the part of it inside `within`.

    Frozen before their time were `unposted` villages without posting, and `cut_short` ones while they were posted.
    `is_final` tells that it is open to the public, `versions` are all that were archived of the same ranking, newest
    first, `published` those that everybody may see.
    """

    snapshot: RankingSnapshot
    path: list[Division]
    rows: list[boards.BoardRow]
    versions: list[RankingSnapshot]
    is_final: bool
    months: list[Month]
    published: list[RankingSnapshot]
    unposted: int = 0
    cut_short: int = 0

    @property
    def within(self) -> str:
        return self.path[-1].code if self.path else self.snapshot.within

    @property
    def superseded_by(self) -> RankingSnapshot | None:
        """The newest version that everybody may see, where it came after this one."""
        newest = next(iter(self.published), None)
        return newest if newest and newest.version > self.snapshot.version else None

    @property
    def level_label(self) -> str:
        return LABELS[self.snapshot.level]

    @property
    def of_counties(self) -> bool:
        return self.snapshot.level == Level.COUNTY

    @property
    def of_townships(self) -> bool:
        return self.snapshot.level == Level.TOWNSHIP

    @property
    def of_villages(self) -> bool:
        return self.snapshot.level == Level.VILLAGE

    @property
    def ranked(self) -> list[boards.BoardRow]:
        return [row for row in self.rows if row.rank is not None]

    @property
    def provisional(self) -> list[boards.BoardRow]:
        return [row for row in self.rows if row.rank is None]

    @property
    def title(self) -> str:
        """洞口县2026年10月村排名."""
        place = self.path[-1].name if self.path else ""
        return f"{place}{label(self.snapshot.month)}{self.level_label}排名"


def published(month: Month, level: Level, within: str) -> ArchivedRanking | None:
    """What everybody may see of a month's ranking inside `within` (empty: the first county that has published)."""
    county = _county(within) if within else next(iter(publication.published_counties(month)), "")
    snapshot = publication.final_snapshot(month, level, county) if county else None
    ranking = _read(snapshot, within or county, is_final=True) if snapshot else None
    return ranking if ranking and ranking.within == (within or county) else None


def version(month: Month, level: str, within: str, number: int, reader: Reader | None) -> ArchivedRanking | None:
    """One version of an archived ranking as the reader (None: the public) may see it; None when there is nothing for them."""
    county = _county(within) if within else (reader.counties[:1] or [""])[0] if reader else ""
    county = county or next(iter(publication.published_counties(month)), "")
    found = RankingSnapshot.objects.filter(month=month, level=level, within=county, version=number).first()
    if found is None or (reader and county not in reader.counties):
        return None
    is_final = publication.final().filter(pk=found.pk).exists()
    if reader is None and not (is_final and level in publication.PUBLIC_LEVELS):
        return None
    archived = _read(found, within or county, is_final=is_final)
    return _narrowed(archived, reader) if reader and level == Level.GROUP else archived


def _narrowed(ranking: ArchivedRanking, reader: Reader) -> ArchivedRanking:
    rows = [row for row in ranking.rows if reader.scope.covers(row.code)]
    return replace(ranking, rows=rows)


def _county(within: str) -> str:
    """The county of a place; empty for what is not a code."""
    try:
        return county_of(within) if level_of(within) is not Level.HOUSEHOLD else ""
    except CodeError:
        return ""


def _read(snapshot: RankingSnapshot, within: str, *, is_final: bool) -> ArchivedRanking:
    rows = boards.archived_rows(json.loads(snapshot.body), within if snapshot.level != DEPARTMENTS else "")
    if snapshot.level == Level.VILLAGE:
        rows = boards.with_places(rows, snapshot.month)
    same = RankingSnapshot.objects.filter(month=snapshot.month, level=snapshot.level, within=snapshot.within)
    return ArchivedRanking(
        snapshot=snapshot,
        path=_path(within, snapshot.month),
        rows=boards.arranged(rows),
        versions=list(same.order_by("-version").defer("body")),
        is_final=is_final,
        months=publication.published_months(snapshot.within),
        published=publication.published_versions(snapshot),
        **_frozen_early(snapshot, within),
    )


def _frozen_early(snapshot: RankingSnapshot, within: str) -> dict[str, int]:
    """How many villages of the place were frozen in it without having been posted, and before their posting was over."""
    frozen = Sheet.objects.filter(period=snapshot.month, archived_in__lte=snapshot.version)
    here = frozen.filter(village__gte=within, village__lt=f"{within}:")
    never, cut = Q(posted_at=None), Q(posted_at__isnull=False, forced=True)
    return here.aggregate(unposted=Count("pk", filter=never), cut_short=Count("pk", filter=cut))


def _path(within: str, month: Month) -> list[Division]:
    return called_on(Division.objects.filter(code__in=path(within)).order_by("code"), last_day(month))


def as_bytes(ranking: ArchivedRanking, reader: Reader | None) -> HttpResponse:
    """The bytes that the digest is of; a reader of a part gets the canonical form of their part instead, without digest."""
    snapshot = ranking.snapshot
    whole = snapshot.level != Level.GROUP or (reader is not None and reader.scope.covers(snapshot.within))
    body = snapshot.body if whole else json.dumps([row.agreed() for row in ranking.rows], ensure_ascii=False)
    response = HttpResponse(body.encode(), content_type="application/json")
    if whole:
        response["ETag"] = f'"{snapshot.digest}"'
    return response


def as_file(ranking: ArchivedRanking, form: str) -> HttpResponse:
    """The archived ranking as csv or xlsx, the rows of the screen."""
    snapshot = ranking.snapshot
    name = f"{ranking.title}-已锁定第{snapshot.version}版-{timezone.localtime(snapshot.at):%Y%m%dT%H%M%S}"
    rows = [row.agreed() for row in ranking.rows]
    return table(form, COLUMNS, rows, name=name, title=ranking.title, notes=_notes(ranking))


def _notes(ranking: ArchivedRanking) -> list[tuple[str, str]]:
    snapshot = ranking.snapshot
    return [
        ("月份", snapshot.month),
        ("状态", f"已锁定，第 {snapshot.version} 版"),
        ("锁定时间", moment(snapshot.at)),
        ("缘由", snapshot.shown_reason),
        ("摘要 SHA-256", snapshot.digest),
    ]
