"""The addresses of the URLconf, read from it: what each is called, which parts it holds, who its view is for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from households.audience import Audience
from households.permissions import ROLES
from households.roles import Role

NOT_OURS = {"static"}


@dataclass(frozen=True)
class View:
    """One address."""

    name: str
    parts: tuple[str, ...]
    audience: Audience | None

    def url(self, samples: Mapping[str, str]) -> str:
        return reverse(self.name, kwargs={part: samples[part] for part in self.parts})

    @property
    def is_api(self) -> bool:
        return self.name.startswith("api-")

    def open_to(self, role: str) -> bool:
        """Whether somebody of the staff with this role may see it at all, if the place is theirs."""
        permission = self.audience and self.audience.permission
        return permission is None or permission in ROLES[Role(role)]


def views_of(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[View]:
    """The views that these patterns lead to."""
    for entry in patterns:
        if isinstance(entry, URLResolver):
            yield from views_of(entry.url_patterns)
        elif entry.name not in NOT_OURS:
            yield _view_of(entry)


def all_views() -> list[View]:
    return list(views_of(get_resolver().url_patterns))


def _view_of(pattern: URLPattern) -> View:
    callback = pattern.callback
    audience = getattr(callback, "audience", None) or getattr(getattr(callback, "cls", None), "audience", None)
    return View(pattern.name or "", tuple(pattern.pattern.converters), audience)


def opens(role: str, view: View) -> bool:
    """Whether people of this role may open it."""
    permission = view.audience.permission if view.audience else None
    return permission is not None and permission in ROLES[Role(role)]
