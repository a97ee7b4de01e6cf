from collections.abc import Mapping
from typing import Any

from households.management.operating import OperatorCommand
from households.sms.sending import send_due


class Command(OperatorCommand):
    help = "把等发送的短信交给短信平台；只在工作日的上班时间发，平时每五分钟自动进行"

    def act(self, options: Mapping[str, Any]) -> None:
        found = send_due()
        told = "、".join(f"{name} {number}" for name, number in found.items())
        self.stdout.write(told or "没有要发的短信，或者现在不是上班时间")
