"""What lies in the cache is data: whoever can write there makes nothing run."""

import os
import pickle
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.contrib.sessions.backends.cached_db import KEY_PREFIX
from django.core.cache import cache
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from dongkou.celery import app
from dongkou.plain_cache import PlainSerializer

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.just(""),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


class Payload:
    """Runs a command in whoever unpickles it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple:
        return os.mkdir, (str(self.path),)


@given(PLAIN | st.binary())
def test_value_is_read_as_it_was_written(value: object) -> None:
    assert PlainSerializer().loads(PlainSerializer().dumps(value)) == value


@pytest.mark.parametrize("value", [object(), {1, 2}, {"inside": b"bytes"}])
def test_object_is_not_taken(value: object) -> None:
    with pytest.raises(TypeError):
        cache.set("object", value)


def test_counter_counts_where_it_lies() -> None:
    cache.set("counter", 41)
    assert cache.incr("counter") == cache.get("counter") == 42


@pytest.mark.django_db
def test_session_planted_as_a_program_does_not_run(client: Client, tmp_path: Path) -> None:
    """With a pickled session, whoever could write into the cache was the web server's user."""
    payload = pickle.dumps({"x": Payload(tmp_path / "ran")})
    store = redis.Redis.from_url(settings.CACHES["default"]["LOCATION"])
    for version in (1, settings.CACHES["default"]["VERSION"]):
        store.set(cache.make_key(f"{KEY_PREFIX}{'a' * 32}", version=version), payload)
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    client.raise_request_exception = False
    client.get("/")
    assert not (tmp_path / "ran").exists()


def test_tasks_and_their_results_are_json_alone() -> None:
    assert app.conf.accept_content == app.conf.result_accept_content == ["json"]
    assert app.conf.task_serializer == app.conf.result_serializer == "json"
