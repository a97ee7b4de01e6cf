from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from dongkou.training import database
from dongkou.training.villages import make_village
from households.management.operating import OperatorCommand, place_argument
from households.models import Division
from households.refusals import Refused


class Command(OperatorCommand):
    """A township's training village, made or made anew; the database for it too, where there is none."""

    help = "建一个乡镇的练习村（已有的停用，重新来过）；练习用的数据库没有时一并建好"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("township", metavar="TOWNSHIP", type=place_argument, help="乡镇代码，如 430525103")

    def act(self, options: Mapping[str, Any]) -> None:
        township = Division.objects.filter(code=options["township"]).first()
        if township is None:
            raise Refused("no_such_place", f"没有代码是 {options['township']} 的乡镇。")
        if trouble := database.prepare():
            raise Refused("no_training_database", trouble)
        made = make_village(township=township, by=None)
        self.stdout.write(f"{made.code}")
