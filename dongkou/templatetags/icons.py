"""``{% icon "home" %}``: one of Tabler's outline icons, inside the page, so that it costs no request and takes the text's colour."""

import re
from functools import cache

from django import template
from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
NAME = re.compile(r"[a-z0-9-]+")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """The icon as SVG: decoration that readers skip, or with ``label`` a picture of that name.

    Raises TemplateSyntaxError for a name that Tabler does not have.
    """
    meaning = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return mark_safe(f'<svg class="icon" {meaning} {drawing(name)}</svg>')  # noqa: S308 (a package's own file)


@cache
def drawing(name: str) -> str:
    """What stands in the icon's file after ``<svg``, without its own class and the ground that is not drawn."""
    file = settings.NODE_MODULES / "@tabler/icons/icons/outline" / f"{name}.svg"
    if not NAME.fullmatch(name) or not file.is_file():
        raise template.TemplateSyntaxError(f"Tabler has no icon “{name}”")
    text = " ".join(file.read_text(encoding="utf-8").split())
    text = re.sub(r'\s+(class|xmlns)="[^"]*"|<path stroke="none"[^>]*>|\s+(?=/?>|<)', "", text)
    return text.removeprefix("<svg").removesuffix("</svg>").strip()
