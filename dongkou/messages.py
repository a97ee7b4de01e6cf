"""What a page says after a step, carried to the next page under a cookie's name that keeps the rules of the others."""

from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.http import HttpRequest

from households.sessions import cookie_name


class HostCookie(CookieStorage):
    """Django's own, under our name."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.cookie_name = cookie_name("dongkou_messages")


class Messages(FallbackStorage):
    """MESSAGE_STORAGE: a cookie, and what does not fit into it, in the session."""

    storage_classes = (HostCookie, SessionStorage)
