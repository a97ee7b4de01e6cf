"""What the import commands have in common: they read a file, call the import and tell the operator what happened."""

import sys
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from households.files.tables import Problem, shorten
from households.imports import cells
from households.imports.problems import ImportReport, Tell

MAX_SHOWN = 200
REFUSED, WRONG_ARGUMENTS = 1, 2
WAIT = 2  # seconds before a bar is worth showing


class ImportCommand(BaseCommand):
    """Exit codes: 0 done (or rehearsed), 1 refused and nothing written, 2 wrong arguments."""

    requires_system_checks = ()  # seconds on every file, and none of them is about the file

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="CSV（UTF-8 或 GB18030）或 xlsx 文件")
        parser.add_argument("--dry-run", action="store_true", help="只演练，不写入")

    def handle(self, *args: Any, **options: Any) -> None:
        name = str(options["file"])
        data = self._read(Path(name))
        with Bar() as bar:
            report = self.act(name=name, data=data, options=options, tell=bar)
        self._show(report)
        if report.refused:
            raise SystemExit(REFUSED)

    def act(self, *, name: str, data: bytes, options: dict[str, Any], tell: Tell) -> ImportReport:
        """Call one import."""
        raise TypeError(f"{type(self).__name__} has no import")

    def _read(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except FileNotFoundError:
            self.stderr.write(f"没有找到文件 {path}。")
        except OSError as trouble:
            self.stderr.write(f"文件 {path} 不能读取（{trouble.strerror}）。")
        raise SystemExit(WRONG_ARGUMENTS)

    def _show(self, report: ImportReport) -> None:
        errors, out = report.errors, self.stderr if report.refused else self.stdout
        self._list(report.name, errors[:MAX_SHOWN])
        if len(errors) > MAX_SHOWN:
            self.stderr.write(f"……另有 {len(errors) - MAX_SHOWN} 处没有列出。")
        self._list(report.name, report.notes)  # all of them: nobody else tells what a file changes
        out.write("\n".join([report.sentence, *report.remarks]))

    def _list(self, name: str, problems: list[Problem]) -> None:
        for problem in problems:
            self.stderr.write(f"{name}:{problem.line} {problem.sentence}", self.style.NOTICE)


def add_accept_changes(parser: ArgumentParser) -> None:
    parser.add_argument("--accept-changes", action="store_true", help="一处地方大多数名字都变了，核对无误，照样导入")


class Bar:
    """A progress bar on a terminal, for whatever takes longer than two seconds."""

    def __enter__(self) -> "Bar":
        form = "{desc} {percentage:3.0f}%|{bar}| {elapsed}"
        hidden = not sys.stderr.isatty()
        self._bar = tqdm(total=100, delay=WAIT, leave=False, disable=hidden, bar_format=form, file=sys.stderr)
        return self

    def __call__(self, doing: str, share: float, /) -> None:
        self._bar.set_description_str(doing, refresh=False)
        self._bar.update(round(share * 100) - self._bar.n)

    def __exit__(self, *exc: object) -> None:
        self._bar.close()


def day_argument(text: str) -> date:
    """A day given on the command line; ArgumentTypeError for anything that is none."""
    try:
        return cells.day(text)
    except cells.CellFault as fault:
        raise ArgumentTypeError(f"{fault}，现在是“{shorten(text)}”") from fault
