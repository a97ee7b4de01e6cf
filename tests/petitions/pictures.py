"""Pages of petitions looked at in a browser."""

from pathlib import Path

from tests.browsing import faults


def look(page: object, artefacts: Path, name: str, width: int) -> None:
    page.screenshot(path=artefacts / f"petitions-{name}-{width}.jpg", full_page=True)
    assert faults(page) == [], faults(page)
