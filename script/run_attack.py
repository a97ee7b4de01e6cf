"""``script/attack`` inside the virtual environment: attacks an instance on this machine and prints what was tried and what held.

By default an instance of its own with the small demo, which goes afterwards; ``--base`` and ``--accounts`` name another. Every
other address than loopback is refused. Parts that need a database of their own are run as the tests that they are.
"""

import argparse
import importlib
import os
import sys
import tempfile
import time
from pathlib import Path

import django

from tests.attack.loopback import NotHere, loopback

PARTS = ("walk", "writes", "fuzz", "files", "doors", "proxy", "faults", "races", "tampering", "interleavings")


def main(words: list[str]) -> int:
    """Exit code 1 when something came through, 2 when it was not begun."""
    chosen, begun = arguments(words), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="dongkou-attack-") as folder:
        os.environ |= {"DONGKOU_DATA": folder, "DJANGO_SETTINGS_MODULE": "dongkou.settings"}
        django.setup()
        suite = importlib.import_module("tests.attack.suite")
        figures = suite.run(chosen)
    print(f"\nseed {chosen.seed}, {time.monotonic() - begun:.0f} s\n\n{suite.table(figures)}")
    return int(any(figure.through for figure in figures))


def arguments(words: list[str]) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser("script/attack", description=__doc__, allow_abbrev=False)
    parser.add_argument("--seed", type=int, default=1, help="the same seed tries the same")
    parser.add_argument("--seconds", type=float, default=60, help="of each part against the instance")
    parser.add_argument("--parts", default=",".join(PARTS), help=f"of {','.join(PARTS)}")
    parser.add_argument("--requests", type=int, default=10_000, help="of the interleavings")
    parser.add_argument("--base", default="", help="http://127.0.0.1:PORT of an instance that runs already")
    parser.add_argument("--accounts", type=Path, help="its demo-accounts.txt")
    chosen = parser.parse_args(words)
    chosen.parts = [part for part in PARTS if part in chosen.parts.split(",")]
    if chosen.base and not is_here(chosen.base):
        print(f"只攻击本机（127.0.0.1）上的系统，{chosen.base} 不是。", file=sys.stderr)
        sys.exit(2)
    if not chosen.parts or bool(chosen.base) != bool(chosen.accounts):
        parser.error("name known parts, and an instance together with its accounts")
    return chosen


def is_here(base: str) -> bool:
    """Whether the address is this machine's own."""
    try:
        loopback(base)
    except NotHere:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
