"""Looking at a password costs a hundred megabytes and a tenth of a second: so few at once, and one of a kind at a time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.cache import cache

from households.attempts import take
from households.refusals import Refused

PATIENCE = 1.0  # seconds that a look waits for its turn in the process
_LONGEST = 15  # seconds after which a look is over even if its process died
HERE = threading.BoundedSemaphore(settings.HASHES_AT_ONCE)


@contextmanager
def one_look(of: str) -> Iterator[None]:
    """The only look of this name for now. Refused (429) while another goes on, or while the process has its hands full.

    Nobody is shut out by it: whoever is right gets in with the next press of the button. While the cache is away looks wait for
    one another in the process alone.
    """
    key = f"look:{of}"
    if not take(key, _LONGEST):
        raise _busy("上一次还没有核对完。")
    try:
        if not HERE.acquire(timeout=PATIENCE):
            raise _busy("现在登录的人太多。")
        try:
            yield
        finally:
            HERE.release()
    finally:
        cache.delete(key)


def _busy(reason: str) -> Refused:
    return Refused("busy", reason, hint="请过几秒再按一次，填的内容都还在。", status=429)
