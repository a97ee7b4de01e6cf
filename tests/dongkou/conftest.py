"""Fixtures of tests that start servers of their own."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from dongkou import servers
from dongkou.layout import Layout
from tests.dongkou.setup.folders import BOTH, data_folder
from tests.processes import manage


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


@pytest.fixture(scope="session")
def _ready(_cluster: Path) -> Iterator[Layout]:
    """A data folder brought up to date once: migrations and static files take longer than most tests."""
    with data_folder() as folder:
        subprocess.run(["cp", "--archive", _cluster, folder.data], check=True)
        done = manage("set_up", env={**os.environ, "DONGKOU_DATA": str(folder.data)})
        assert done.returncode == 0, done.stderr
        yield folder


@pytest.fixture
def ready_layout(empty_layout: Layout, _ready: Layout) -> Layout:
    """A data folder of the test's own in which only the servers have to be started."""
    for folder in (_ready.postgresql, _ready.static, _ready.secrets):
        subprocess.run(["cp", "--archive", folder, empty_layout.data], check=True)
    return empty_layout
