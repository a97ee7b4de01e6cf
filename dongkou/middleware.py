"""Two small layers around every request: its line in the log, and the session's renewal."""

import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]
RENEWED = "renewed_at"

log = structlog.get_logger("dongkou.request")


class RequestLog:
    """One line per request: method, path without plate tokens, status, milliseconds. Never a query, a body or a name."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        response = self.get_response(request)
        milliseconds = round(1000 * (time.perf_counter() - begun), 1)
        log.info("request", method=request.method, path=request.path, status=response.status_code, ms=milliseconds)
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
