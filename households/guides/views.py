"""怎么用: one page for each post, and one for villagers. What they say is true of the product as it is; each menu entry is named."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from households.audience import published, signed_in, user_of
from households.roles import LABELS, Role


@signed_in
@require_safe
def own_guide(request: HttpRequest) -> HttpResponse:
    """That of the reader's own post."""
    return _guide(request, Role(user_of(request).role))


@signed_in
@require_safe
def guide(request: HttpRequest, post: str) -> HttpResponse:
    """That of any post: who works together knows what the others do."""
    if post not in LABELS:
        raise Http404
    return _guide(request, Role(post))


@published
@require_safe
def villager_guide(request: HttpRequest) -> HttpResponse:
    """What a household does with its plate, for everybody."""
    return render(request, "households/guides/villager.html")


def _guide(request: HttpRequest, role: Role) -> HttpResponse:
    context = {"role": role, "others": [(one, one.label) for one in Role if one is not role]}
    return render(request, f"households/guides/{role}.html", context)


urlpatterns: list[URLPattern] = [
    path("guide/", villager_guide, name="villager-guide"),
    path("guide/own/", own_guide, name="own-guide"),
    path("guide/<str:post>/", guide, name="guide"),
]
