from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from households.management.operating import OperatorCommand, add_month
from households.refusals import Refused
from scoring.models import Declaration
from scoring.reviews.draws import draw_of


class Command(OperatorCommand):
    help = "一个村一个月的抽查：种子由什么算出、抽中哪几户（每行一个编号，按抽取次序）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_month(parser)
        parser.add_argument("village", help="村代码，12 位")

    def act(self, options: Mapping[str, Any]) -> None:
        signed = Declaration.objects.filter(
            sheet__period=options["month"], sheet__village=options["village"], withdrawn_at=None
        )
        declaration = signed.select_related("sheet").first()
        if declaration is None:
            raise Refused("not_declared", f"{options['village']} {options['month']} 没有申报，还没有抽查。")
        found = draw_of(declaration)
        self.stderr.write(f"seed = sha256({found.seed_text}) = {found.seed}")
        self.stdout.write("\n".join(found.households))
