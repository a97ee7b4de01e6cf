from collections.abc import Mapping
from typing import Any

from households.management.operating import OperatorCommand
from households.register.indexing import index_households


class Command(OperatorCommand):
    help = "给新的和改过的户补上检索词；中断后再运行会接着做，平时每半分钟自动进行"

    def act(self, options: Mapping[str, Any]) -> None:
        count = index_households(lambda done: self.stderr.write(f"已补 {done} 户……"))
        self.stdout.write(f"补了 {count} 户的检索词" if count else "正常 每户都有检索词")
