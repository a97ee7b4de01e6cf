"""监督: what the supervision committee of a village looks at in a month, on page and paper."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from households.audience import holders_of, user_of
from households.files.answers import attachment
from households.months import month_of
from households.permissions import Permission
from households.register import looking
from scoring.addresses import month_of_address
from scoring.supervision import paper
from scoring.supervision.reads import months_declared, report_of

supervising = holders_of(Permission.SUPERVISE)


@supervising
@require_safe
def supervision_due(request: HttpRequest) -> HttpResponse:
    """The newest month that the village has signed for."""
    months = months_declared(user_of(request))
    return redirect("supervision", months[0] if months else month_of(timezone.localdate()))


@supervising
@require_safe
def supervision(request: HttpRequest, month: str) -> HttpResponse:
    """Figures, the committee's own sample, objections that are open and that are over."""
    user, month = user_of(request), month_of_address(month)
    report = report_of(month, user)
    months = sorted({*months_declared(user), month})
    return render(request, "scoring/supervision/page.html", {"report": report, "month": month, "months": months})


@supervising
@require_safe
def supervision_report(request: HttpRequest, month: str) -> HttpResponse:
    """The same on A4, to fill in and sign."""
    report = report_of(month_of_address(month), user_of(request))
    looking.note_list(user_of(request), looking.PRINTED, [one.code for one in report.sample])
    return attachment(paper.pdf(report), f"监督报告-{report.village.name}-{report.month}.pdf", private=True)
