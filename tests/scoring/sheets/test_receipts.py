"""Receipts: the server signs what it answered, to which content, and nothing else passes for it."""

from base64 import b64decode

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import LazySettings

from dongkou.keys import FieldKeys
from households.roles import Role
from households.sealing.signing import is_signed, public_keys
from scoring.sheets.receipts import digest_of_op, text_of
from tests.scoring.points.asking import Json, add, asker
from tests.world import MONTH, VILLAGE, World

FIRST = f"{VILLAGE}010001"
SIGNED = ("op_id", "sheet", "digest", "status", "at")


def text(receipt: Json) -> str:
    return text_of(**{name: str(receipt[name]) for name in SIGNED})


def is_good(receipt: Json) -> bool:
    return is_signed(text(receipt), receipt["key"], receipt["signature"])


def test_answer_carries_a_receipt_over_what_was_sent(world: World) -> None:
    sent = add(FIRST, note="棚子占了公路边")
    receipt = asker(world, Role.CADRE).result(sent)["receipt"]
    assert is_good(receipt)
    assert (receipt["op_id"], receipt["sheet"]) == (sent["op_id"], f"{MONTH} {VILLAGE}")
    assert (receipt["digest"], receipt["status"]) == (digest_of_op(sent), "taken")


def test_repeated_operation_has_the_receipt_of_the_first_time(world: World) -> None:
    cadre, sent = asker(world, Role.CADRE), add(FIRST)
    first, again = cadre.result(sent)["receipt"], cadre.result(sent)["receipt"]
    assert {name: first[name] for name in SIGNED} == {name: again[name] for name in SIGNED} and is_good(again)


def test_refusal_is_signed_as_a_refusal(world: World) -> None:
    receipt = asker(world, Role.CADRE).result(add(f"{VILLAGE}019999"))["receipt"]
    assert receipt["status"] == "refused" and is_good(receipt)
    assert not is_good(receipt | {"status": "taken"})


@pytest.mark.parametrize("field", SIGNED)
def test_receipt_with_another_word_is_none(world: World, field: str) -> None:
    receipt = asker(world, Role.CADRE).result(add(FIRST))["receipt"]
    assert not is_good(receipt | {field: f"{receipt[field]}0"})


def test_receipt_under_another_or_no_known_key_is_none(world: World, settings: LazySettings) -> None:
    receipt = asker(world, Role.CADRE).result(add(FIRST))["receipt"]
    assert not is_good(receipt | {"key": 9})
    settings.FIELD_KEYS = FieldKeys({1: b"another key of thirty-two bytes!"})
    assert not is_good(receipt)


def test_receipt_outlives_the_key_that_came_after_it(world: World, settings: LazySettings) -> None:
    cadre, sent = asker(world, Role.CADRE), add(FIRST)
    receipt = cadre.result(sent)["receipt"]
    settings.FIELD_KEYS = FieldKeys({**settings.FIELD_KEYS, 2: b"a second key of thirty-two bytes"})
    assert is_good(receipt) and set(public_keys()) == {1, 2}
    assert cadre.result(sent)["receipt"]["key"] == 2


def test_public_keys_are_points_of_the_curve_and_differ(settings: LazySettings) -> None:
    settings.FIELD_KEYS = FieldKeys({**settings.FIELD_KEYS, 2: b"a second key of thirty-two bytes"})
    points = {b64decode(point) for point in public_keys().values()}
    assert len(points) == 2
    assert all(ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point) for point in points)
