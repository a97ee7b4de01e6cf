from collections.abc import Mapping
from typing import Any

from households.management.operating import OperatorCommand
from petitions.board_rows import miscounts
from petitions.deadlines import drifts


class Command(OperatorCommand):
    help = "核对信访件的状态、暂停、到期日和统计用的记录与办理经过是否一致；有不符的逐件列出并以 1 退出"

    def act(self, options: Mapping[str, Any]) -> None:
        broken = False
        for drift in drifts():
            broken = True
            names = [name for name in drift.expected if drift.expected[name] != drift.found[name]]
            told = "；".join(f"{_NAMES[name]}应为 {drift.expected[name]}，实为 {drift.found[name]}" for name in names)
            self.stdout.write(f"不符 {drift.number}：{told}")
        for miscount in miscounts():
            broken = True
            self.stdout.write(f"不符 {miscount.number}：统计用的记录与办理经过不同，请运行 recount_petitions")
        if broken:
            raise SystemExit(1)
        self.stdout.write("正常 信访件的状态、到期日和统计记录与办理经过一致")


_NAMES = {"state": "状态", "paused": "暂停", "due_on": "到期日"}
