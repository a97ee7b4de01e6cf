"""``script/chaos SECONDS SEED`` inside the virtual environment: people at work while parts of the system are killed at random.

An instance of its own with the small demo; web, worker, beat, database, broker, host and disk are struck one after the other as the
seed says. Then every acknowledged operation is held against the database. Prints recovery by kind; exit code 1 when anything
was lost, doubled or does not add up. With ``--calm`` nothing is struck: what people wait is told, and whether a process grows.
"""

import argparse
import importlib
import os
import sys

import django

from tests.attack.chaos.strikes import DISK, HALT, HOST, Host
from tests.attack.faults import small_disk

PARTS = ("database", "broker", "keeper of both", "web server", "one web process", "worker", "beat")
SIZE = "3g"  # of the data folder's disk, which lies in memory
KINDS = (*PARTS, HALT, HOST, DISK)


def main(words: list[str]) -> int:
    """Exit code 1 when something does not fit."""
    chosen = arguments(words)
    with small_disk(SIZE) as folder:
        if folder is None:
            print("只有 root 能做一块小磁盘，请用 root 运行 script/chaos。", file=sys.stderr)
            return 2
        host = Host(folder)
        os.environ |= {"DONGKOU_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "dongkou.settings"}
        try:
            host.start()
            django.setup()
            run = importlib.import_module("tests.attack.chaos.run")
            report = (
                run.calm(host, seconds=chosen.seconds, seed=chosen.seed)
                if chosen.calm
                else run.chaos(
                    host, seconds=chosen.seconds, seed=chosen.seed, operations=chosen.operations, kinds=chosen.kinds
                )
            )
        finally:
            host.stop()
    print(f"seed {chosen.seed}: {report.table()}")
    return int(bool(report.wrong))


def arguments(words: list[str]) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser("script/chaos", description=__doc__, allow_abbrev=False)
    parser.add_argument("seconds", type=float, nargs="?", default=300, metavar="SECONDS", help="of work and strikes")
    parser.add_argument("seed", type=int, nargs="?", default=1, metavar="SEED", help="the same seed strikes the same")
    parser.add_argument(
        "--operations", type=int, default=0, help="go on until so many are acknowledged, four times as long at most"
    )
    parser.add_argument("--kinds", default=",".join(KINDS), help=f"of {', '.join(KINDS)}")
    parser.add_argument(
        "--calm", action="store_true", help="strike nothing: what people wait, and whether a process grows by over 5 %%"
    )
    chosen = parser.parse_args(words)
    chosen.kinds = [kind for kind in KINDS if kind in chosen.kinds.split(",")]
    if not chosen.kinds or chosen.seconds <= 0:
        parser.error("name known kinds, and some seconds")
    return chosen


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
