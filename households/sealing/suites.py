"""What a field key seals and digests with: AES-256-GCM and SHA-256, or SM4-GCM and SM3 (GB/T 32907, GB/T 32905). Pure.

A key knows its suite and each sealed value names its key, so that values of both lie side by side until `manage.py reseal` has
gone through.
"""

import hmac
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.hmac import HMAC

SM4_KEY_BYTES = 16
TAG = 16  # bytes of a ciphertext's end that show whether anything was changed
_SM4_KEY = b"dongkou sm4"


class Suite(StrEnum):
    AES = "aes"
    SM4 = "sm4"


class FieldKey(bytes):
    """A field key, 32 bytes, and what it is used with."""

    suite: Suite

    def __new__(cls, value: bytes, suite: Suite = Suite.AES) -> "FieldKey":
        key = super().__new__(cls, value)
        key.suite = suite
        return key


class Sm4Gcm:
    """SM4 in Galois/counter mode (RFC 8998) with the interface of AESGCM. About twenty microseconds a value."""

    def __init__(self, key: bytes) -> None:
        self._block = SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        sealing = Cipher(self._block, modes.GCM(nonce)).encryptor()
        sealing.authenticate_additional_data(associated_data or b"")
        return sealing.update(data) + sealing.finalize() + sealing.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Raises InvalidTag, ValueError for what is shorter than a tag."""
        opening = Cipher(self._block, modes.GCM(nonce, data[-TAG:])).decryptor()
        opening.authenticate_additional_data(associated_data or b"")
        return opening.update(data[:-TAG]) + opening.finalize()


def suite_of(key: bytes) -> Suite:
    """A key without a word about it is one of the first: AES."""
    return key.suite if isinstance(key, FieldKey) else Suite.AES


def cipher_of(key: bytes) -> AESGCM | Sm4Gcm:
    """What seals under a field key."""
    return _cipher(bytes(key), suite_of(key))


@lru_cache(maxsize=16)
def _cipher(key: bytes, suite: Suite) -> AESGCM | Sm4Gcm:
    return Sm4Gcm(_hmac_sm3(key, _SM4_KEY)[:SM4_KEY_BYTES]) if suite is Suite.SM4 else AESGCM(key)


def digest(key: bytes, text: bytes) -> bytes:
    """The keyed digest of a text, 32 bytes: HMAC with the hash of the key's suite."""
    return _DIGESTS[suite_of(key)](bytes(key), text)


def _hmac_sha256(key: bytes, text: bytes) -> bytes:
    return hmac.digest(key, text, sha256)


def _hmac_sm3(key: bytes, text: bytes) -> bytes:
    made = HMAC(key, hashes.SM3())
    made.update(text)
    return made.finalize()


_DIGESTS: dict[Suite, Callable[[bytes, bytes], bytes]] = {Suite.AES: _hmac_sha256, Suite.SM4: _hmac_sm3}
