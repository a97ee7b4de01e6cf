"""What a device gives somebody to carry, and what it gets back: two files, neither readable to who carries them."""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.core import signing

from households.models import User
from households.refusals import Refused
from households.sealing.envelopes import open_envelope, seal_with
from households.sealing.sealing import NONCE, Unreadable

LARGEST = 512 * 1024  # bytes; five hundred operations are a fifth of it
AGE = 60 * 24 * 3600  # seconds that a device may go on without having been signed in
KEY = 32  # bytes
TASK, RECEIPTS = "dongkou carried 1", "dongkou receipts 1"
_SALT = "scoring.carrying"


@dataclass(frozen=True)
class Carried:
    """The operations of one account on one sheet, and the key under which it wants its receipts."""

    author: User
    month: str
    village: str
    base: int | None
    ops: list[Mapping[str, Any]]
    reply: bytes


def proof_of(user: User) -> str:
    """By what a device shows later that this account worked on it. It ends with the account's password, and after sixty days."""
    return signing.dumps([user.pk, _mark(user)], salt=_SALT)


def author_of(proof: object) -> User:
    """Whose device it is. Refused when the proof is none, too old, or the account has another password or is closed."""
    try:
        number, mark = signing.loads(str(proof), salt=_SALT, max_age=AGE)
    except signing.SignatureExpired as fault:
        raise _no("这台设备太久没有登录了，文件不收。", "请原来的人登录后自己送。") from fault
    except (signing.BadSignature, TypeError, ValueError) as fault:
        raise _no("这个文件不是台账页面存出来的。", "请原来的人重新存一次。") from fault
    user = get_user_model().objects.select_related("division", "department").filter(pk=number, is_active=True).first()
    if user is None or mark != _mark(user):
        raise _no("登记的人改过密码，或者账号已停用，文件不收。", "请原来的人登录后自己送。")
    return user


def read(data: bytes) -> Carried:
    """What lies in a file. Refused when it is none of ours, damaged, or under a key that is gone."""
    try:
        outside = json.loads(data)
        if outside["dongkou"] != TASK:
            raise ValueError(outside["dongkou"])
        inside = json.loads(open_envelope(int(outside["key"]), outside["point"], outside["sealed"]))
        month, village = str(inside["book"]).split(" ")
        reply, base, ops = b64decode(inside["reply"], validate=True), inside["base"], inside["ops"]
    except (Unreadable, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise _no("这个文件打不开：不是台账页面存出来的，或者损坏了。", "请原来的人重新存一次。") from fault
    sound = len(reply) == KEY and isinstance(ops, list) and all(isinstance(op, dict) for op in ops)
    if not sound or not (base is None or (isinstance(base, int) and 0 <= base < 2**31)):
        raise _no("这个文件打不开：内容不完整。", "请原来的人重新存一次。")
    return Carried(author_of(inside.get("proof")), month, village, base, ops, reply)


def receipts_file(content: Mapping[str, Any], reply: bytes) -> bytes:
    """The answer as a file that only the device opens that asked."""
    sealed = seal_with(reply, json.dumps(content, ensure_ascii=False, default=str).encode(), os.urandom(NONCE))
    return json.dumps({"dongkou": RECEIPTS, "sealed": b64encode(sealed).decode()}).encode()


def _mark(user: User) -> str:
    return user.get_session_auth_hash()[:16]


def _no(reason: str, hint: str) -> Refused:
    return Refused("carried_file", reason, hint=hint, fields={"file": "打不开"})
