"""Whether people can sign in through an OpenID provider here, for pages that lead there."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def provider_label() -> str:
    """What the county calls its provider; empty where there is none."""
    return settings.OIDC.label if settings.OIDC else ""
