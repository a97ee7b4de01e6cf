from argparse import ArgumentParser
from typing import Any

from households.imports.departments import import_departments
from households.imports.problems import ImportReport, Tell
from households.management.importing import ImportCommand, add_accept_changes


class Command(ImportCommand):
    help = "导入县直部门（code,name）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        add_accept_changes(parser)

    def act(self, *, name: str, data: bytes, options: dict[str, Any], tell: Tell) -> ImportReport:
        given = {"dry_run": options["dry_run"], "accept_changes": options["accept_changes"]}
        return import_departments(name=name, data=data, tell=tell, **given)
