"""Small layers around every request: its line in the log, who may keep the answer, and the session's renewal."""

import time
from collections.abc import Callable
from functools import cache, partial
from hashlib import sha256
from urllib.parse import quote

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import add_never_cache_headers
from django.utils.crypto import salted_hmac

from dongkou.errors import too_large
from dongkou.health import healthz
from dongkou.logs import redact
from dongkou.watching import counted
from dongkou.watching.views import may_ask, metrics
from households import audit
from households.accounts.lockout import marks_in
from households.attempts import Counter, came_from_stranger, client_address
from households.audience import Audience
from households.audit_log import noted
from households.files.senders import Sender, sending
from households.models import User
from households.sealing.sealing import seal
from households.sessions import cookie_names

Handler = Callable[[HttpRequest], HttpResponse]
RENEWED = "renewed_at"
UNREADABLE = "\ufffd"
NUL_IN_COOKIE = r"\000"  # how a cookie in quotation marks says it
UNTRUSTED = "收到 X-Forwarded-For，但来处不在 DONGKOU_TRUSTED_PROXIES 里，没有采用；所有来访者因此按同一个地址计次。"

log = structlog.get_logger("dongkou.request")


class RequestLog:
    """One line per request: method, path without plate tokens, status, milliseconds, the account's number and a digest of the
    address, so that an attack can be followed. Never a query, a body, a name or the address."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.told = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        self._tell_of_strangers(request)
        response = self.get_response(request)
        seconds = time.perf_counter() - begun
        counted.note(request, response.status_code, seconds)
        milliseconds = round(1000 * seconds, 1)
        told = {"method": request.method, "path": request.path, "status": response.status_code, "ms": milliseconds}
        user = signed_in(request)
        told |= {"account": user.pk if user else None, "origin": digest_of_address(request)}
        if lacks := getattr(response, "lacks", ""):
            log.warning("request", **told, lacks=lacks)
        else:
            log.info("request", **told)
        return response

    def _tell_of_strangers(self, request: HttpRequest) -> None:
        """Once for each process: behind a proxy that is not named all clients count as one."""
        if not self.told and came_from_stranger(request):
            self.told = True
            log.warning("forwarded_address_ignored", sentence=UNTRUSTED)


def signed_in(request: HttpRequest) -> User | None:
    """Who asked, if that is known by now: nobody is looked up for it."""
    user = getattr(request, "_cached_user", None) or vars(request).get("user")
    return user if type(user) is User else None  # isinstance would wake the lazy one, and tie a public page to a cookie


def digest_of_address(request: HttpRequest) -> str:
    """The same for the same address, and nothing else: whoever has a suspect's address finds its lines."""
    return salted_hmac("dongkou.request", client_address(request), algorithm="sha256").hexdigest()[:12]


class Origins:
    """Tells the audit log where a request came from, and notes what signed-in people were refused or took away in files."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address = cache(lambda: seal(client_address(request).encode()))
        known = audit.ORIGIN.set(audit.Origin(address, partial(_session_of, request), partial(marks_in, request)))
        try:
            response = self.get_response(request)
            self._note(request, response)
            return response
        finally:
            audit.ORIGIN.reset(known)

    @staticmethod
    def _note(request: HttpRequest, response: HttpResponse) -> None:
        user, match = signed_in(request), request.resolver_match
        if user is None or match is None:
            return
        if response.status_code in (403, 404):
            noted.refused(user, status=response.status_code, path=redact(request.path))
        elif response.get("Content-Disposition", "").startswith("attachment"):
            noted.read(user, "data.download", subject=redact(request.path))


def _session_of(request: HttpRequest) -> str:
    session = getattr(request, "session", None)
    key = session.session_key if session is not None else None
    return sha256(key.encode()).hexdigest()[:16] if key else ""


class HealthFirst:
    """Probes ask by loopback address and in plain HTTP, whatever names and redirects are set for people."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/healthz":
            return healthz(request)
        if request.path_info == "/metrics" and may_ask(request):
            return metrics(request)
        return self.get_response(request)


class CompressedText(GZipMiddleware):
    """Text goes out compressed, for villages on slow lines: pages, tables and data weigh a tenth.

    What is secret on a page cannot be guessed by the size (BREACH): CSRF tokens are masked anew on every page, up to a
    hundred random bytes are added, and a page that another site opens for somebody with a cookie goes uncompressed.
    """

    KINDS = frozenset(("text/html", "text/csv", "text/plain", "application/json", "image/svg+xml"))

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.get("Content-Type", "").partition(";")[0].strip()
        if response.streaming or kind not in self.KINDS or self._of_another_site(request):
            return response
        return super().process_response(request, response)

    @staticmethod
    def _of_another_site(request: HttpRequest) -> bool:
        elsewhere = request.headers.get("Sec-Fetch-Site") == "cross-site"
        return elsewhere and bool(request.COOKIES)


class PlainAddress:
    """A NUL, which the database cannot hold, becomes the sign for what cannot be read: nothing is found by it.

    In the path, in the query, and in a cookie.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.path = request.path.replace("\0", UNREADABLE)
        request.path_info = request.path_info.replace("\0", UNREADABLE)
        said = request.META
        said["QUERY_STRING"] = said.get("QUERY_STRING", "").replace("%00", quote(UNREADABLE))
        if NUL_IN_COOKIE in said.get("HTTP_COOKIE", ""):
            said["HTTP_COOKIE"] = said["HTTP_COOKIE"].replace(NUL_IN_COOKIE, "?")
        return self.get_response(request)


class OwnPagesOnly:
    """No page of another site may show or read what we answer, pictures and files included."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


class NeverKept:
    """No browser and no proxy keeps an answer, unless its view says that it is the same for everybody.

    Then whoever came with a session gets one that is not kept: it names them, or shows more. What a view said itself
    about such an answer (a picture, for a year) holds.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        said = response.get("Cache-Control", "")
        if "no-store" not in said and not (_is_published(request) and (said or not _has_session(request))):
            del response["Cache-Control"]
            add_never_cache_headers(response)
        return response


def _is_published(request: HttpRequest) -> bool:
    match = request.resolver_match
    audience = getattr(match.func, "audience", None) if match else None
    return isinstance(audience, Audience) and audience.published


def _has_session(request: HttpRequest) -> bool:
    return any(name in request.COOKIES for name in (settings.SESSION_COOKIE_NAME, *cookie_names()))


class FileSenders:
    """Whose files a form brings. Whoever used up several cells lately has files opened only while nobody else waits.

    That slows down and shuts nobody out: forms without files are taken as ever, and ten minutes later it is forgotten.
    """

    USED_UP = Counter("cells", "dongkou.middleware", 10 * 60)
    MAX_CELLS = 5  # cells of one network address; a village can have damaged photos
    MAX_BYTES = 70 * 1024 * 1024  # of one form: six photos of the largest size; what comes beyond would fill the disk

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("POST", "PUT", "PATCH"):
            return self.get_response(request)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > self.MAX_BYTES:
            return too_large(request)
        sender = Sender(costly=lambda: self.USED_UP.counted(request)[0] >= self.MAX_CELLS)
        with sending(sender):
            response = self.get_response(request)
        for _ in range(sender.used_up):
            self.USED_UP.note(request)
        for virus in sender.infected:
            noted.infected(request.user if isinstance(request.user, User) else None, virus=virus)
        return response


class IdleSignOut:
    """Renews a session that is used, at most once a minute: a write per request would cost more than the page."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session = request.session
        if session.accessed and not session.is_empty():
            now = int(time.time())
            if now - session.get(RENEWED, 0) >= settings.SESSION_RENEW_SECONDS:
                session[RENEWED] = now
        return response
