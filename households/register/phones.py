"""Phone numbers at rest: AES-256-GCM under `settings.FIELD_KEY`, so that a stolen dump holds none.

Stored form: one byte of version, twelve of nonce, the ciphertext with its tag. Show them through `households.masks`.
"""

import os
from collections.abc import Iterable
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from households.masks import mask_phone

VERSION = b"\x01"
NONCE = 12
_HEAD = len(VERSION) + NONCE
UNREADABLE = "电话读不出"


class PhoneUnreadable(ValueError):
    """A stored number that this key does not open: damaged, or written under another key."""


@lru_cache(maxsize=4)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def encrypt(phone: str) -> bytes | None:
    """The stored form of one number; None for an empty one."""
    return encrypt_all((phone,))[0]


def encrypt_all(phones: Iterable[str]) -> list[bytes | None]:
    """The stored forms of many numbers, in order; each has a nonce of its own. About two microseconds each."""
    listed = list(phones)
    seal, nonces = _cipher(settings.FIELD_KEY).encrypt, os.urandom(NONCE * len(listed))
    return [
        VERSION + (nonce := nonces[at : at + NONCE]) + seal(nonce, phone.encode(), None) if phone else None
        for at, phone in zip(range(0, len(nonces), NONCE), listed, strict=True)
    ]


def decrypt(stored: bytes | memoryview | None) -> str:
    """The number behind a stored form; empty text for none. Raises PhoneUnreadable."""
    return "" if stored is None else unseal(stored).decode()


def seal(content: bytes) -> bytes:
    """The stored form of any bytes, such as a file that only few may read."""
    nonce = os.urandom(NONCE)
    return VERSION + nonce + _cipher(settings.FIELD_KEY).encrypt(nonce, content, None)


def unseal(stored: bytes | memoryview) -> bytes:
    """The bytes behind a stored form. Raises PhoneUnreadable."""
    sealed = bytes(stored)
    if sealed[:1] != VERSION or len(sealed) <= _HEAD:
        raise PhoneUnreadable("stored phone has an unknown form")
    try:
        return _cipher(settings.FIELD_KEY).decrypt(sealed[1:_HEAD], sealed[_HEAD:], None)
    except InvalidTag as fault:
        raise PhoneUnreadable("stored phone does not open under this key") from fault


def masked(stored: bytes | memoryview | None) -> str:
    """138****5678, the form in which a number is shown by default; empty text for none, `UNREADABLE` under another key."""
    try:
        return mask_phone(decrypt(stored))
    except PhoneUnreadable:
        return UNREADABLE
