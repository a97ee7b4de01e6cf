"""Awards are in two hands: old enough, not of one maker, and their owners there in person."""

import time
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from households.models import User
from rewards.models import Award
from tests.refusals import refused
from tests.rewards.awards.scene import FundScene
from tests.world import PASSWORD

pytestmark = pytest.mark.django_db


def test_award_is_not_confirmed_by_a_young_second_key(scene: FundScene) -> None:
    scene.rule()
    run = scene.preview()
    User.objects.filter(pk=scene.second.pk).update(is_demo=False, created_at=timezone.now() - timedelta(days=1))
    scene.second = User.objects.get(pk=scene.second.pk)
    refused("key_too_young", lambda: scene.confirm(run))
    assert not Award.objects.exists()


def test_confirmation_asks_for_the_password_and_keeps_the_form(scene: FundScene, settings: object) -> None:
    scene.rule()
    run, client = scene.preview(), scene.world.client(scene.second)
    session = client.session
    session["confirmed_at"] = int(time.time()) - 60 * settings.CONFIRM_MINUTES
    session.save()
    address = reverse("award-run-confirm", args=[run.pk])
    asked = client.post(address, {"seen": run.digest}).content.decode()
    assert "请再输一次密码" in asked and run.digest in asked and not Award.objects.exists()
    client.post(address, {"seen": run.digest, "own_password": PASSWORD})
    assert Award.objects.exists()
