from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from households.accounts import slips_paper
from households.accounts.bulk import import_accounts
from households.accounts.slips import AccountSlip
from households.codes import Level
from households.imports.problems import ImportReport, Tell
from households.management.importing import ImportCommand
from households.models import Division
from households.refusals import Refused
from households.scope import Scope


class Command(ImportCommand):
    help = "按文件开账号、更正、停用（change,display_name,phone,role,place,username），新账号的登录单存成 PDF"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--slips", type=Path, metavar="PDF", help="登录单存到哪里；有新账号时必须写")

    def act(self, *, name: str, data: bytes, options: dict[str, Any], tell: Tell) -> ImportReport:
        counties = Division.objects.of_level(Level.COUNTY).values_list("code", flat=True)
        self.papers: list[AccountSlip] = []
        self.target: Path | None = options["slips"]
        try:
            return import_accounts(
                name=name,
                data=data,
                scope=Scope(tuple(counties)),
                hand_out=self._write,
                dry_run=options["dry_run"],
                tell=tell,
            )
        except Refused as refusal:
            self.stderr.write(refusal.sentence)
            raise SystemExit(1) from refusal

    def _write(self, made: Sequence[AccountSlip]) -> None:
        """Before the accounts stand: passwords that nobody can read must not be in force."""
        if self.target is None:
            raise Refused("slips_missing", "有新账号，请用 --slips 写明登录单存到哪里。")
        try:
            self.target.touch(mode=0o600)
            self.target.write_bytes(slips_paper.pdf(made))
        except OSError as trouble:
            raise Refused("slips_unwritable", f"登录单不能存到 {self.target}（{trouble.strerror}）。") from trouble
