"""The second factor: asked for between the password and the work, and looked after by its owner."""

import time
from typing import Any, NotRequired, TypedDict

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.accounts.actions import factors
from households.accounts.coming_in import come_in, note_session
from households.accounts.reads import factor_of, unused_recovery
from households.audience import public, signed_in, user_of
from households.confirming import codes
from households.confirming.actions import check_code
from households.confirming.views import with_password
from households.files.qr import data_uri
from households.middleware import SECOND, wants_second_factor
from households.models import SecondFactor, User
from households.refusals import Refused

HALF = "half_signed_in"  # in the session of who has typed the right password, until the code is right too
HALF_SECONDS = 5 * 60
WRONG = Refused("second_factor_wrong", "动态口令不对。", hint="请等手机上换下一个数字再输；每个数字只能用一次。")

OVER = Refused("half_over", "输对密码已经过了 5 分钟。", hint="请从头登录一次。")


def ask_for_code(request: HttpRequest, user: User, onward: str, *, through_provider: bool = False) -> HttpResponse:
    """The password was right, or the provider named them: remember so for some minutes, and ask for the code."""
    kept = HalfIn(user=user.pk, hash=user.get_session_auth_hash(), at=int(time.time()), next=onward)
    kept["through_provider"] = through_provider
    request.session[HALF] = kept
    return redirect("second-factor")


@public
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """The code of the telephone, or a recovery code. Nobody is signed in before it is right."""
    kept: HalfIn | None = request.session.get(HALF)
    user = _half_in(kept)
    if kept is None or user is None:
        request.session.pop(HALF, None)
        # Not sent to sign in: what was typed is no form to be kept for later (ADR 29).
        return _show(request, OVER) if request.method == "POST" else redirect("sign-in")
    refusal = None
    if request.method == "POST":
        try:
            if check_code(user=user, typed=request.POST.get("code", "")):
                del request.session[HALF]
                through = kept.get("through_provider", False)
                return come_in(request, user, kept["next"], with_code=True, through_provider=through)
            refusal = WRONG
        except Refused as paused:
            refusal = paused
    return _show(request, refusal)


def _show(request: HttpRequest, refusal: Refused | None) -> HttpResponse:
    status = 429 if refusal and refusal.status == 429 else 200
    context = {"refusal": refusal, "over": refusal is OVER}
    return render(request, "households/accounts/second_factor.html", context, status=status)


class HalfIn(TypedDict):
    """What the session keeps of who has shown the first factor: `at` in seconds, `next` the address they wanted."""

    user: int
    hash: str
    at: int
    next: str
    through_provider: NotRequired[bool]


def _half_in(kept: HalfIn | None) -> User | None:
    """Who has typed the right password a short while ago, unless the account has changed or closed since."""
    if not kept or time.time() - kept["at"] > HALF_SECONDS:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    return user if user and constant_time_compare(user.get_session_auth_hash(), kept["hash"]) else None


@signed_in
@require_safe
def own_factor(request: HttpRequest) -> HttpResponse:
    """What stands: nothing yet, a telephone about to be bound, or one in use."""
    user = user_of(request)
    factor = factor_of(user)
    if factor and factor.secret and wants_second_factor(request):  # a session from before the telephone was bound
        logout(request)
        return redirect("sign-in")
    return _own_page(request, user, factor)


def _own_page(
    request: HttpRequest, user: User, factor: SecondFactor | None, refusal: Refused | None = None
) -> HttpResponse:
    pending = factor.pending if factor else None
    context: dict[str, Any] = {"factor": factor, "refusal": refusal, "wanted": wants_second_factor(request)}
    context["required"] = user.needs_second_factor
    if pending:
        context |= {"picture": data_uri(codes.uri(pending, user.username)), "spelled": codes.spelled(pending)}
    if factor and factor.secret:
        context["left"] = unused_recovery(user)
    return render(request, "households/accounts/own_factor.html", context, status=refusal.status if refusal else 200)


@signed_in
@require_POST
@with_password
def begin_factor(request: HttpRequest) -> HttpResponse:
    """Begin to bind a telephone; with one in use only by its code."""
    user = user_of(request)
    if refused := _without_code(request, user):
        return refused
    factors.begin(user=user)
    return redirect("own-factor")


@signed_in
@require_POST
@sensitive_post_parameters("code")
def finish_factor(request: HttpRequest) -> HttpResponse:
    """The new telephone shows the right digits: it is bound, and its recovery codes stand on this answer alone."""
    user = user_of(request)
    fresh = factors.enrol(user=user, typed=request.POST.get("code", ""))
    if fresh is None:
        refusal = Refused("second_factor_wrong", "这六位数字不对。", hint="请看手机的时间准不准，等下一个数字再输。")
        return _own_page(request, user, factor_of(user), refusal)
    _stay(request, user, second=True)
    return render(request, "households/accounts/recovery_codes.html", {"codes": fresh, "bound": True})


@signed_in
@require_POST
@with_password
def renew_recovery(request: HttpRequest) -> HttpResponse:
    """A new sheet of recovery codes."""
    user = user_of(request)
    if refused := _without_code(request, user):
        return refused
    fresh = factors.renew_recovery(user=user)
    return render(request, "households/accounts/recovery_codes.html", {"codes": fresh})


@signed_in
@require_POST
@with_password
def remove_factor(request: HttpRequest) -> HttpResponse:
    """Back to the password alone, for whoever need not have a second factor."""
    user = user_of(request)
    if user.needs_second_factor:
        raise Refused(
            "second_factor_required", "这个岗位必须用动态口令，不能停用；换手机请按“换一部手机”。", status=403
        )
    if refused := _without_code(request, user):
        return refused
    factors.remove(user=user, by=user)
    _stay(request, user, second=False)
    messages.success(request, "动态口令已停用，以后登录只要密码。")
    return redirect("own-factor")


def _without_code(request: HttpRequest, user: User) -> HttpResponse | None:
    """The page once more, unless the code of the telephone in use has come along, or there is none."""
    factor = factor_of(user)
    if factor is None or not factor.secret:
        return None
    try:
        refusal = None if check_code(user=user, typed=request.POST.get("code", "")) else WRONG
    except Refused as paused:
        refusal = paused
    return _own_page(request, user, factor, refusal) if refusal else None


def _stay(request: HttpRequest, user: User, *, second: bool) -> None:
    """Every session has ended; this one goes on."""
    update_session_auth_hash(request, user)
    request.session[SECOND] = second
    note_session(request, user)
