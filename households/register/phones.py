"""Phone numbers at rest: sealed (`households.sealing`). Show them through `households.masks`."""

from collections.abc import Iterable

from households.masks import mask_phone
from households.sealing.sealing import Unreadable, seal_all, unseal

UNREADABLE = "电话读不出"
PhoneUnreadable = Unreadable  # a stored number that no key here opens


def encrypt(phone: str) -> bytes | None:
    """The stored form of one number; None for an empty one."""
    return encrypt_all((phone,))[0]


def encrypt_all(phones: Iterable[str]) -> list[bytes | None]:
    """The stored forms of many numbers, in order."""
    return seal_all(phone.encode() for phone in phones)


def decrypt(stored: bytes | memoryview | None) -> str:
    """The number behind a stored form; empty text for none. Raises PhoneUnreadable."""
    return "" if stored is None else unseal(stored).decode()


def masked(stored: bytes | memoryview | None) -> str:
    """138****5678, the form in which a number is shown by default; empty text for none, `UNREADABLE` under another key."""
    try:
        return mask_phone(decrypt(stored))
    except PhoneUnreadable:
        return UNREADABLE


def read_kept(stored: bytes | memoryview | None) -> str:
    """The number in full; empty text also for one that no key here opens. For the telephones of staff, who are to be called."""
    try:
        return decrypt(stored)
    except PhoneUnreadable:
        return ""
