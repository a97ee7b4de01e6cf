"""How far a run is, for the page that waits for it: in the cache alone, for the transaction that does it is not to be seen yet."""

import time

from django.core.cache import cache

from households.imports.problems import Tell

KEPT = 600  # seconds
_PAUSE = 0.3  # between two words


def teller(run_id: int) -> Tell:
    """Tells the cache, not too often."""
    last = 0.0

    def tell(doing: str, share: float, /) -> None:
        nonlocal last
        if time.monotonic() - last >= _PAUSE:
            last = time.monotonic()
            cache.set(_key(run_id), [doing, round(100 * min(1.0, share))], KEPT)

    return tell


def said(run_id: int) -> tuple[str, int]:
    """What is being done and how many hundredths are done; nothing and 0 where nobody knows."""
    doing, share = cache.get(_key(run_id)) or ("", 0)
    return str(doing), int(share)


def over(run_id: int) -> None:
    """Nothing is being done any more."""
    cache.delete(_key(run_id))


def _key(run_id: int) -> str:
    return f"import-progress:{run_id}"
