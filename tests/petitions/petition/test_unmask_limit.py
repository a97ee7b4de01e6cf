"""Filers shown in full count among the names and telephones that an official may see in a day."""

from typing import Any
from uuid import uuid4

import pytest

from petitions.steps.handling import unmask
from tests.petitions.desk import Desk
from tests.refusals import refused

pytestmark = pytest.mark.django_db


def test_filers_of_petitions_count_too_and_the_same_look_again_does_not(desk: Desk, settings: Any) -> None:
    settings.UNMASK_DAILY = 1
    petition, op_id = desk.assigned(), uuid4()
    for _ in range(2):
        assert unmask(op_id=op_id, petition=petition, by=desk.office, note="核实")[0] == "张三丰"
    refused("unmask_limit", lambda: unmask(op_id=uuid4(), petition=petition, by=desk.office, note="再看"))
