"""Short sessions of people without an account: opened by a secret, about one thing and nothing else.

Each kind has a cookie of its own and rows in the session table. A row is found by a digest of the cookie, so what lies in
the database opens nothing, neither of this kind nor of another, nor as a staff session.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.utils import timezone

from households.replicas.reading import on_primary

_kinds: list["ShortSession"] = []
_KEY_BYTES = 16
_RENEWAL = timedelta(minutes=5)  # a session in use is written at most this often
_DIGEST_LENGTH = 40  # hexadecimal: 160 bits, what the session table's key holds


@dataclass(frozen=True, slots=True)
class ShortSession:
    """One kind of session. `kind` is part of every digest and keeps the keys of other kinds from meaning anything here.

    Use renews it, up to `most` from its opening; without `most` it ends when it ends.
    """

    kind: str
    cookie: str
    path: str = "/"
    life: timedelta = timedelta(minutes=30)
    most: timedelta | None = None

    def __post_init__(self) -> None:
        _kinds.append(self)

    @property
    def name(self) -> str:
        """What the browser calls the cookie."""
        return cookie_name(self.cookie, self.path)

    def open(self, request: HttpRequest, response: HttpResponse, about: int | str, *, key: str = "") -> datetime:
        """Give the browser a new session about the thing with this key; an earlier one ends. Returns when it runs out.

        The session's own key is a fresh one, or one that only the server can have made: a key that somebody planted in the
        browser before opens nothing. Rows that have run out, anybody's, go on this occasion.
        """
        self.end(request, response)
        now = timezone.now()
        Session.objects.filter(expire_date__lt=now).delete()
        key, until = key or secrets.token_urlsafe(_KEY_BYTES), now + self.life
        row = {"session_data": str(about), "expire_date": until}
        Session.objects.update_or_create(session_key=self._digest(key), defaults=row)
        rotate_token(request)  # no form of whoever was here before passes for this one's
        self._give(response, key)
        if self.most:
            cache.set(self._since(key), True, self.most.total_seconds())
            cache.set(self._renewed(key), True, _RENEWAL.total_seconds())
        response.opened = f"{self.kind}:{str(about).partition('.')[0]}"  # type: ignore[attr-defined]
        return until

    def renew(self, request: HttpRequest, response: HttpResponse) -> None:
        """It was used: let it end later. One write every few minutes; without a cache it ends when it would have."""
        key = request.COOKIES.get(self.name)
        if not (self.most and key and self.name not in response.cookies and cache.get(self._since(key))):
            return
        if cache.add(self._renewed(key), True, _RENEWAL.total_seconds()):
            until = timezone.now() + self.life
            with on_primary():
                renewed = _in_force(self._digest(key)).update(expire_date=until)
            if renewed:
                self._give(response, key)

    def _give(self, response: HttpResponse, key: str) -> None:
        secure = bool(settings.SESSION_COOKIE_SECURE)
        response.set_cookie(
            self.name, key, max_age=self.life, path=self.path, secure=secure, httponly=True, samesite="Lax"
        )

    def row_key(self, request: HttpRequest) -> str:
        """The key of the session's row, should there be one; empty when the browser has no session at all."""
        key = request.COOKIES.get(self.name)
        return self._digest(key) if key else ""

    def about(self, request: HttpRequest) -> int | None:
        """The key of what the browser's session is about; None without one. At most one query."""
        about = self.words(request)
        return int(about) if about.isdecimal() else None

    def words(self, request: HttpRequest) -> str:
        """What the session was opened with, as text; empty without one. At most one query."""
        row = self.row_key(request)
        about = _in_force(row).values_list("session_data", flat=True).first() if row else None
        return about or ""

    def lives(self, key: str) -> bool:
        """Whether the session with this key is neither over nor ended, in whatever browser."""
        return _in_force(self._digest(key)).exists()

    def end(self, request: HttpRequest, response: HttpResponse) -> None:
        """Forget the session, on the server and in the browser."""
        if row := self.row_key(request):
            Session.objects.filter(session_key=row).delete()
        response.delete_cookie(self.name, path=self.path, samesite="Lax")

    def _since(self, key: str) -> str:
        return f"short-since:{self._digest(key)}"

    def _renewed(self, key: str) -> str:
        return f"short-renewed:{self._digest(key)}"

    def _digest(self, key: str) -> str:
        return hashlib.sha256(f"{self.kind} {key}".encode()).hexdigest()[:_DIGEST_LENGTH]


def cookie_name(name: str, path: str = "/") -> str:
    """The name under which a browser holds it to the rules: over https alone, and from this host alone where it can."""
    if not settings.SESSION_COOKIE_SECURE:
        return name
    return f"__Host-{name}" if path == "/" else f"__Secure-{name}"


def cookie_names() -> list[str]:
    """Of every kind of short session."""
    return [kind.name for kind in _kinds]


def leave(request: HttpRequest, response: HttpResponse) -> None:
    """End every short session that the browser has, of whatever kind: the phone may go to the next person."""
    for kind in _kinds:
        kind.end(request, response)
    response.left = True  # type: ignore[attr-defined]


def opened(request: HttpRequest) -> list[str]:
    """What the browser's short sessions are about, each by kind and key: `household:33`. At most one query."""
    rows = {row: kind.kind for kind in _kinds if (row := kind.row_key(request))}
    found = (
        Session.objects.filter(session_key__in=rows, expire_date__gt=timezone.now()) if rows else Session.objects.none()
    )
    about = found.values_list("session_key", "session_data")
    return [f"{rows[row]}:{words.partition('.')[0]}" for row, words in about]


def ran_out(response: HttpResponse, kind: ShortSession) -> HttpResponse:
    """The answer to whoever has no session of this kind: a form that came with it is kept (`households.drafts`)."""
    response.session_over = kind.kind  # type: ignore[attr-defined]
    return response


def renew_all(request: HttpRequest, response: HttpResponse) -> None:
    """Whatever short session the browser has was used."""
    for kind in _kinds:
        kind.renew(request, response)


def _in_force(row: str) -> QuerySet[Session]:
    return Session.objects.filter(session_key=row, expire_date__gt=timezone.now())
