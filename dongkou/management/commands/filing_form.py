from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dongkou.self_check import filing, paper
from households.files.exports import csv_file, xlsx_bytes
from households.management.operating import OperatorCommand, add_format


class Command(OperatorCommand):
    help = "备案表：等保备案、政务应用程序备案要填的项目，系统知道的先填好，人填的留空"

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_format(parser)
        parser.add_argument("--pdf", type=Path, metavar="FILE", help="另存一份可打印的 PDF")
        parser.add_argument("--xlsx", type=Path, metavar="FILE", help="另存一份表格，接着填")

    def act(self, options: Mapping[str, Any]) -> None:
        lines = list(filing.lines())
        rows = [line.as_row() for line in lines]
        if options["pdf"]:
            options["pdf"].write_bytes(paper.filing_pdf(lines))
        if options["xlsx"]:
            options["xlsx"].write_bytes(xlsx_bytes(filing.COLUMNS, rows, "系统备案表"))
        self.print_rows(list(filing.COLUMNS), rows, text=csv_file(filing.COLUMNS, rows), form=options["format"])
