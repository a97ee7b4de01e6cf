"""Accounts of high posts: what one administrator asks for, and a second one confirms."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.accounts.actions import requests
from households.accounts.forms import AskUserForm, ReasonForm
from households.accounts.reads import made_by_command, may_be_second, requests_within
from households.accounts.views import account_or_404, show_once
from households.audience import holders_of, user_of
from households.confirming.views import with_password
from households.models import AccountRequest, RequestKind, User
from households.permissions import Permission, may
from households.refusals import Refused

LISTED = 100


@holders_of(Permission.SEE_ACCOUNT_REQUESTS)
@require_safe
def account_requests(request: HttpRequest) -> HttpResponse:
    """What waits for a second hand, with what this reader may do about it, and what was decided before."""
    user = user_of(request)
    found = list(requests_within(user.scope)[:LISTED])
    rows = [(one, one.is_waiting and may_be_second(one, user), one.asked_by_id == user.pk) for one in found]
    context = {
        "rows": rows,
        "may_ask": may(user, Permission.MANAGE_ACCOUNTS),
        "by_command": made_by_command(user.scope),
    }
    return render(request, "households/accounts/requests.html", context)


@holders_of(Permission.MANAGE_ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
@with_password
def ask_account(request: HttpRequest) -> HttpResponse:
    """Ask for a new account of a high post."""
    user = user_of(request)
    form = AskUserForm(user.scope, request.POST or None)
    if form.is_valid():
        try:
            requests.ask_to_create(**form.cleaned_data, by=user)
        except Refused as refusal:
            refusal.say_in(form)
        else:
            return _asked(request)
    return render(request, "households/accounts/ask.html", {"form": form})


@holders_of(Permission.MANAGE_ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
@with_password
def ask_about_account(request: HttpRequest, user_id: int) -> HttpResponse:
    """Ask for a one-time password for an account of a high post, or to reopen a closed one."""
    account = account_or_404(request, user_id)
    return _ask_about(request, account, RequestKind.RESET if account.is_active else RequestKind.REOPEN)


def _ask_about(request: HttpRequest, account: User, kind: RequestKind) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    refusal = None
    if form.is_valid():
        try:
            requests.ask_about(kind=kind, user=account, reason=form.cleaned_data["reason"], by=user_of(request))
        except Refused as fault:
            refusal = fault
        else:
            return _asked(request)
    context = {"form": form, "account": account, "kind": kind, "refusal": refusal}
    return render(request, "households/accounts/ask.html", context, status=refusal.status if refusal else 200)


@holders_of(Permission.MANAGE_ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
@with_password
def ask_factor_off(request: HttpRequest, user_id: int) -> HttpResponse:
    """Ask that a lost telephone be taken off an account, whatever its post."""
    return _ask_about(request, account_or_404(request, user_id), RequestKind.FACTOR)


@holders_of(Permission.CONFIRM_ACCOUNTS)
@require_POST
@with_password
def confirm_account(request: HttpRequest, request_id: int) -> HttpResponse:
    """The second hand: the one-time password, if there is one, stands on this answer alone."""
    asked = _or_404(request, request_id)
    password = requests.confirm(request=asked, by=user_of(request))
    done = AccountRequest.objects.select_related("subject__division", "subject__department").get(pk=asked.pk)
    if password and done.subject:
        return show_once(request, done.subject, password, "已确认，请把密码当面交给本人")
    messages.success(request, f"账号{asked.username}：已{asked.get_kind_display()}。")
    return redirect("account-requests")


@holders_of(Permission.CONFIRM_ACCOUNTS)
@require_POST
def refuse_account(request: HttpRequest, request_id: int) -> HttpResponse:
    """Not agreed; or, by who asked, taken back."""
    requests.refuse(request=_or_404(request, request_id), by=user_of(request))
    messages.success(request, "这个申请已经作罢。")
    return redirect("account-requests")


def _or_404(request: HttpRequest, request_id: int) -> AccountRequest:
    found = requests_within(user_of(request).scope).filter(pk=request_id).first()
    if found is None:
        raise Http404
    return found


def _asked(request: HttpRequest) -> HttpResponse:
    messages.success(request, "申请已提出，等安全管理员或另一位系统管理员确认。")
    return redirect("account-requests")
