"""Waiting in tests for something that another process does."""

import threading
import time
from collections.abc import Callable

PAUSE = threading.Event()  # never set: for those who look, or ask, again a moment later


def until(question: Callable[[], object], seconds: float = 60.0, pause: float = 0.05) -> None:
    """Return when ``question()`` is true; AssertionError after so many seconds."""
    deadline = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < deadline, f"{question} not true within {seconds} s"
        PAUSE.wait(pause)
