from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from dongkou.growth.reads import COLUMNS, growth
from households.files.exports import csv_file
from households.management.operating import OperatorCommand, add_format


class Command(OperatorCommand):
    help = "各表现在多大，比昨天、每月多多少：最大的在前，整个数据库在最后一行；每天早上自动量一次"

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_format(parser)

    def act(self, options: Mapping[str, Any]) -> None:
        found = growth()
        rows = [one.as_row() for one in (*found.tables, found.whole)]
        self.print_rows(list(COLUMNS), rows, text=csv_file(COLUMNS, rows), form=options["format"])
