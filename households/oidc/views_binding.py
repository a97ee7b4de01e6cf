"""Which identity at the provider belongs to which account: its owner's page, and the administrator's."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.accounts.views import account_or_404
from households.audience import holders_of, signed_in, user_of
from households.confirming.views import with_password
from households.oidc import actions, flow, pending
from households.oidc.asking import Away
from households.oidc.forms import IdentityForm
from households.oidc.provider import Provider
from households.oidc.reads import identity_of
from households.oidc.views import away, with_provider
from households.permissions import Permission
from households.refusals import Refused


@signed_in
@require_safe
@with_provider
def own_identity(request: HttpRequest, provider: Provider) -> HttpResponse:
    """What is bound to the reader's own account, what waits to be, and the way to bind."""
    user = user_of(request)
    context = {"identity": identity_of(user, provider), "pending": pending.pending(request, provider)}
    return render(request, "households/oidc/own.html", context | {"provider": provider})


@signed_in
@require_POST
@with_provider
@with_password
def begin_identity(request: HttpRequest, provider: Provider) -> HttpResponse:
    """The way to the provider, as a link: a form of ours leads to no other site (Content-Security-Policy)."""
    try:
        url, kept = flow.begin(provider, user=user_of(request).pk)
    except Away as failed:
        raise away(provider, failed) from None
    answer = render(request, "households/oidc/begin.html", {"provider": provider, "url": url})
    flow.keep(answer, kept)
    return answer


@signed_in
@require_POST
@with_provider
@with_password
def bind_identity(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Yes, that is me."""
    found = pending.pending(request, provider)
    if found is None:
        raise Refused("pending_over", "到身份认证登录已经过了 10 分钟。", hint="请再绑定一次。", status=409)
    user = user_of(request)
    actions.bind(user=user, provider=provider, subject=found["subject"], by=user)
    pending.forget(request)
    messages.success(request, f"已绑定，下次可以用{provider.label}登录。")
    return redirect("own-identity")


@signed_in
@require_POST
@with_provider
@with_password
def unbind_identity(request: HttpRequest, provider: Provider) -> HttpResponse:
    """By name and password alone from now on."""
    user = user_of(request)
    actions.unbind(user=user, by=user, here=str(request.session.session_key))
    messages.success(request, f"已解绑，以后只用账号和密码登录，不再认{provider.label}。")
    return redirect("own-identity")


@holders_of(Permission.MANAGE_ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
@with_provider
@with_password
def account_identity(request: HttpRequest, provider: Provider, user_id: int) -> HttpResponse:
    """What is bound to an account, and binding it by the word that names the person at the provider."""
    user = account_or_404(request, user_id)
    form = IdentityForm(request.POST or None)
    if form.is_valid():
        try:
            actions.bind(user=user, provider=provider, subject=form.cleaned_data["subject"], by=user_of(request))
        except Refused as refusal:
            refusal.say_in(form)
        else:
            messages.success(request, f"已给账号{user.username}绑定。")
            return redirect("account", user.pk)
    context = {"account": user, "identity": identity_of(user, provider), "form": form, "provider": provider}
    return render(request, "households/oidc/account.html", context)


@holders_of(Permission.MANAGE_ACCOUNTS)
@require_POST
@with_provider
@with_password
def account_identity_off(request: HttpRequest, provider: Provider, user_id: int) -> HttpResponse:
    """Take it off an account."""
    user = account_or_404(request, user_id)
    actions.unbind(user=user, by=user_of(request))
    messages.success(request, f"账号{user.username}不再绑定{provider.label}。")
    return redirect("account", user.pk)
