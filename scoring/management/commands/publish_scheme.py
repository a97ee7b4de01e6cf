from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from households.management.operating import OperatorCommand
from households.refusals import Refused
from scoring.schemes.actions import publish_scheme, rehearse_scheme
from scoring.schemes.files import SchemeFileError, read


class Command(OperatorCommand):
    help = "发布一版考核细则（TOML 文件，写法同 scoring/schemes/）；发布后不能修改"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="只检查，不发布")

    def act(self, options: Mapping[str, Any]) -> None:
        try:
            draft = read(options["file"])
        except SchemeFileError as trouble:
            raise Refused("scheme_unreadable", str(trouble)) from trouble
        if options["dry_run"]:
            rehearse_scheme(draft)
            self.stdout.write(f"细则 {draft.code} 检查通过，没有发布。")
        else:
            publish_scheme(draft=draft, by=None)
            self.stdout.write(f"细则 {draft.code} 已发布，从 {draft.effective_from} 起适用。")
