"""Each request as one span."""

from collections.abc import Callable

from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

from dongkou.tracing import spans
from dongkou.watching.counted import METHODS

SERVER_ERROR = 500


class Traced:
    """Outside everything else, so that all of a request lies in its span. Called by its route, whose parts are names."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not spans.wanted():
            raise MiddlewareNotUsed
        self.get_response = get_response
        spans.tracer()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        method = request.method if request.method in METHODS else "other"
        with spans.span(method, "SERVER", **{"http.request.method": method}) as open_span:
            response = self.get_response(request)
            if match := request.resolver_match:
                open_span.update_name(f"{method} /{match.route}")
                open_span.set_attribute("http.route", f"/{match.route}")
            open_span.set_attribute("http.response.status_code", response.status_code)
            if response.status_code >= SERVER_ERROR:
                spans.failed(open_span, str(response.status_code))
        return response
