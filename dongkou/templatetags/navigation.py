"""``{% navigation as entries %}``: the signed-in person's navigation for the month of the page."""

from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.template import RequestContext
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.safestring import SafeString, mark_safe

from households.house.navigation import NavigationEntry, entries
from households.inbox import badge
from households.middleware import must_change
from households.permissions import Permission, may

register = template.Library()


@register.simple_tag(takes_context=True)
def navigation(context: RequestContext) -> list[NavigationEntry]:
    """Nothing for people who are not signed in or must change their password first.

    `month` of the context is where links lead; without one each room opens the month that is due.
    """
    request = context.get("request")
    if request is None or not request.user.is_authenticated or must_change(request):
        return []
    here = request.resolver_match.url_name if request.resolver_match else ""
    return entries(request.user, context.get("month") or "", here)


@register.simple_tag
def navigation_links(links: Iterable[NavigationEntry], number: str | None, *, listed: bool = False) -> SafeString:
    """A link for each, as items of a list if it is `listed`; `number` stands behind the one that counts.

    Every page has some seventy of them, which took longer than most of what pages say: each is filled in once and kept,
    by all that stands in it.
    """
    prefix = get_script_prefix()
    drawn = (_link(entry, (number or "") if entry.counts else "", prefix, listed=listed) for entry in links)
    return mark_safe("".join(drawn))  # noqa: S308 (each comes from a template)


@lru_cache(maxsize=4096)
def _link(entry: NavigationEntry, number: str, _prefix: str, *, listed: bool) -> str:
    """The prefix is part of the address that the entry leads to."""
    return render_to_string("_navigation_link.html", {"entry": entry, "number": number, "listed": listed}).strip()


@register.filter
def current(links: Iterable[NavigationEntry]) -> list[NavigationEntry]:
    """Those that the page belongs to."""
    return [entry for entry in links if entry.current]


@register.simple_tag(takes_context=True)
def finds_households(context: RequestContext) -> bool:
    """Whether the search over households stands in the frame of this person's pages."""
    request = context.get("request")
    if request is None or not request.user.is_authenticated or must_change(request):
        return False
    return may(request.user, Permission.SEE_HOUSEHOLDS)


@register.simple_tag(takes_context=True)
def inbox_number(context: RequestContext) -> str | None:
    """How many things wait for the signed-in person, as it was counted a moment ago; None when the page has to ask."""
    return badge.remembered(context["request"].user)
