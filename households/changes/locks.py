"""One hand at a village's register: whoever changes it, or signs for the households on it, waits for whoever does."""

from collections.abc import Iterable

from households.sql import run


def hold(villages: Iterable[str]) -> None:
    """Hold the registers of these villages until the transaction ends, in the order of their codes. Sheets are locked before."""
    for village in sorted(set(villages)):
        run("SELECT pg_advisory_xact_lock(hashtextextended(%(key)s, 0))", {"key": f"register {village}"})
