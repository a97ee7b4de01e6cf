"""The register of cryptography names every module that uses some, and says under which key what lies now."""

import csv
import json
import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from dongkou.crypto import COLUMNS, FOUND_BY, SEALED, USES
from dongkou.keys import FieldKeys
from households.models import Household
from households.register.phones import encrypt
from households.sealing.suites import FieldKey, Suite
from script.imports import ROOMS, modules
from tests.world import World

USE = re.compile(
    r"^(?:from|import) (?:cryptography|hmac|jwt)\b|^from django\.core(?: import signing|\.signing)|salted_hmac|blake2b"
    r"|^(?:from|import) hashlib\b|Argon2",
    re.MULTILINE,
)
ONLY_NAMES = {  # a hash as a short name of something that is no secret and proves nothing
    "dongkou.layout",
    "dongkou.management.commands.set_up",
    "dongkou.reach",
    "households.alarms.actions",
    "households.imports.problems",
    "households.intake.actions",
    "households.operations",
    "rewards.pictures.pictures",
    "scoring.sheets.receipts",
}


def users_of_cryptography() -> set[str]:
    texts = {name: path.read_text("utf-8") for name, path in modules(*ROOMS).items()}
    return {name for name, text in texts.items() if USE.search(text) and ".migrations." not in name}


def test_every_module_that_uses_cryptography_is_named() -> None:
    named = {module for use in USES for module in use.modules} | set(SEALED) | set(FOUND_BY)
    assert users_of_cryptography() - named - {"dongkou.crypto"} == ONLY_NAMES
    assert named <= modules(*ROOMS).keys()


@pytest.mark.django_db(transaction=True)
def test_amounts_stand_by_key_and_suite(world: World, settings: Any) -> None:
    settings.FIELD_KEYS = FieldKeys({1: FieldKey(b"1" * 32), 2: FieldKey(b"2" * 32, Suite.SM4)})
    Household.objects.update(phone=None)
    Household.objects.filter(pk=world.household.pk).update(phone=encrypt("13800000001"))
    said = StringIO()
    call_command("crypto_register", format="json", stdout=said)
    rows = json.loads(said.getvalue())
    first, second, found_by = rows[:3]
    assert (first["key"], first["method"][:3], second["key"], second["method"][:7]) == (
        *("数据密钥 1", "AES"),
        *("数据密钥 2", "SM4-GCM"),
    )
    assert second["amount"] == "1 项"
    assert "SM3" in found_by["method"]


@pytest.mark.django_db(transaction=True)
def test_file_opens_as_a_table(world: World) -> None:
    said = StringIO()
    call_command("crypto_register", stdout=said)
    head, *rows = csv.reader(StringIO(said.getvalue().removeprefix("\ufeff")))
    assert head == list(COLUMNS.values())
    assert len(rows) == len(USES) + 2
