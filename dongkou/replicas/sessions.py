"""Sessions of signed-in people lie on the primary alone: whoever was signed out is, at once and on every page."""

from typing import Any

from django.contrib.sessions.backends import cached_db

from households.replicas.reading import on_primary


class SessionStore(cached_db.SessionStore):
    """SESSION_ENGINE: Django's own. A page that renews its session is none that writes."""

    def load(self) -> Any:
        """From the cache, else from the primary."""
        with on_primary():
            return super().load()

    def exists(self, session_key: str) -> bool:
        """On the primary."""
        with on_primary():
            return super().exists(session_key)

    def save(self, must_create: bool = False) -> None:
        """To the primary and the cache."""
        with on_primary():
            super().save(must_create)

    def delete(self, session_key: str | None = None) -> None:
        """From both."""
        with on_primary():
            super().delete(session_key)
