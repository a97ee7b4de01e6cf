from collections.abc import Mapping
from typing import Any

from households.management.operating import OperatorCommand
from petitions.search.indexing import index_petitions


class Command(OperatorCommand):
    help = "给还没有检索词的信访件补上检索词；中断后再运行会接着做，每晚也自动进行"

    def act(self, options: Mapping[str, Any]) -> None:
        count = index_petitions(lambda done: self.stderr.write(f"已补 {done} 件……"))
        self.stdout.write(f"补了 {count} 件的检索词" if count else "正常 每件都有检索词")
