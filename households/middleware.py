"""Small layers of the pages: who must sign in, a demanded password change comes first, a refusal becomes a page, and an
address that only takes forms leads back to one that can be read."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, get_script_prefix, resolve

from households.models import User
from households.refusals import FAULTS, Refused

Handler = Callable[[HttpRequest], HttpResponse]
ALLOWED = frozenset({"change-password", "sign-out", "healthz", "picture"})  # a picture asks for itself
FACTOR_PAGES = ALLOWED | {"own-factor", "begin-factor", "finish-factor"}
SECOND = "second_factor"  # in the session of who showed one
SINCE = "signed_in_at"  # in the session of who is signed in, seconds since the epoch
NOT_SENT = "刚才那一步没有提交上去，请在这一页再做一次。"
BIND_FIRST = "这个岗位要先在网页上绑定动态口令。"
REASON = "这是一次性密码，请先换成自己的密码。"


class SignInRequired(LoginRequiredMiddleware):
    """Django's own, but a public view is let through before anybody asks who is there.

    So what everybody may see (a picture) costs no session and depends on no cookie. A session that has lasted as long as
    one may is over, however much it was used.
    """

    def process_view(self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any) -> Any:
        """Where to sign in, or None to go on."""
        closed = getattr(view_func, "login_required", True)
        if (closed or request.path_info.startswith("/api/")) and is_over(request):
            logout(request)
        if not closed:
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


def is_over(request: HttpRequest) -> bool:
    """Whether the session of who is signed in has lasted as long as one may."""
    if SESSION_KEY not in request.session:
        return False
    since: int = request.session.setdefault(SINCE, int(time.time()))
    return time.time() - since > settings.SESSION_MOST.total_seconds()


def must_change(request: HttpRequest) -> bool:
    """Whether the person signed in still has to choose a password of their own. Demo accounts are excepted."""
    user = request.user
    return isinstance(user, User) and user.must_change_password and not user.is_demo


def wants_second_factor(request: HttpRequest) -> bool:
    """Whether this session was opened by a password alone although its owner must show more."""
    user = request.user
    return isinstance(user, User) and not request.session.get(SECOND) and user.needs_second_factor


class OwedFirst:
    """Whoever came in and still owes something may only do that or leave: every other page leads there."""

    owes: Callable[[HttpRequest], bool]
    pages: frozenset[str]  # names of the addresses that stay open
    page: str
    code: str
    reason: str

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Answer instead of the view, before it does anything."""
        match = request.resolver_match
        if (match and match.url_name in self.pages) or not self.owes(request):
            return None
        if request.path_info.startswith("/api/"):
            return JsonResponse({"code": self.code, "detail": self.reason, "fields": {}}, status=403)
        return redirect(self.page)


class ForcedPasswordChange(OwedFirst):
    """Whoever came in with a one-time password changes it."""

    owes = staticmethod(must_change)
    pages, page = ALLOWED, "change-password"
    code, reason = "password_change_required", REASON


class SecondFactorFirst(OwedFirst):
    """Whoever must have a second factor and came in without one binds a telephone."""

    owes = staticmethod(wants_second_factor)
    pages, page = FACTOR_PAGES, "own-factor"
    code, reason = "second_factor_required", BIND_FIRST


class RefusalPages:
    """A refusal that a view did not put on its own page gets one: the reason, and what would make it possible."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of a refusal, or for an HTMX request the box alone; every other exception goes on."""
        if not isinstance(exception, Refused):
            return None
        if request.headers.get("HX-Request"):
            answer = render(request, "_refusal.html", {"refusal": exception}, status=exception.status)
            answer["HX-Retarget"], answer["HX-Reswap"] = "#refusals", "innerHTML"
            return answer
        setattr(request, FAULTS, exception.fields)
        return render(request, "errors/refused.html", {"refused": exception}, status=exception.status)


class LeadBack:
    """An address that only takes forms is opened by whoever signs in again or reloads: it leads to the page above it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        opened = isinstance(response, HttpResponseNotAllowed) and request.method in ("GET", "HEAD")
        if not opened or request.path_info.startswith("/api/"):
            return response
        if request.user.is_authenticated:
            messages.warning(request, NOT_SENT)
        return redirect(get_script_prefix().rstrip("/") + page_above(request.path_info))


def page_above(path: str) -> str:
    """The nearest address above that somebody answers; at last the home page."""
    while path.strip("/"):
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            resolve(path)
        except Resolver404:
            continue
        return path
    return "/"
