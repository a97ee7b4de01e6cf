"""Phone numbers at rest."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dongkou.keys import FieldKeys
from households.register.phones import PhoneUnreadable, decrypt, encrypt, encrypt_all, masked
from households.sealing.sealing import seal, unseal


@given(st.text(max_size=30))
def test_decrypt_gives_back_what_was_encrypted(phone: str) -> None:
    assert decrypt(encrypt(phone)) == phone


def test_encrypt_never_repeats_itself() -> None:
    assert len(set(encrypt_all(["13800000001"] * 100))) == 100


def test_encrypt_all_keeps_the_order_and_the_gaps() -> None:
    stored = encrypt_all(["1380000", "", "1390000"])
    assert [decrypt(one) for one in stored] == ["1380000", "", "1390000"]
    assert stored[1] is None


def test_stored_form_does_not_hold_the_number() -> None:
    assert b"13800000001" not in (encrypt("13800000001") or b"")


@pytest.mark.parametrize("at", [0, 5, 20, -1])
def test_decrypt_notices_a_changed_byte(at: int) -> None:
    stored = bytearray(encrypt("13800000001") or b"")
    stored[at] ^= 1
    with pytest.raises(PhoneUnreadable):
        decrypt(bytes(stored))


@pytest.mark.parametrize("stored", [b"", b"\x01", b"\x01" + b"0" * 12, b"\x02" + b"0" * 40])
def test_decrypt_refuses_what_is_no_stored_form(stored: bytes) -> None:
    with pytest.raises(PhoneUnreadable):
        decrypt(stored)


def test_decrypt_refuses_another_key(settings: Any) -> None:
    stored = encrypt("13800000001")
    settings.FIELD_KEYS = FieldKeys({1: b"another key of thirty-two bytes!"})
    with pytest.raises(PhoneUnreadable):
        decrypt(stored)


def test_what_is_sealed_names_its_key_and_older_keys_still_open_it(settings: Any) -> None:
    first = encrypt("13800000001") or b""
    settings.FIELD_KEYS = FieldKeys({**settings.FIELD_KEYS, 7: b"a later key with thirty-two bytes"[:32]})
    later = encrypt("13800000001") or b""
    assert (first[0], later[0]) == (1, 7)
    assert decrypt(first) == decrypt(later) == "13800000001"


def test_what_is_bound_to_one_thing_opens_for_no_other() -> None:
    sealed = seal(b"slips", bound_to=b"user 7")
    assert unseal(sealed, bound_to=b"user 7") == b"slips"
    for other in (b"user 8", None):
        with pytest.raises(PhoneUnreadable):
            unseal(sealed, bound_to=other)


def test_decrypt_takes_what_the_database_gives() -> None:
    assert decrypt(memoryview(encrypt("13800000001") or b"")) == "13800000001"


def test_masked_shows_both_ends() -> None:
    assert masked(encrypt("13812345678")) == "138****5678"
    assert masked(None) == ""
