"""Going into a training village and out of it: a session of its own, kept in the one by which its owner signed in."""

import time

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends.base import SessionBase

from dongkou.replicas.sessions import SessionStore
from dongkou.training import database
from dongkou.training.villages import TrainingVillage, person_of
from households import audit
from households.middleware import SECOND, SINCE
from households.models import User
from households.roles import Role

KEY = "training_session"


def enter(session: SessionBase, *, village: TrainingVillage, post: Role, by: User) -> None:
    """From now on the addresses of the training villages are open to this session, as somebody of the post."""
    leave(session)
    with database.opened():
        person = person_of(village, post)
        inner = SessionStore()
        inner[SESSION_KEY] = str(person.pk)
        inner[BACKEND_SESSION_KEY] = f"{ModelBackend.__module__}.{ModelBackend.__qualname__}"
        inner[HASH_SESSION_KEY] = person.get_session_auth_hash()
        inner[SECOND], inner[SINCE] = True, int(time.time())
        inner.create() if inner.session_key is None else inner.save()
        key = inner.session_key
    session[KEY] = key
    audit.record(by, "training.enter", place=village.township, subject=village.code, role=post)


def leave(session: SessionBase) -> None:
    """Forget it, there and here."""
    key = session.pop(KEY, None)
    if key and database.there():
        with database.opened():
            SessionStore(key).delete()
