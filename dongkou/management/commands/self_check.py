from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dongkou.self_check import paper, sheet
from households.files.exports import csv_file
from households.management.operating import FORMATS, OperatorCommand


class Command(OperatorCommand):
    help = (
        "自查表：等保 2.0 二级和政务应用程序规范的各项要求，怎么做到、凭证、这套系统上现在看到的；有“不行”的以 1 退出"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=(*FORMATS, "text"), default="text", help="打出的样子，默认 text")
        parser.add_argument("--pdf", type=Path, metavar="FILE", help="另存一份可打印的 PDF")

    def act(self, options: Mapping[str, Any]) -> None:
        found = sheet.rows()
        if options["pdf"]:
            options["pdf"].write_bytes(paper.sheet_pdf(found))
        if options["format"] == "text":
            self.stdout.write("\n".join(sheet.text(found)))
        else:
            rows = [row.as_row() for row in found]
            self.print_rows(list(sheet.COLUMNS), rows, text=csv_file(sheet.COLUMNS, rows), form=options["format"])
        if sheet.has_faults(found):
            raise SystemExit(1)
