"""A session that is used lives on; one that is not ends. It is written at most once a minute."""

import time

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import RequestFactory

from dongkou.middleware import RENEWED, IdleSignOut


class Memory(dict):
    """A session as the middleware sees it."""

    accessed = True

    def is_empty(self):
        return not self


def after_request(session):
    request = RequestFactory().get("/")
    request.session = session
    IdleSignOut(lambda _request: HttpResponse())(request)
    return session


def test_a_session_without_content_is_not_begun():
    assert after_request(Memory()) == {}


def test_a_session_nobody_looked_at_is_not_renewed():
    session = Memory(user=1)
    session.accessed = False
    assert after_request(session) == {"user": 1}


def test_a_session_in_use_is_renewed_when_a_minute_has_passed(settings):
    session = Memory(user=1, **{RENEWED: int(time.time()) - settings.SESSION_RENEW_SECONDS - 1})
    assert abs(after_request(session)[RENEWED] - time.time()) < 5


def test_a_session_renewed_just_now_is_left_alone():
    just_now = int(time.time()) - 10
    assert after_request(Memory(user=1, **{RENEWED: just_now}))[RENEWED] == just_now


@pytest.mark.django_db
def test_a_busy_minute_costs_one_write(client):
    session = client.session
    session["something"] = 1
    session.save()
    client.get("/rules/")
    expiry = Session.objects.get().expire_date
    client.get("/rules/")
    assert Session.objects.get().expire_date == expiry
