"""公示 for those who post it on boards: the villages of their part of the county, and all of a township in one file."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from households.audience import holders_of, user_of
from households.codes import Level, is_level, township_of
from households.models import Division, User
from households.months import Month
from households.permissions import Permission
from scoring.addresses import month_of_address
from scoring.notices import paper, reads
from scoring.notices.reads import NoticeHead
from scoring.notices.views import lies_in_file, paper_answer
from scoring.parts.reads import is_archived


@holders_of(Permission.SEE_SHEET)
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """`?month=` or the newest that was posted; `?township=` with `&paper=` is one file of all its villages."""
    user = user_of(request)
    months = _months(user)
    wanted = request.GET.get("month", "")
    month = month_of_address(wanted) if wanted else (months[0] if months else "")
    heads = _heads(user, month)
    kind = request.GET.get("paper", "")
    if kind:
        return (
            lies_in_file(request, month)
            if is_archived(month)
            else _one_file(heads, request.GET.get("township", ""), kind)
        )
    townships = Division.objects.in_bulk({township_of(one.village.code) for one in heads})
    context = {
        "month": month,
        "months": months,
        "townships": [
            (place, [one for one in heads if one.village.code.startswith(code)])
            for code, place in sorted(townships.items())
        ],
        "papers": paper.PAPERS.items(),
        "in_village": user.works_in_village,
    }
    return render(request, "scoring/notices/staff.html", context)


def _months(user: User) -> list[Month]:
    places = user.scope.widened(Level.VILLAGE)
    return list(reads.posted().within(places).order_by("-period").values_list("period_id", flat=True).distinct())


def _heads(user: User, month: Month) -> list[NoticeHead]:
    places = user.scope.widened(Level.VILLAGE)
    return [reads.head_of(sheet) for sheet in reads.posted().within(places).filter(period=month).order_by("village")]


def _one_file(heads: list[NoticeHead], township: str, kind: str) -> HttpResponse:
    inside = (
        [one for one in heads if one.village.code.startswith(township)] if is_level(township, Level.TOWNSHIP) else []
    )
    if not inside:
        raise Http404
    return paper_answer(reads.notices(inside), kind)
