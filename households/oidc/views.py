"""Signing in through the county's OpenID provider. Without one there are no such addresses."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from households.accounts.coming_in import come_in
from households.accounts.views import onward_of
from households.accounts.views_second_factor import ask_for_code
from households.audience import public
from households.confirming.actions import has_factor
from households.oidc import flow, metadata
from households.oidc.admitting import admitted
from households.oidc.asking import Away, Denied
from households.oidc.flow import NotAnswered, SignInBegun
from households.oidc.pending import remember
from households.oidc.provider import Claims, Provider
from households.oidc.tokens import Forged
from households.refusals import Refused
from households.replicas.reading import by_primary

log = structlog.get_logger("households.oidc")
View = Callable[..., HttpResponse]
BY_PASSWORD = "也可以用账号和密码登录。"  # noqa: S105  # a sentence


def with_provider(view: View) -> View:
    """Hand the view the county's provider; where there is none, there is no such page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.OIDC is None:
            raise Http404
        return view(request, settings.OIDC, *args, **kwargs)

    return guarded


def away(provider: Provider, failed: Exception) -> Refused:
    """What people are told while the provider does not answer."""
    log.warning("oidc_away", reason=str(failed))
    return Refused(
        "provider_away", f"{provider.label}现在没有回应。", hint=f"请过一会儿再试；{BY_PASSWORD}", status=503
    )


@public
@require_safe
@with_provider
def go(request: HttpRequest, provider: Provider) -> HttpResponse:
    """To the provider, to come back as somebody."""
    onward = onward_of(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(onward)
    try:
        url, kept = flow.begin(provider, onward=onward)
    except Away as failed:
        return _refused(request, away(provider, failed))
    answer = HttpResponseRedirect(url)
    flow.keep(answer, kept)
    return answer


@public
@require_safe
@with_provider
@by_primary
def back(request: HttpRequest, provider: Provider) -> HttpResponse:
    """From the provider, with a code that is good once. What it leads to ends what this browser was sent for."""
    try:
        kept = flow.kept_by(request)
        answer = _come_back(request, provider, kept)
    except Refused as refusal:
        answer = _refused(request, refusal)
    except Away as failed:
        answer = _refused(request, away(provider, failed))
    except (Denied, NotAnswered, Forged) as wrong:
        log.warning("oidc_refused", kind=type(wrong).__name__, reason=str(wrong))
        reason = f"{provider.label}的这次登录没有成功，或者已经用过、过期了。"
        answer = _refused(request, Refused("not_answered", reason, hint=f"请再来一次；{BY_PASSWORD}", status=403))
    flow.forget(answer)
    return answer


def _come_back(request: HttpRequest, provider: Provider, kept: SignInBegun) -> HttpResponse:
    if kept["user"] != (request.user.pk if request.user.is_authenticated else 0):
        raise NotAnswered("another account")
    claims = flow.claims_of(request, provider, kept)
    if kept["user"]:
        remember(request, provider, claims)
        return redirect("own-identity")
    return _come_in(request, provider, claims, kept["next"])


def _come_in(request: HttpRequest, provider: Provider, claims: Claims, onward: str) -> HttpResponse:
    user = admitted(request, provider, claims)
    if provider.shows_second_factor(claims):
        return come_in(request, user, onward, with_code=True, through_provider=True)
    if has_factor(user):
        return ask_for_code(request, user, onward, through_provider=True)
    return come_in(request, user, onward, with_code=False, through_provider=True)


def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    return render(request, "households/oidc/refused.html", {"refusal": refusal}, status=refusal.status)


@public
@require_safe
@with_provider
def left(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Signed out here; at the provider, only if the person wants it."""
    try:
        ending = metadata.endpoint(provider, "end_session_endpoint")
    except Away:
        ending = ""
    asked = {"client_id": provider.client, "post_logout_redirect_uri": f"{settings.PUBLIC_URL}/"}
    if ending:
        ending += ("&" if "?" in ending else "?") + urlencode(asked)
    return render(request, "households/oidc/left.html", {"provider": provider, "ending": ending})
