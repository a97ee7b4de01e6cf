"""One's own sign-ins and tokens: where they are, and ending them, one by one or all at once."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from knox.models import AuthToken

from households.accounts.actions import sessions
from households.accounts.coming_in import note_session
from households.accounts.reads import sign_ins_of
from households.audience import signed_in, user_of


@signed_in
@require_safe
def sign_ins(request: HttpRequest) -> HttpResponse:
    """The browsers in which the reader is signed in, this one marked, and the tokens that other systems use."""
    user, here = user_of(request), request.session.session_key
    tokens = AuthToken.objects.filter(user=user, expiry__gt=timezone.now()).order_by("-created")
    rows = [(one, one.key == here) for one in sign_ins_of(user)]
    return render(request, "households/accounts/sign_ins.html", {"rows": rows, "tokens": tokens})


@signed_in
@require_POST
def end_sign_in(request: HttpRequest) -> HttpResponse:
    """One browser elsewhere."""
    sessions.end_one(user=user_of(request), key=request.POST.get("key", "")[:40])
    messages.success(request, "那个浏览器已经退出。")
    return redirect("sign-ins")


@signed_in
@require_POST
def end_token(request: HttpRequest) -> HttpResponse:
    """One token of another system."""
    sessions.end_token(user=user_of(request), digest=request.POST.get("digest", "")[:128])
    messages.success(request, "那个令牌已经失效。")
    return redirect("sign-ins")


@signed_in
@require_POST
def end_other_sign_ins(request: HttpRequest) -> HttpResponse:
    """Every browser but this one, and every token."""
    user = user_of(request)
    sessions.end_everywhere(user=user, by=user)
    update_session_auth_hash(request, user)
    note_session(request, user)
    messages.success(request, "别处的登录和令牌都已失效，只有这个浏览器还登录着。")
    return redirect("sign-ins")
