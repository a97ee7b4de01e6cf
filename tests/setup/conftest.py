"""Fixtures of the set-up tests."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from dongkou import servers
from dongkou.layout import Layout
from tests.setup.folders import BOTH, data_folder


@pytest.fixture
def empty_layout() -> Iterator[Layout]:
    """A data folder of the test's own, with nothing in it."""
    with data_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def _cluster() -> Iterator[Path]:
    """A database made once: initdb is the slow part of a first start."""
    with data_folder() as folder:
        with servers.using(folder, BOTH):
            pass
        yield folder.postgresql


@pytest.fixture
def layout(empty_layout: Layout, _cluster: Path) -> Layout:
    """A data folder of the test's own, with a database that nobody has used."""
    subprocess.run(["cp", "--archive", _cluster, empty_layout.data], check=True)
    return empty_layout
