"""Function views of the HTTP interface. Like pages they are closed unless opened, and carry their audience."""

from collections.abc import Callable
from typing import IO, Any, cast

from django.http import HttpResponseBase
from rest_framework.decorators import api_view, parser_classes, permission_classes
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request

from households.audience import Audience
from households.models import User
from households.permissions import Permission, may

Endpoint = Callable[..., HttpResponseBase]


class ForgivingJSONParser(JSONParser):
    """JSON as DRF reads it; what nests too deeply to be read is unreadable like any other nonsense."""

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        """The value sent. Raises ParseError."""
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as fault:
            raise ParseError from fault


def endpoint(
    *methods: str,
    permission: Permission | None = None,
    public: bool = False,
    files: bool = False,
) -> Callable[[Endpoint], Endpoint]:
    """Make a function the one answer of an address to `methods`. With `files` what is sent is a form with files, not JSON.

    For people who hold `permission`; for anyone signed in when there is none; for everyone when `public`.
    Its `audience` is what `tests/test_policies.py` reads.
    """

    def decorate(view: Endpoint) -> Endpoint:
        for apply in (
            permission_classes([AllowAny if public else _holding(permission)]),
            parser_classes([MultiPartParser if files else ForgivingJSONParser]),
        ):
            view = apply(view)
        made: Endpoint = api_view(list(methods))(view)
        made.audience = Audience(permission, public)  # type: ignore[attr-defined]
        return made

    return decorate


def caller(request: Request) -> User:
    """The person whose token or session made the request; endpoints that are not public have turned others away."""
    return cast(User, request.user)


def _holding(permission: Permission | None) -> type[BasePermission]:
    if permission is None:
        return IsAuthenticated
    wanted: Permission = permission

    class Holds(IsAuthenticated):
        def has_permission(self, request: Request, view: Any) -> bool:
            return bool(super().has_permission(request, view)) and may(caller(request), wanted)

    return Holds
