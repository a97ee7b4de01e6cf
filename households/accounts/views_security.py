"""The security administrator's page: what the log says of sign-ins, who is locked out, the limits in force, ending sessions."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from households.accounts.actions import sessions
from households.accounts.limits import in_force
from households.accounts.reads import accounts_within, security_lines
from households.accounts.views import account_or_404, found_page
from households.audience import holders_of, user_of
from households.audit_log.reads import people_named
from households.confirming.views import with_password
from households.permissions import Permission

LINES = 100


@holders_of(Permission.WATCH_SECURITY)
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Security events of the last days, the accounts with what stands against them, and the limits."""
    user = user_of(request)
    lines = list(security_lines(user.scope)[:LINES])
    context = found_page(request, accounts_within(user.scope).filter(is_active=True)) | {
        "lines": lines,
        "people": people_named(line.actor for line in lines),
        "limits": in_force(),
    }
    return render(request, "households/accounts/security.html", context)


@holders_of(Permission.WATCH_SECURITY)
@require_POST
@with_password
def end_sessions(request: HttpRequest, user_id: int) -> HttpResponse:
    """Somebody's sessions and tokens, all of them: the account itself stays open."""
    account = account_or_404(request, user_id)
    sessions.end_everywhere(user=account, by=user_of(request))
    messages.success(request, f"{account.display_name}的登录和令牌都已失效，要重新登录。")
    return redirect("security")
