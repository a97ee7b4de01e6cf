"""A view that acts only after the password was typed again; what was filled in comes along."""

from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from households.audience import View
from households.confirming import own_password
from households.middleware import SECOND
from households.refusals import Refused

FIELD = "own_password"
_NOT_CARRIED = (FIELD, "csrfmiddlewaretoken")


def with_password(view: View) -> View:
    """Let a form through when its sender's password was typed within the last minutes; else ask for it first.

    The form waits in the page that asks, field by field, and goes where it was going. Files have to be chosen again.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST" or own_password.is_fresh(request):
            return view(request, *args, **kwargs)
        return _ask(request) or view(request, *args, **kwargs)

    return cast(View, sensitive_post_parameters(FIELD)(guarded))


def _ask(request: HttpRequest) -> HttpResponse | None:
    """The page that asks, or None when the right password has come with the form."""
    typed, refusal, status = request.POST.get(FIELD), None, 200
    if typed is not None:
        try:
            if own_password.is_own(request, typed, or_code=True):
                return None
            refusal, status = Refused("password_wrong", "密码不对。", hint="连续错 5 次会退出登录。"), 422
        except Refused as busy:
            refusal, status = busy, busy.status
        if not request.user.is_authenticated:
            return redirect("sign-in")
    carried = [(name, value) for name, values in request.POST.lists() if name not in _NOT_CARRIED for value in values]
    context: dict[str, Any] = {"or_code": bool(request.session.get(SECOND)), "files": request.FILES}
    context |= {"carried": carried, "field": FIELD, "refusal": refusal, "minutes": settings.CONFIRM_MINUTES}
    return render(request, "households/confirming/password.html", context, status=status)
