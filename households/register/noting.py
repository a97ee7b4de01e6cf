"""The layer that writes down whose private fields an answer shows, when it leaves."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from households.register import looking


class LooksNoted:
    """Stands behind whatever refuses: what nobody was shown leaves no line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with looking.answering() as seen:
            response = self.get_response(request)
        taken_away = response.get("Content-Disposition", "").startswith("attachment")
        looking.write_down(seen, taken_away=taken_away)
        return response
