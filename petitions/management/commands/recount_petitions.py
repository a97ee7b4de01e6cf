from collections.abc import Mapping
from typing import Any

from households.management.operating import OperatorCommand
from petitions.tallies.rows import recount


class Command(OperatorCommand):
    help = "按办理经过重新统计全部信访件的时限和答复，供信访统计使用；修改时限设置以后要做一次"

    def act(self, options: Mapping[str, Any]) -> None:
        self.stdout.write(f"重新统计了 {recount()} 件")
