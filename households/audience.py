"""Who a view is for. Closed unless opened: every view carries exactly one of these decorators.

`tests/test_policies.py` walks the URLconf and reads `view.audience` to call each view as every wrong audience.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from households.codes import CodeError, Level, level_of
from households.models import Division, Household, User
from households.permissions import Permission, may

View = TypeVar("View", bound=Callable[..., HttpResponse])


@dataclass(frozen=True)
class Audience:
    """`permission` None with `public` False means: anyone signed in. With `neighbours` a place that is not one's own is shown. What is
    `published` says the same to everybody.
    """

    permission: Permission | None = None
    public: bool = False
    neighbours: bool = False
    published: bool = False


def public(view: View) -> View:
    """Open to people who are not signed in."""
    view.audience = Audience(public=True)  # type: ignore[attr-defined]
    return login_not_required(view)


def published(view: View) -> View:
    """Open to everybody, and the same for everybody: the only answers that a browser or a proxy may keep a copy of.

    Every other answer is never kept (`dongkou.middleware.NeverKept`), and neither is this one for whoever is signed in.
    """
    view.audience = Audience(public=True, published=True)  # type: ignore[attr-defined]
    return login_not_required(view)


def signed_in(view: View) -> View:
    """Any signed-in person."""
    view.audience = Audience()  # type: ignore[attr-defined]
    return view


def holders_of(permission: Permission, *, neighbours: bool = False) -> Callable[[View], View]:
    """Signed-in people whose role holds `permission`; others get 403.

    Outside one's subtree an address is not found; `neighbours` says that this view has a reason to answer all the same.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may(user_of(request), permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.audience = Audience(permission, neighbours=neighbours)  # type: ignore[attr-defined]
        return cast(View, guarded)

    return decorate


def unlisted(view: View) -> View:
    """For pages that somebody without an account opens by a secret: no cache and no search engine keeps them, no other
    site learns their address.
    """

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> HttpResponse:
        response = view(*args, **kwargs)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return cast(View, guarded)


def user_of(request: HttpRequest) -> User:
    """The signed-in person. SignInRequired has turned everyone else away."""
    return cast(User, request.user)


def division_in_scope(user: User, code: str, level: Level | None = None) -> Division:
    """The division with `code` inside the person's subtree, or 404, as for one that does not exist."""
    if not user.scope.covers(code) or (level and not _is_level(code, level)):
        raise Http404
    return _or_404(Division.objects.filter(code=code).first())


def household_in_scope(user: User, code: str) -> Household:
    """The household with `code` inside the person's subtree, or 404."""
    if not user.scope.covers(code):
        raise Http404
    return _or_404(Household.objects.filter(code=code).select_related("group").first())


def _is_level(code: str, level: Level) -> bool:
    try:
        return level_of(code) is level
    except CodeError:
        return False


def _or_404(found: Any) -> Any:
    if found is None:
        raise Http404
    return found
