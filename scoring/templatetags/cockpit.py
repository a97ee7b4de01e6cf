"""``{% cockpit_tiles lights %}``: a county's villages as tiles."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from uuid import uuid4

from django import template
from django.forms import HiddenInput
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from scoring.cockpit.rules import Act, Light, MonthLamp, opened

register = template.Library()
_GAP = re.compile("@([a-z_]+)@")


@dataclass(frozen=True, slots=True)
class TileMould:
    """What tiles have in common, and a gap for whatever each says of its own."""

    lamp: MonthLamp
    late: bool
    act: Act
    name: str = "@name@"
    told: str = "@told@"
    address: str = "@address@"

    @property
    def reminds(self) -> bool:
        return self.act is Act.REMIND

    @property
    def opens(self) -> str:
        return opened(self.lamp)

    @property
    def extends(self) -> bool:
        return self.act is Act.EXTEND


@register.simple_tag(takes_context=True)
def cockpit_tiles(context: template.Context, lights: Iterable[Light]) -> SafeString:
    """A tile for each. There are hundreds of a few kinds: each kind is a template filled in once, each tile what stands in its gaps."""
    token = str(context["csrf_token"])
    return mark_safe("".join(_tile(one, token) for one in lights))  # noqa: S308 (each gap is escaped)


def _tile(one: Light, token: str) -> str:
    own = {"name": escape(one.name), "told": escape(one.told), "address": escape(one.address), "csrf_token": token}
    own["op_id"] = str(uuid4()) if one.reminds else ""
    texts, gaps = _pieces(one.lamp, one.late > 0, one.act)
    return "".join([piece for text, gap in zip(texts, gaps, strict=True) for piece in (text, own[gap] if gap else "")])


@lru_cache(maxsize=64)
def _pieces(lamp: MonthLamp, late: bool, act: Act) -> tuple[list[str], list[str]]:
    """The text before each gap and the gap's name; the last text has none behind it."""
    form = {"op_id": HiddenInput().render("op_id", "@op_id@")}
    given = {"one": TileMould(lamp, late, act), "form": form, "csrf_token": "@csrf_token@"}
    pieces = _GAP.split(render_to_string("scoring/cockpit/_tile.html", given))
    return pieces[::2], [*pieces[1::2], ""]
