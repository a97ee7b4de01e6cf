"""Bytes that lie sealed under `settings.FIELD_KEYS`, by the suite of the newest one, so that a stolen dump shows none of them.

Stored form: one byte with the key's number, twelve of nonce, the ciphertext with its tag. What was sealed before keys had
numbers begins with a 1, and the first key has that number.
"""

import os
from collections.abc import Callable, Iterable

from cryptography.exceptions import InvalidTag
from django.conf import settings

from households.sealing.suites import TAG, cipher_of

NONCE = 12
_HEAD = 1 + NONCE


class Unreadable(ValueError):
    """What no key here opens: damaged, written under a key that is missing, or bound to something else."""


def seal(content: bytes, *, bound_to: bytes | None = None) -> bytes:
    """The stored form of any bytes; it opens only together with what it is bound to."""
    number, encrypt = _newest()
    nonce = os.urandom(NONCE)
    return number + nonce + encrypt(nonce, content, bound_to)


def seal_all(contents: Iterable[bytes]) -> list[bytes | None]:
    """The stored forms of many, in order, None for an empty one; each has a nonce of its own. About two microseconds each."""
    listed = list(contents)
    number, encrypt = _newest()
    nonces = os.urandom(NONCE * len(listed))
    return [
        number + (nonce := nonces[at : at + NONCE]) + encrypt(nonce, content, None) if content else None
        for at, content in zip(range(0, len(nonces), NONCE), listed, strict=True)
    ]


def unseal(stored: bytes | memoryview, *, bound_to: bytes | None = None) -> bytes:
    """The bytes behind a stored form. Raises Unreadable."""
    sealed = bytes(stored)
    if len(sealed) < _HEAD + TAG:
        raise Unreadable("what is stored has an unknown form")
    try:
        return cipher_of(settings.FIELD_KEYS[sealed[0]]).decrypt(sealed[1:_HEAD], sealed[_HEAD:], bound_to)
    except KeyError as fault:
        raise Unreadable(f"what is stored is under key {sealed[0]}, which is not here") from fault
    except InvalidTag as fault:
        raise Unreadable("what is stored does not open under this key") from fault


def _newest() -> tuple[bytes, Callable[[bytes, bytes, bytes | None], bytes]]:
    """The number of the newest key as what is stored begins with it, and what seals under that key."""
    number = settings.FIELD_KEYS.newest
    return bytes([number]), cipher_of(settings.FIELD_KEYS[number]).encrypt
