"""``script/keep_release VERSION``: a small data folder of this release, and what it says, for the tests of all later ones.

The demo with two households in most villages, made by the release's own program; its database as ``pg_dump`` writes it, the keys, and
the answers of its own commands: rankings, the departments', the ledger. ``--program`` names another checkout of an older release.
"""

import argparse
import gzip
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RELEASES = ROOT / "tests" / "releases"
LOAD = """
import django
from dongkou import servers
from dongkou.layout import Layout, data_folder
with servers.using(Layout(data_folder()), servers.needed()):
    django.setup()
    from django.core.management import call_command
    from scoring.demo import register
    register.small_sizes = lambda villages, shown, rng: {code: shown.get(code, 2) for code in villages}
    call_command("load_demo")
"""
DUMP = """
import subprocess, sys
from dongkou import servers
from dongkou.database_roles import ADMINISTRATOR, DATABASE
from dongkou.layout import Layout, data_folder
from dongkou.programs import find_programs, find_runner
layout = Layout(data_folder())
with servers.using(layout, servers.needed()):
    tool = str(find_programs(find_runner(layout.postgresql)).postgresql / "pg_dump")
    where = [f"--host={layout.sockets}", f"--username={ADMINISTRATOR}", f"--dbname={DATABASE}"]
    how = ["--format=custom", "--compress=9", "--no-owner", "--no-privileges", f"--file={sys.argv[1]}"]
    subprocess.run([tool, *where, *how], check=True)
"""
TELL = """
import io, json, sys, tempfile
from pathlib import Path
import django
from dongkou import servers
from dongkou.layout import Layout, data_folder
def said(*words):
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()
with servers.using(Layout(data_folder()), servers.needed()):
    django.setup()
    from django.core.management import call_command
    from scoring.models import Period
    said("verify")
    told = {}
    for month in Period.objects.order_by("month").values_list("month", flat=True):
        for level in ("county", "township", "village", "group"):
            told[f"rankings {month} {level}"] = said("rankings", month, level)
        told[f"department_rankings {month}"] = said("department_rankings", month)
    with tempfile.TemporaryDirectory() as folder:
        ledger = Path(folder) / "ledger"
        said("export_ledger", str(ledger))
        told["export_ledger"] = ledger.read_text(encoding="utf-8").partition("\\n")[2]  # the first line tells when
    json.dump(told, sys.stdout)
"""


def main(words: list[str]) -> int:
    """Writes three files below tests/releases/VERSION."""
    parser = argparse.ArgumentParser("script/keep_release", description=__doc__, allow_abbrev=False)
    parser.add_argument("version", metavar="VERSION")
    parser.add_argument("--program", type=Path, default=ROOT, metavar="DIR", help="a checkout of an older release")
    chosen = parser.parse_args(words)
    data = Path(tempfile.mkdtemp(prefix="dk-release-"))
    data.chmod(0o711)  # as root the servers have a user of their own, who must pass through
    try:
        Keeper(chosen.program.resolve(), data).keep(RELEASES / chosen.version)
    finally:
        shutil.rmtree(data, ignore_errors=True)
    return 0


class Keeper:
    """One release's program, and a data folder of its own."""

    def __init__(self, program: Path, data: Path) -> None:
        self.program, self.data = program, data
        self.environment = {**os.environ, "DONGKOU_DATA": str(data), "DJANGO_SETTINGS_MODULE": "dongkou.settings"}
        self.environment["PYTHONPATH"] = str(program)

    def run(self, *words: str) -> str:
        """What Python says on standard output."""
        command = [sys.executable, *words]
        done = subprocess.run(
            command, cwd=self.program, env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(f"{words}: {done.stdout}{done.stderr}")
        return done.stdout

    def keep(self, folder: Path) -> None:
        """Make it, and write down what it is and says."""
        self.run("manage.py", "migrate", "--verbosity", "0")
        self.run("-c", LOAD)
        told = self.run("-c", TELL)
        folder.mkdir(parents=True)
        packed = gzip.compress(told.encode(), mtime=0)
        (folder / "told.json.gz").write_bytes(packed)
        self.run("-c", DUMP, str(folder / "database.dump"))
        shutil.copyfile(self.data / "secrets.json", folder / "keys.json")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
