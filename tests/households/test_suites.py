"""Both suites of keys against published vectors; what was changed, cut or bound to something else does not open."""

import hmac
from hashlib import sha256

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hashes import SM3, Hash
from hypothesis import given
from hypothesis import strategies as st

from households.sealing.suites import TAG, FieldKey, Sm4Gcm, Suite, cipher_of, digest, suite_of

RAW = bytes(range(32))
KEYS = [FieldKey(RAW, suite) for suite in Suite]
BLOCK = 64  # bytes that SM3 takes at once


def sm3(text: bytes) -> bytes:
    made = Hash(SM3())
    made.update(text)
    return made.finalize()


def test_sm4_gcm_of_rfc_8998() -> None:
    nonce, bound_to = bytes.fromhex("00001234567800000000ABCD"), bytes.fromhex("FEEDFACEDEADBEEF" * 2 + "ABADDAD2")
    plain = b"".join(bytes([sign]) * 8 for sign in bytes.fromhex("AABBCCDDEEFFEEAA"))
    sealed = bytes.fromhex(
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D83DE3541E4C2B58177E065A9BF7B62EC"
    )
    cipher = Sm4Gcm(bytes.fromhex("0123456789ABCDEFFEDCBA9876543210"))
    assert cipher.encrypt(nonce, plain, bound_to) == sealed
    assert cipher.decrypt(nonce, sealed, bound_to) == plain


def test_digests_are_hmac_with_the_hash_of_the_suite() -> None:
    inner, outer = (bytes(sign ^ pad for sign in RAW.ljust(BLOCK, b"\0")) for pad in (0x36, 0x5C))
    assert sm3(b"abc").hex().startswith("66c7f0f462eeedd9")  # GB/T 32905, A.1
    assert digest(KEYS[list(Suite).index(Suite.SM4)], b"text") == sm3(outer + sm3(inner + b"text"))
    assert digest(RAW, b"text") == hmac.digest(RAW, b"text", sha256)


def test_key_without_a_suite_is_aes() -> None:
    assert (suite_of(RAW), FieldKey(RAW).suite) == (Suite.AES, Suite.AES)


@pytest.mark.parametrize("key", KEYS, ids=list(Suite))
@given(content=st.binary(max_size=200), bound_to=st.none() | st.binary(max_size=20), at=st.integers(0, 500))
def test_what_was_changed_does_not_open(key: FieldKey, content: bytes, bound_to: bytes | None, at: int) -> None:
    cipher, nonce = cipher_of(key), b"n" * 12
    sealed = cipher.encrypt(nonce, content, bound_to)
    assert cipher.decrypt(nonce, sealed, bound_to) == content
    assert len(sealed) == len(content) + TAG
    changed = bytearray(sealed)
    changed[at % len(sealed)] ^= 1
    for other, bound in ((bytes(changed), bound_to), (sealed, b"something else that it was never bound to")):
        with pytest.raises(InvalidTag):
            cipher.decrypt(nonce, other, bound)


def test_same_bytes_under_another_suite_open_nothing() -> None:
    one, other = map(cipher_of, KEYS)
    with pytest.raises(InvalidTag):
        other.decrypt(b"n" * 12, one.encrypt(b"n" * 12, b"13800000001", None), None)
