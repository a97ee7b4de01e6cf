"""What somebody had typed when a form was not taken: sealed in the cache for half an hour, for them alone (ADR 29).

The browser holds a number of its own that opens nothing: whoever asks must be signed in as the one who wrote.
"""

import json
import secrets
from dataclasses import asdict, dataclass

from django.core.cache import cache

from households.sealing.sealing import Unreadable, seal, unseal

SECONDS = 30 * 60
MAX_TEXT = 1_000_000  # bytes of text; more was pasted by a program
_KEY = "draft:"


@dataclass(frozen=True, slots=True)
class FormDraft:
    """`owner` is `account:17`, `household:33` or another short session; `page` is where the form stood, `action` where it was
    sent, `faults` what was wrong with single fields. `led`: its writer was led back to the page already.
    """

    owner: str
    page: str
    action: str
    fields: dict[str, list[str]]
    files: list[str]
    faults: dict[str, str]
    led: bool = False


def keep(draft: FormDraft) -> str:
    """Seal a draft; returns its number, empty when there is too much of it, or nowhere to keep it at the moment."""
    plain = json.dumps(asdict(draft)).encode()
    number = secrets.token_urlsafe(16)
    return _store(number, plain) if len(plain) <= MAX_TEXT else ""


def find(number: str) -> FormDraft | None:
    """The draft with this number; None once it is gone, or lies under another key."""
    sealed = cache.get(_KEY + number)
    if not isinstance(sealed, bytes):
        return None
    try:
        plain = unseal(sealed, bound_to=number.encode())
    except Unreadable:
        return None
    return FormDraft(**json.loads(plain))


def note_led(number: str, draft: FormDraft) -> None:
    """Its writer was led back to the page."""
    _store(number, json.dumps(asdict(draft) | {"led": True}).encode())


def drop(number: str) -> None:
    """Forget it: it stands in its page again, or its writer has left."""
    cache.delete(_KEY + number)


def _store(number: str, plain: bytes) -> str:
    sealed = seal(plain, bound_to=number.encode())
    cache.set(_KEY + number, sealed, SECONDS)
    return number if cache.get(_KEY + number) == sealed else ""
