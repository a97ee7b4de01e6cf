"""Statements that took long, one line each in the log: as they are written in the program, without any value."""

import time
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

LONGEST_TEXT = 2000
log = structlog.get_logger("dongkou.slow")


def timed(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    """Run it; what took longer than the setting is told, also when it failed."""
    begun = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        milliseconds = round(1000 * (time.perf_counter() - begun))
        if milliseconds >= settings.SLOW_MS:
            log.warning("slow_statement", ms=milliseconds, sql=told(sql, params))


def told(sql: Any, params: Any) -> str:
    """A statement as others may read it. One without parameters may hold values in its text: only its first words are told."""
    text = " ".join(str(sql).split())
    return text[:LONGEST_TEXT] if params else text[:40]


def watch(sender: Any, connection: BaseDatabaseWrapper, **_given: Any) -> None:
    """Every new connection of this process is timed."""
    if settings.SLOW_MS and timed not in connection.execute_wrappers:
        connection.execute_wrappers.append(timed)


def begin() -> None:
    """From now on."""
    connection_created.connect(watch, dispatch_uid="dongkou.slow")
