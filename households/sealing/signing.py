"""Texts that the server signs, so that a device can tell its answers from anybody else's: ECDSA over P-256 with SHA-256.

The keys are derived from those that seal (`settings.FIELD_KEYS`), so they have the same numbers and nothing more has to be kept.
P-256, because browsers of 2020 verify it.
"""

import hmac
from base64 import b64decode, b64encode
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of the curve P-256
HALF = 32  # bytes of each of a signature's two numbers
_RECEIPTS = b"dongkou receipts v1"
_METHOD = ec.ECDSA(SHA256(), deterministic_signing=True)  # a repeated answer is the same to the last byte


def sign(text: str) -> tuple[int, str]:
    """The number of the newest key, and the signature under it: both numbers one after the other, in base64."""
    number = settings.FIELD_KEYS.newest
    first, second = decode_dss_signature(_private(settings.FIELD_KEYS[number]).sign(text.encode(), _METHOD))
    return number, b64encode(first.to_bytes(HALF, "big") + second.to_bytes(HALF, "big")).decode()


def is_signed(text: str, number: int, signature: str) -> bool:
    """Whether the server signed just this text under the key of that number."""
    try:
        raw = b64decode(signature, validate=True)
        first, second = int.from_bytes(raw[:HALF], "big"), int.from_bytes(raw[HALF:], "big")
        key = _private(settings.FIELD_KEYS[number]).public_key()
        key.verify(encode_dss_signature(first, second), text.encode(), _METHOD)
    except (InvalidSignature, KeyError, ValueError):
        return False
    return True


def public_keys() -> dict[int, str]:
    """What devices verify with, by number: the point, uncompressed, in base64."""
    return {number: public_point(_private(key)) for number, key in sorted(settings.FIELD_KEYS.items())}


def public_point(key: ec.EllipticCurvePrivateKey) -> str:
    """The public half as browsers import it."""
    return b64encode(key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)).decode()


def derived(key: bytes, purpose: bytes) -> ec.EllipticCurvePrivateKey:
    """The private key that follows from a sealing key for one purpose; the same ever again."""
    number = int.from_bytes(hmac.digest(key, purpose, "sha512"), "big") % (ORDER - 1) + 1
    return ec.derive_private_key(number, ec.SECP256R1())


@lru_cache(maxsize=16)
def _private(key: bytes) -> ec.EllipticCurvePrivateKey:
    return derived(key, _RECEIPTS)
