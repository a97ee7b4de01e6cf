import json
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from dongkou.doctor.examining import examine
from dongkou.doctor.findings import exit_code
from households.management.operating import OperatorCommand


class Command(OperatorCommand):
    help = "检查整个安装：一项一行，有问题的说怎么办；有“不行”的以 1 退出"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="打出 JSON，给监控系统读")

    def act(self, options: Mapping[str, Any]) -> None:
        found = list(examine())
        if options["json"]:
            self.stdout.write(json.dumps([one.as_dict for one in found], ensure_ascii=False, indent=1))
        else:
            self.stdout.write("\n".join(one.line for one in found))
        if exit_code(found):
            raise SystemExit(1)
