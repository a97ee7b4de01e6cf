"""The door for the first people, and the guided page that tells how far a county's first day is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from households.audience import holders_of, public, unlisted, user_of
from households.opening import actions
from households.opening.forms import ComeInForm
from households.opening.steps import progress_of
from households.permissions import Permission
from households.refusals import Refused
from households.roles import Role


@public
@unlisted
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def come_in(request: HttpRequest, secret: str) -> HttpResponse:
    """Name and password, once; then one signs in with them."""
    address = actions.find(secret)
    county = actions.county()
    form = ComeInForm(address, request.POST or None, named=county is not None)
    status = 200
    if form.is_valid():
        try:
            user = actions.come_in(secret=secret, **form.given)
        except Refused as refusal:
            if refusal.code == "address_over":
                raise
            refusal.say_in(form, otherwise="password")
        else:
            return render(request, "households/opening/done.html", {"user_made": user})
    if form.is_bound:
        status = 422
    context = {"form": form, "address": address, "role": Role(address.role).label, "county": county}
    return render(request, "households/opening/come_in.html", context, status=status)


@holders_of(Permission.SEE_OPENING)
@require_safe
def opening(request: HttpRequest) -> HttpResponse:
    """开县第一步: each step with what is done, what is missing, and what comes next."""
    return render(request, "households/opening/page.html", {"opening": progress_of(user_of(request))})


urlpatterns: list[URLPattern] = [
    path("setup/", opening, name="opening"),
    path("setup/<str:secret>/", come_in, name="come-in"),
]
