"""Since when the PIN of a plate is the one in force."""

from importlib import import_module

import pytest
from django.db import connection
from django.utils import timezone

from households.models import Plate
from households.plates.actions.pins import renew_pin
from households.plates.actions.plates import issue_plate
from tests.world import World

pytestmark = pytest.mark.django_db


def test_pin_is_as_old_as_its_plate_or_its_renewal(world: World) -> None:
    plate, _pin = issue_plate(household=world.household, by=None)
    first = Plate.objects.get(pk=plate.pk).pin_set_at
    renew_pin(plate=plate, by=None)
    assert plate.issued_at <= timezone.now()
    assert Plate.objects.get(pk=plate.pk).pin_set_at > first


def test_migration_reads_renewals_from_the_audit_log(world: World) -> None:
    """Plates from before the column existed: by the log's last line, or by the day of issue."""
    renewed, _pin = issue_plate(household=world.household, by=None)
    plain, _pin = issue_plate(household=world.households[1], by=None)
    renew_pin(plate=renewed, by=None)
    Plate.objects.update(pin_set_at="2020-01-01T00:00:00Z")
    with connection.cursor() as cursor:
        cursor.execute(import_module("households.migrations.0004_pin_set_at").BACKFILL)
    assert Plate.objects.get(pk=plain.pk).pin_set_at == plain.issued_at
    assert Plate.objects.get(pk=renewed.pk).pin_set_at > renewed.issued_at
