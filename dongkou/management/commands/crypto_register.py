from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from dongkou.acting import acting_as
from dongkou.crypto import COLUMNS, register
from households.files.exports import csv_file
from households.management.operating import OperatorCommand, add_format


class Command(OperatorCommand):
    help = "密码应用登记表（商用密码应用安全性评估用）：用在哪里、算法、密钥、怎么换、现有多少数据在哪把密钥下"

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_format(parser)

    def act(self, options: Mapping[str, Any]) -> None:
        with acting_as("owner"):
            rows = [use.as_row() for use in register()]
        self.print_rows(list(COLUMNS), rows, text=csv_file(COLUMNS, rows), form=options["format"])
