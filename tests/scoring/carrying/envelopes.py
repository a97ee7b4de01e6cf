"""A device's side of what is carried, in Python: it seals for the server and reads what comes back."""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from households.sealing.envelopes import INFO, address
from tests.scoring.points.asking import Asker

REPLY = b"the key of this file's receipts!"


def sealed(inside: object) -> bytes:
    """A file as the page writes it."""
    number, point = address()
    own = ec.generate_private_key(ec.SECP256R1())
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b64decode(point))
    key = HKDF(SHA256(), 32, salt=None, info=INFO).derive(own.exchange(ec.ECDH(), theirs))
    nonce = os.urandom(12)
    cipher = AESGCM(key).encrypt(nonce, json.dumps(inside).encode(), None)
    mine = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    outside = {"dongkou": "dongkou carried 1", "key": number, "point": b64encode(mine).decode()}
    return json.dumps(outside | {"sealed": b64encode(nonce + cipher).decode()}).encode()


def carried(of: Asker, *ops: Any, **changes: Any) -> bytes:
    """The file of somebody's operations, as their device would make it; `changes` replace what lies inside."""
    proof = of.client.get(f"{of.url}carrying/").json()["proof"]
    return sealed(inside_of(f"{of.month} {of.village}", proof, 0, ops) | changes)


def inside_of(book: str, proof: str, base: int, ops: Sequence[Any]) -> dict[str, Any]:
    """What lies in the file of the sheet `book`, made on its version `base` by whom `proof` proves."""
    return {"book": book, "proof": proof, "base": base, "ops": list(ops), "reply": b64encode(REPLY).decode()}


def opened(receipts: bytes, key: bytes = REPLY) -> dict[str, Any]:
    """What the device reads in the receipts."""
    raw = b64decode(json.loads(receipts)["sealed"])
    return dict(json.loads(AESGCM(key).decrypt(raw[:12], raw[12:], None)))
