"""A run of awards: the list that two people look at, its confirmation, letters, and decisions after a restatement."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.audience import holders_of, user_of
from households.confirming.views import with_password
from households.files.answers import shown
from households.models import User
from households.permissions import Permission
from households.refusals import Refused
from rewards.awards import letters
from rewards.awards.actions import decisions
from rewards.awards.actions import runs as award_runs
from rewards.awards.actions.decisions import Wish
from rewards.awards.files import run_file
from rewards.awards.forms import AwardDecisionForm, AwardReasonForm, ConfirmForm
from rewards.awards.reads import RunLine, run_lines
from rewards.awards.rerun import rerun
from rewards.models import AwardReview, AwardRun, Choice, RunState

PDFS = {"letters": "奖励通知书", "list": "签收表"}


def run_of(user: User, pk: int) -> AwardRun:
    """The run, if its fund is the person's own county's; else 404."""
    runs = AwardRun.objects.select_related("fund__county", "rule", "proposed_by", "confirmed_by", "discarded_by")
    return get_object_or_404(runs, pk=pk, fund__county=user.division_id)


@holders_of(Permission.MANAGE_FUNDS)
@require_safe
def award_run(request: HttpRequest, run: int) -> HttpResponse:
    """The whole list, awarded or not, with why; `?format=` gives the same as a file."""
    found = run_of(user_of(request), run)
    form = request.GET.get("format", "")
    return run_file(found, run_lines(found), form) if form else _show(request, found)


def _show(request: HttpRequest, run: AwardRun, refusal: Refused | None = None) -> HttpResponse:
    lines = run_lines(run)
    context: dict[str, Any] = {
        "run": run,
        "span": letters.span(run),
        "lines": lines,
        "awarded": sum(1 for line in lines if line.line.amount_fen),
        "unranked": sum(1 for line in lines if line.line.rank is None),
        "suspended": sum(line.suspended for line in lines),
        "points": sum(line.line.points for line in lines),
        "waits": run.state == RunState.PREVIEWED,
        "own": run.proposed_by_id == user_of(request).pk,
        "confirm_form": ConfirmForm(initial={"seen": run.digest}),
        "reason_form": AwardReasonForm(),
        "reviews": run.reviews.select_related("proposed_by", "ended_by").prefetch_related("decisions__award__division"),
        "refusal": refusal,
    }
    return render(request, "rewards/awards/run.html", context, status=refusal.status if refusal else 200)


@holders_of(Permission.MANAGE_FUNDS)
@require_POST
@with_password
def award_run_confirm(request: HttpRequest, run: int) -> HttpResponse:
    """The second key."""
    user = user_of(request)
    found = run_of(user, run)
    try:
        given = award_runs.confirm(run=found, seen=request.POST.get("seen", ""), by=user)
    except Refused as refusal:
        return _show(request, run_of(user, run), refusal)
    messages.success(request, f"已确认，{len(given)} 个单位的通知书可以打印了。")
    return redirect("award-run", found.pk)


@holders_of(Permission.MANAGE_FUNDS)
@require_POST
def award_run_discard(request: HttpRequest, run: int) -> HttpResponse:
    """Give a waiting run up."""
    user = user_of(request)
    found = run_of(user, run)
    try:
        award_runs.discard(run=found, reason=request.POST.get("reason", "")[:200], by=user)
    except Refused as refusal:
        return _show(request, run_of(user, run), refusal)
    messages.success(request, "已作废。")
    return redirect("fund", found.fund_id)


@holders_of(Permission.MANAGE_FUNDS)
@require_safe
def award_run_paper(request: HttpRequest, run: int, paper: str) -> HttpResponse:
    """All letters of a confirmed run in one file, or the list that is signed for them."""
    found = run_of(user_of(request), run)
    if found.state != RunState.CONFIRMED or paper not in PDFS:
        raise Http404
    awards = list(letters.awards_of(found))
    body = letters.letters(awards) if paper == "letters" else letters.signature_list(found)
    return shown(body, f"{found.fund.year}年度{found.get_kind_display()}{PDFS[paper]}.pdf")


@holders_of(Permission.MANAGE_FUNDS)
@require_http_methods(["GET", "HEAD", "POST"])
def award_review(request: HttpRequest, run: int) -> HttpResponse:
    """The suspended awards of a run beside what they would be now, and the proposal what becomes of them."""
    user = user_of(request)
    found = run_of(user, run)
    lines = [line for line in run_lines(found) if line.suspended and line.award]
    form = AwardDecisionForm([line.award.pk for line in lines if line.award], request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            return _propose(request, found, form)
        except Refused as refused:
            refusal = refused
    now = rerun(found)
    rows = [(line, None if now is None else now.get(line.line.division_id, 0)) for line in lines]
    ticked = set(request.POST.getlist("awards")) or _unchanged(request, rows)
    context = {"run": found, "span": letters.span(found), "rows": rows, "form": form, "ticked": ticked}
    status = refusal.status if refusal else 400 if form.is_bound else 200
    return render(request, "rewards/awards/review.html", context | {"refusal": refusal}, status=status)


def _unchanged(request: HttpRequest, rows: list[tuple[RunLine, int | None]]) -> set[str]:
    """Awards ticked beforehand, when asked for: those that would be the same now."""
    if request.GET.get("tick") != "same":
        return set()
    return {str(line.award.pk) for line, now in rows if line.award and now == line.award.net_fen}


def _propose(request: HttpRequest, run: AwardRun, form: AwardDecisionForm) -> HttpResponse:
    typed = form.cleaned_data
    wish = Wish(Choice(typed["choice"]), typed["amount"])
    wishes = dict.fromkeys(typed["awards"], wish)
    decisions.propose(run=run, wishes=wishes, reason=typed["reason"], by=user_of(request))
    messages.success(request, "已提出，请另一位管资金的人确认。")
    return redirect("award-run", run.pk)


@holders_of(Permission.MANAGE_FUNDS)
@require_POST
@with_password
def award_review_end(request: HttpRequest, run: int, review: int) -> HttpResponse:
    """Confirm a proposal (the second key), or give it up."""
    user = user_of(request)
    found = run_of(user, run)
    waiting = get_object_or_404(AwardReview.objects.select_related("run__fund"), pk=review, run=found)
    act = decisions.confirm if request.POST.get("act") == "confirm" else decisions.discard
    try:
        act(review=waiting, by=user)
    except Refused as refusal:
        return _show(request, found, refusal)
    messages.success(request, "已记录。")
    return redirect("award-run", found.pk)
