"""Sign-ins in browsers: noted when they begin, listed for their owner, ended one by one, all but one, or all at once."""

from importlib import import_module

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from knox.models import AuthToken

from households import audit
from households.models import SignIn, User
from households.refusals import Refused


def note(*, user: User, key: str, browser: str, through_provider: bool = False) -> None:
    """A session has begun. Rows of sessions that are long over go on this occasion."""
    SignIn.objects.filter(user=user, at__lt=timezone.now() - settings.SESSION_MOST).delete()
    known = {"user": user, "browser": browser, "at": timezone.now(), "through_provider": through_provider}
    SignIn.objects.update_or_create(key=key, defaults=known)


def forget(*, key: str) -> None:
    """A session has ended by its owner's own sign-out."""
    SignIn.objects.filter(key=key).delete()


def end_all(*, user: User) -> None:
    """End every session and token of an account at once, for good: none comes back when the account does.

    In the caller's transaction. `user` is left as it is then, so that a present session may be renewed from it.
    """
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.session_epoch = User.objects.values_list("session_epoch", flat=True).get(pk=user.pk)
    AuthToken.objects.filter(user=user).delete()
    SignIn.objects.filter(user=user).delete()


def end_of_provider(*, user: User, but: str = "") -> None:
    """End the sessions that a provider's word opened, `but` one. In the caller's transaction."""
    for row in SignIn.objects.filter(user=user, through_provider=True).exclude(key=but):
        _store(row.key).delete()
        row.delete()


@transaction.atomic
def end_everywhere(*, user: User, by: User) -> None:
    """The owner's wish, or that of who watches over security: every browser signs in anew, every token is dead."""
    end_all(user=user)
    audit.record(by, "account.end_sessions", place=user.division_id or "", subject=user)


@transaction.atomic
def end_one(*, user: User, key: str) -> None:
    """One of the owner's own sessions elsewhere."""
    if not SignIn.objects.filter(user=user, key=key).delete()[0]:
        raise Refused("not_found", "这个登录已经结束了。", status=404)
    _store(key).delete()
    audit.record(user, "account.end_session", place=user.division_id or "", subject=user)


@transaction.atomic
def end_token(*, user: User, digest: str) -> None:
    """One of the owner's own tokens, which another system uses."""
    if not AuthToken.objects.filter(user=user, digest=digest).delete()[0]:
        raise Refused("not_found", "这个令牌已经失效了。", status=404)
    audit.record(user, "token.end", place=user.division_id or "", subject=user)


def _store(key: str) -> SessionBase:
    """The session behind a key, in table and cache."""
    store: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore(session_key=key)
    return store
