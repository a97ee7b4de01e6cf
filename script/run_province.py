"""``script/province`` inside the virtual environment: counties and a province on one machine, each on hosts of its own.

Hosts are network namespaces: a database, a worker's and a replica's for every county and for the province's node. Counties are
filled with households made of numbers, their months closed while one's database is killed and another's line cut; what goes over
the lines is overheard. Needs root and iproute2; ends by itself and leaves nothing behind. Exit code 1 when a promise is broken.
"""

import argparse
import importlib
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

import django


def main(words: list[str]) -> int:
    """Exit code 1 when something was not as promised."""
    chosen = arguments(words)
    if os.geteuid() != 0 or shutil.which("ip") is None:
        print("只有 root 能建网络命名空间，还要有 iproute2，请用 root 运行 script/province。", file=sys.stderr)
        return 2
    signal.signal(signal.SIGALRM, _too_long)
    signal.signal(signal.SIGTERM, _too_long)
    signal.alarm(chosen.seconds)
    with tempfile.TemporaryDirectory(prefix="dk-province-", ignore_cleanup_errors=True) as folder:
        os.environ |= {"DONGKOU_DATA": f"{folder}/made", "DJANGO_SETTINGS_MODULE": "dongkou.settings"}
        django.setup()
        run = importlib.import_module("tests.attack.province.run")
        report = run.prove(Path(folder), chosen.counties, chosen.villages, chosen.households)
    print("\n".join(report.wrong) or "every promise holds")
    return int(bool(report.wrong))


def _too_long(_number: int, _frame: Any) -> None:
    raise TimeoutError


def arguments(words: list[str]) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser("script/province", description=__doc__, allow_abbrev=False)
    parser.add_argument("--counties", type=int, default=3, help="2 or more, 3 if not given")
    parser.add_argument("--villages", type=int, default=48, help="of each, 24 or more")
    parser.add_argument("--households", type=int, default=400, help="of each village")
    parser.add_argument("--seconds", type=int, default=3600, help="after which it gives up")
    chosen = parser.parse_args(words)
    if chosen.counties < 2 or chosen.villages < 24 or chosen.households < 16 or chosen.seconds < 60:
        parser.error("two counties at least, of 24 villages with 16 households each, and a minute")
    return chosen


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
