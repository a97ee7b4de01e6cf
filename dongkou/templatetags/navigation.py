"""``{% navigation as entries %}``: the signed-in person's navigation for the month of the page."""

from django import template
from django.template import RequestContext

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
