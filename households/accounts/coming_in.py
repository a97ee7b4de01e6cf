"""The last step of every sign-in in a browser, once all that it needs was right."""

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from households.accounts import browsers, lockout
from households.accounts.actions import accounts, sessions
from households.accounts.reads import came_with_work, factor_taken_off, identity_of_late, unused_recovery
from households.confirming import own_password
from households.confirming.actions import has_factor
from households.middleware import SECOND
from households.models import User

BACKEND = "django.contrib.auth.backends.ModelBackend"
THROUGH_PROVIDER = "through_provider"  # in the session of who came in so
FEW = 3  # recovery codes left, of which the owner is told


def come_in(
    request: HttpRequest, user: User, onward: str, *, with_code: bool, through_provider: bool = False
) -> HttpResponse:
    """A session for this person, on the way to the page that was wanted; `with_code` when a second factor was shown.

    One `through_provider` has typed no password: none counts as typed, and none that was wrong is forgiven.
    """
    setattr(request, lockout.TYPED, not through_provider)
    login(request, user, backend=BACKEND)
    request.session[SECOND] = with_code
    if through_provider:
        request.session[THROUGH_PROVIDER] = True
        own_password.was_not_typed(request)
    note_session(request, user)
    accounts.ask_for_change(user=user)
    accounts.note_sign_in(by=user, through_provider=through_provider)
    _tell(request, user, with_code=with_code)
    response = HttpResponseRedirect(onward)
    lockout.remember(request, response, user)
    return response


def note_session(request: HttpRequest, user: User) -> None:
    """Let the session stand in its owner's list, as what it is."""
    through = bool(request.session.get(THROUGH_PROVIDER))
    key, browser = str(request.session.session_key), browsers.named(request)
    sessions.note(user=user, key=key, browser=browser, through_provider=through)


def _tell(request: HttpRequest, user: User, *, with_code: bool) -> None:
    """What its owner must know of the second factor: taken off by others, or few recovery codes left."""
    if with_code:
        left = unused_recovery(user)
        if left <= FEW and has_factor(user):
            messages.warning(request, f"备用码只剩 {left} 个，请到“动态口令”里换一张新的。")
    elif taken := factor_taken_off(user):
        who = f"由{taken.asked_by.display_name}申请、{taken.decided_by.display_name if taken.decided_by else ''}确认"
        messages.warning(request, f"您的动态口令{who}解除了。不是您知道的事，请马上告诉县审计员。")
    if identity := identity_of_late(user):
        who = "您自己" if identity.by_id == user.pk else f"管理员{identity.by.display_name}"
        day = f"{timezone.localtime(identity.since):%m月%d日}"
        messages.info(request, f"{day}，{who}给这个账号绑定了统一身份认证。不是您知道的事，请马上告诉县审计员。")
    if came_with_work(user):
        messages.info(request, "您接手的岗位还有没办完的事，见右上角“我的岗位”。")
