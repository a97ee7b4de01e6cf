"""Scripts that are modules: all that one imports is named in the page, so that a slow line need not wait for one script to learn
of the next, and so that a page that opens without a line knows what it is made of (static/js/offline_cache.js)."""

import functools
from typing import cast

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from dongkou.statics import HashedStatics

register = template.Library()


@register.simple_tag
def preload_imports(entry: str) -> SafeString:
    """A link for every module that the static file `entry` imports; the entry itself stands in its script tag."""
    return format_html_join("", '<link rel="modulepreload" href="{}">', ((static(name),) for name in _imports(entry)))


@functools.cache
def _imports(entry: str) -> tuple[str, ...]:
    """Collected files stay as they are while the program runs."""
    return cast(HashedStatics, staticfiles_storage).imports_of(entry)
