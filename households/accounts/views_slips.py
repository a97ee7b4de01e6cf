"""Slips of accounts that a file made: printed by who brought it, and by nobody else."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from households.accounts import slips, slips_paper
from households.audience import holders_of, user_of
from households.fields import asked_within
from households.files.answers import shown
from households.permissions import Permission

MAX_PARTS = 999


@holders_of(Permission.MANAGE_ACCOUNTS)
@require_safe
def account_slips(request: HttpRequest) -> HttpResponse:
    """What waits to be printed, in papers of some hundred slips; with `part` one of the papers."""
    waiting = slips.read(by=user_of(request))
    if "part" in request.GET:
        part = asked_within(request.GET["part"], 1, MAX_PARTS)
        listed = waiting[(part - 1) * slips.A_FILE : part * slips.A_FILE] if part else []
        if not listed:
            raise Http404
        return shown(slips_paper.pdf(listed), f"登录单{part}.pdf", private=True)
    parts = range(1, -(-len(waiting) // slips.A_FILE) + 1)
    papers = [(part, (part - 1) * slips.A_FILE + 1, min(part * slips.A_FILE, len(waiting))) for part in parts]
    return render(request, "households/accounts/slips.html", {"papers": papers, "hours": slips.HOURS})


@holders_of(Permission.MANAGE_ACCOUNTS)
@require_POST
def forget_account_slips(request: HttpRequest) -> HttpResponse:
    """They are printed: nobody finds them again."""
    slips.forget(by=user_of(request))
    messages.success(request, "登录单已经清除。")
    return redirect("users")
