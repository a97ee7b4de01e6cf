"""What a running system has counted and opened outlives the upgrade to shared counters and sessions."""

import hashlib
import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from households.refusals import Refused
from petitions.filing import limits
from tests.petitions.filers import TITLE, Filer, text_of
from tests.world import World


def test_filings_counted_before_still_count() -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.9")
    address = salted_hmac("petitions.limits", "203.0.113.9").hexdigest()
    for number in (int(time.time() // 3600), int(time.time() // 3600) + 1):
        cache.set(f"filings:{number}:{address}", 199, 3600)
    limits.check(request)
    limits.note(request)
    with pytest.raises(Refused, match="提交得太多"):
        limits.check(request)


def test_filer_who_came_in_before_stays_in(world: World) -> None:
    petition, _code = Filer().filed()
    digest = hashlib.sha256(b"petition planted-key").hexdigest()[:40]
    until = timezone.now() + timedelta(minutes=30)
    Session.objects.create(session_key=digest, session_data=str(petition.pk), expire_date=until)
    client = Client()
    client.cookies["dongkou_petition"] = "planted-key"
    assert TITLE in text_of(client, reverse("petition-follow"))
    client.post(reverse("petition-follow-leave"))
    assert not Session.objects.filter(pk=digest).exists()
    assert TITLE not in text_of(client, reverse("petition-follow"))
