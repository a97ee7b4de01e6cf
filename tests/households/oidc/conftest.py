"""The provider of these tests. Django is not there yet when this is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.conf import LazySettings

    from tests.households.oidc.provided import Provided


@pytest.fixture(scope="session")
def _provider() -> Iterator[Provided]:
    from tests.households.oidc.provided import running

    with running() as made:
        yield made


@pytest.fixture
def provider(_provider: Provided, settings: LazySettings) -> Provided:
    """It tells the truth, and nothing is known of it here."""
    from households.oidc import metadata

    _provider.lies()
    _provider.knows()
    metadata.forget()
    settings.OIDC = _provider.settings()
    return _provider
