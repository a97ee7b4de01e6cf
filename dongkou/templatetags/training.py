"""``{% training_banner %}``: on every page of a training village, what it is."""

from typing import Any

from django import template
from django.urls import get_script_prefix, reverse

from dongkou.training.posts import PASSWORD
from dongkou.training.state import IN_TRAINING, PREFIX

register = template.Library()


@register.inclusion_tag("training/_banner.html")
def training_banner() -> dict[str, Any]:
    """Nothing on a page of the county."""
    inside = IN_TRAINING.get() and get_script_prefix() == f"{PREFIX}/"
    return {"inside": inside, "password": PASSWORD, "way_out": reverse("training").removeprefix(PREFIX)}
