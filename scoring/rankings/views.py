"""Rankings of groups, villages, townships and counties, and the ones that freezing archived."""

from typing import TypedDict

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from households.audience import holders_of, published, user_of
from households.codes import Level
from households.months import Month
from households.permissions import Permission
from scoring.addresses import month_of_address
from scoring.rankings import archive, boards
from scoring.rankings.cells import lines_of
from scoring.rankings.files import board_file
from scoring.rankings.links import links_of, live_url
from scoring.rankings.publication import PUBLIC_LEVELS
from scoring.readers import Reader

# A county's villages stand on one page; only groups of a whole county need more.
PER_PAGE = 400
LONGEST_WORDS = 30


@holders_of(Permission.SEE_RANKINGS)
@require_safe
def rankings_now(request: HttpRequest) -> HttpResponse:
    """The villages of the newest month that is final: a provisional one is opened by whoever asks for it."""
    return redirect("rankings", boards.newest_month(Reader(user_of(request))), Level.VILLAGE)


@published
@require_safe
def rankings(request: HttpRequest, month: str, level: str) -> HttpResponse:
    """The ranking of a level in a month: live for staff, as it was archived for everybody else."""
    month, ranked = month_of_address(month), boards.ranked_level(level)
    reader = reader_of(request)
    if reader is None:
        return _published(request, month, ranked)
    words, sort = _words(request), _sort(request)
    within = boards.place_of(reader, ranked, request.GET.get("within", ""))
    board = boards.board(reader, month, ranked, within, words=words, sort=sort)
    form = request.GET.get("format", "")
    if form:
        return board_file(board, form)
    page = Paginator(board.rows, PER_PAGE).get_page(request.GET.get("page"))
    months = boards.months()
    own = board.of(reader.own_code(ranked)) if len(board.rows) > 1 else None
    context = {"board": board, "page": page, "lines": lines_of(page), "month": month, "months": months, "own": own}
    context |= {"opened": month in months}
    return render(request, "scoring/rankings/board.html", {**context, **links_of(board, reader)})


def _published(request: HttpRequest, month: str, level: Level) -> HttpResponse:
    """The public side: only what has been published; everything else asks to sign in."""
    ranking = archive.published(month, level, request.GET.get("within", "")) if level in PUBLIC_LEVELS else None
    if ranking is None:
        return _turned_away(request)
    if request.GET.get("format"):
        return archive.as_file(ranking, request.GET["format"])
    return render(request, "scoring/rankings/public.html", _public_context(request, ranking))


@published
@require_safe
def ranking_snapshot(request: HttpRequest, month: str, level: str, version: int) -> HttpResponse:
    """An archived ranking: the same bytes for ever, at the same address. `?format=json` is the bytes themselves."""
    month_of_address(month)
    reader = reader_of(request)
    ranking = archive.version(month, level, request.GET.get("within", ""), version, reader)
    if ranking is None:
        if reader is None:
            return _turned_away(request)
        raise Http404
    form = request.GET.get("format", "")
    if form == "json":
        return archive.as_bytes(ranking, reader)
    if form:
        return archive.as_file(ranking, form)
    if reader is None:
        return render(request, "scoring/rankings/public.html", _public_context(request, ranking))
    context = {"ranking": ranking, "month": month, "public": level in PUBLIC_LEVELS, "live": live_url(ranking)}
    return render(request, "scoring/rankings/snapshot.html", context)


class PublicRanking(TypedDict):
    """What everybody reads; `rows` hold the words that were looked for."""

    ranking: archive.ArchivedRanking
    month: Month
    public_levels: list[tuple[str, str]]
    rows: list[boards.BoardRow]
    words: str


def _public_context(request: HttpRequest, ranking: archive.ArchivedRanking) -> PublicRanking:
    words = _words(request)
    return {
        "ranking": ranking,
        "month": ranking.snapshot.month,
        "public_levels": [(level.value, level.label) for level in reversed(PUBLIC_LEVELS)],
        "rows": [row for row in ranking.rows if words in row.find],
        "words": words,
    }


def reader_of(request: HttpRequest) -> Reader | None:
    """The signed-in member of staff who may see rankings; everybody else reads like the public."""
    reader = Reader(user_of(request)) if request.user.is_authenticated else None
    return reader if reader and reader.may_read else None


def _turned_away(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.get_full_path())


def _words(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:LONGEST_WORDS]


def _sort(request: HttpRequest) -> str:
    asked = request.GET.get("sort", "rank")
    return asked if asked in boards.SORTS else "rank"
