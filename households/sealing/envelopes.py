"""Envelopes that only the server opens: what a device gives somebody else to carry, who cannot read it.

The device makes a key pair for one envelope (P-256), agrees on a secret with the server's public key, and seals under what HKDF
with SHA-256 makes of it (AES-256-GCM). The server's keys are derived from those that seal, and have their numbers.
"""

from base64 import b64decode
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from households.sealing.sealing import NONCE, Unreadable
from households.sealing.signing import derived, public_point

_ENVELOPES = b"dongkou envelopes v1"
INFO = b"dongkou envelope 1"


def address() -> tuple[int, str]:
    """The number of the newest key and its public point, in base64: what a device seals an envelope for."""
    number = settings.FIELD_KEYS.newest
    return number, public_point(_private(settings.FIELD_KEYS[number]))


def open_envelope(number: int, point: str, sealed: str) -> bytes:
    """What lies in it: `point` is the public half of the pair that was made for it, `sealed` twelve bytes of nonce and the
    ciphertext, both in base64. Raises Unreadable."""
    try:
        own = _private(settings.FIELD_KEYS[number])
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b64decode(point, validate=True))
        raw = b64decode(sealed, validate=True)
        secret = HKDF(SHA256(), 32, salt=None, info=INFO).derive(own.exchange(ec.ECDH(), theirs))
        return AESGCM(secret).decrypt(raw[:NONCE], raw[NONCE:], None)
    except (InvalidTag, KeyError, ValueError) as fault:
        raise Unreadable("the envelope does not open under any key here") from fault


def seal_with(key: bytes, content: bytes, nonce: bytes) -> bytes:
    """An answer under the key that lay in an envelope (32 bytes): nonce and ciphertext."""
    return nonce + AESGCM(key).encrypt(nonce, content, None)


@lru_cache(maxsize=16)
def _private(key: bytes) -> ec.EllipticCurvePrivateKey:
    return derived(key, _ENVELOPES)
