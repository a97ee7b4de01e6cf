"""Addresses of the training villages: the same pages, on their own database, for who is signed in and went in."""

from collections.abc import Callable

from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import get_script_prefix, set_script_prefix

from dongkou.replicas.sessions import SessionStore
from dongkou.training import database
from dongkou.training.entering import KEY
from dongkou.training.state import PREFIX
from households.middleware import is_over
from scoring.rollup.rollup import roll_up_marked

Handler = Callable[[HttpRequest], HttpResponse]
SAFE = ("GET", "HEAD", "OPTIONS")


class Training:
    """Stands between the session and everything that asks who is there. The session outside is that of the real account:
    it must be in force on every request, and keeps the key of the one inside.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(f"{PREFIX}/"):
            return self.get_response(request)
        outside = request.session
        if request.path_info.startswith(f"{PREFIX}/training/") or not self._may_be_here(request):
            return redirect("training")
        with database.opened():
            response = self._inside(request, SessionStore(outside[KEY]))
            key = request.session.session_key if not request.session.is_empty() else None
        request.session = outside
        if key is None:
            del outside[KEY]
            return redirect("training")
        if key != outside[KEY]:
            outside[KEY] = key
        return response

    @staticmethod
    def _may_be_here(request: HttpRequest) -> bool:
        """Whether the real account still holds, whether it went in, and whether there is anything to be in."""
        if KEY not in request.session or is_over(request):
            return False
        return auth.get_user(request).is_authenticated and database.there()

    def _inside(self, request: HttpRequest, session: SessionStore) -> HttpResponse:
        before = get_script_prefix()
        request.session = session
        request.path_info = request.path_info.removeprefix(PREFIX)
        set_script_prefix(f"{PREFIX}/")
        try:
            response = self.get_response(request)
            _read_out(response)
        finally:
            set_script_prefix(before)
        if request.session.modified and not request.session.is_empty():
            request.session.save()
        if request.method not in SAFE:
            roll_up_marked()  # no worker looks in here
        return response


def _read_out(response: HttpResponseBase) -> None:
    """What is sent piece by piece is read now, while the database is the right one."""
    if response.streaming:
        response.streaming_content = list(response)  # type: ignore[attr-defined]
