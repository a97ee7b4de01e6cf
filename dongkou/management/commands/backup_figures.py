import json
from collections.abc import Mapping
from typing import Any

from dongkou.backup.figures import figures
from households.management.operating import OperatorCommand


class Command(OperatorCommand):
    help = "数据库的行数、存档指纹、锁定月份的总分和最新的日榜（JSON），用来比对备份"

    def act(self, options: Mapping[str, Any]) -> None:
        self.stdout.write(json.dumps(figures(), ensure_ascii=False, indent=1))
