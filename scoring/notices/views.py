"""The notice for everybody: which villages have one, and the notice itself, on the page and for the board."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from households.audience import public, unlisted
from households.files.answers import attachment
from households.models import User
from households.months import Month
from scoring.addresses import month_of_address
from scoring.notices import paper, reads
from scoring.notices.reads import NoticeHead
from scoring.parts.reads import is_archived
from scoring.parts.rules import sentence

LONGEST_WORDS = 30


@public
@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    """Villages in notice today, by township; `?q=` is looked for in the names of both."""
    words = request.GET.get("q", "").strip()[:LONGEST_WORDS]
    heads = reads.open_heads(timezone.localdate())
    shown = [one for one in heads if not words or words in _names(one)]
    context = {"heads": shown, "words": words, "any": bool(heads)}
    return render(request, "scoring/notices/list.html", context)


def _names(one: NoticeHead) -> str:
    parent = one.village.parent
    return f"{parent.name if parent else ''} {one.village.name}"


@public
@unlisted
@require_safe
def notice(request: HttpRequest, village: str, month: str) -> HttpResponse:
    """One village's month, as long as everybody may read it; its own staff find it later, too. `?paper=` is the PDF."""
    today = timezone.localdate()
    head = reads.head(month_of_address(month), village)
    if head is None or not (head.is_open(today) or _keeps(request, village)):
        return render(request, "scoring/notices/none.html", {"over": head is not None}, status=404)
    if not head.is_open(today) and is_archived(head.month):
        return lies_in_file(request, head.month)
    [found] = reads.notices([head])
    kind = request.GET.get("paper", "")
    if kind:
        return paper_answer([found], kind)
    context = {
        "notice": found,
        "open": head.is_open(today),
        "takes": head.takes_objections(today),
        "objecting": head.objecting(today),
        "left": (head.days.objections_until - today).days,
        "papers": paper.PAPERS.items(),
        "contact": settings.CONTACT,
    }
    return render(request, "scoring/notices/page.html", context)


def lies_in_file(request: HttpRequest, month: Month) -> HttpResponse:
    """Instead of a notice whose households' scores are archived."""
    return render(request, "scoring/notices/none.html", {"archived": sentence(month)}, status=404)


def _keeps(request: HttpRequest, village: str) -> bool:
    """Whether the reader works where the notice was posted: what was published is kept there."""
    return isinstance(request.user, User) and request.user.scope.covers(village)


def paper_answer(found: list[reads.PostedNotice], kind: str) -> HttpResponse:
    """The file for the board; 404 for a paper that there is not."""
    if kind not in paper.PAPERS:
        raise Http404
    head = found[0].head
    name = head.village.name if len(found) == 1 else f"{head.village.parent.name if head.village.parent else ''}各村"
    return attachment(paper.pdf(found, kind), f"公示-{name}-{head.month}-{kind}.pdf", private=True)
