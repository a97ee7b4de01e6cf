"""The product runs where nothing but its data folder may be written, as in the units and containers of docs/deploy."""

import os
import shlex
from urllib.request import urlopen

import pytest

from dongkou.layout import BASE_DIR
from dongkou.programs import SYSTEM_HOME
from tests.dongkou.serving.hosts import comes_up, health, host
from tests.processes import free_port

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root may make its root read-only")


@pytest.mark.django_db(transaction=True)
def test_web_serves_pages_on_a_read_only_root() -> None:
    port = free_port()
    with host() as one:
        words = [*one.command("web", "--listen", str(port), "--processes", "1")]
        SYSTEM_HOME.mkdir(exist_ok=True)
        script = [f"mount --bind {place} {place}" for place in map(shlex.quote, map(str, (one.folder, SYSTEM_HOME)))]
        script += ["mount -o remount,bind,ro /", f"! touch {shlex.quote(str(BASE_DIR / 'probe'))} 2>&-"]
        one.command = lambda *_: ["unshare", "-m", "sh", "-ec", "; ".join([*script, 'exec "$@"']), "sh", *words]
        one.serve("web")
        comes_up(one, lambda: health(port)[0] in (200, 503))
        with urlopen(f"http://127.0.0.1:{port}/") as front:
            assert "六零" in front.read().decode()
        assert not (BASE_DIR / "probe").exists()
