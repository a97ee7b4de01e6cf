from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.management import call_command

from dongkou import keys, resealing
from dongkou.acting import acting_as
from dongkou.guards import note_keys
from dongkou.servers import ServerTrouble
from dongkou.training import database as training
from households.management.operating import OperatorCommand
from households.refusals import Refused
from households.sealing.suites import Suite


class Command(OperatorCommand):
    help = "用最新的密钥重新加密全部密文，可随时中断，再运行会接着做；--new-key 先生成一把新密钥"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--new-key",
            nargs="?",
            const=Suite.AES.value,
            choices=[suite.value for suite in Suite],
            help="先生成一把新的加密密钥：aes 为 AES-256-GCM 和 SHA-256（不写就是它），sm4 为国密 SM4-GCM 和 SM3",
        )
        parser.add_argument(
            "--new-signing-key", action="store_true", help="更换签名密钥：所有人重新登录，口令和查询码不变"
        )
        parser.add_argument("--retire", action="store_true", help="系统停止时：把不再使用的旧密钥登记为停用")

    def act(self, options: Mapping[str, Any]) -> None:
        if options["new_key"] or options["new_signing_key"]:
            self._renew(options)
        unreadable = self._reseal()
        used = set(resealing.still_used())
        if training.there():
            with training.opened():
                self.stdout.write("练习村：")
                unreadable += self._reseal()
                used |= set(resealing.still_used())
        for row in unreadable[:10]:
            self.stderr.write(f"读不出，没有改动：{row}")
        if unreadable:
            raise SystemExit(1)
        older = set(settings.FIELD_KEYS) - {settings.FIELD_KEYS.newest}
        if options["retire"]:
            self._retire(older - used)
        elif older:
            self.stdout.write(
                f"旧密钥 {sorted(older)} 仍在密钥文件里；重新启动系统并再运行一次以后，可在停机时用 --retire 停用。"
            )
        self.stdout.write(
            "全部密文都用最新的密钥。" if not used else f"还有内容用旧密钥 {sorted(used)}，请再运行一次。"
        )

    def _reseal(self) -> list[str]:
        """In the database that is open; what words of petitions hang on, too."""
        with acting_as("owner"):
            unreadable = resealing.reseal(self.stdout.write)
        call_command("index_petitions", stdout=self.stdout, stderr=self.stderr)
        return unreadable

    def _renew(self, options: Mapping[str, Any]) -> None:
        path = settings.FIELD_KEYS.path
        if path is None:
            raise Refused("keys_elsewhere", "密钥由环境变量给出，请在 DONGKOU_FIELD_KEY 后面加上“,编号:新密钥”再运行。")
        if options["new_signing_key"]:
            keys.new_secret_key(path)
            self.stdout.write("签名密钥已更换，请重新启动系统。")
        if options["new_key"]:
            number = keys.add_field_key(path, Suite(options["new_key"]))
            settings.FIELD_KEYS[number]
            note_keys()
            self.stdout.write(f"新密钥的编号是 {number}，请备份 {path}，然后重新启动系统。")

    def _retire(self, numbers: set[int]) -> None:
        from dongkou.run import only_one  # noqa: PLC0415 (it knows the supervisor)

        try:
            with only_one(settings.LAYOUT):
                resealing.retire(numbers)
        except ServerTrouble as trouble:
            raise Refused("running", str(trouble)) from None
        self.stdout.write(
            f"已停用 {sorted(numbers)}：密钥文件里的这几把可以另存后删去。" if numbers else "没有可停用的旧密钥。"
        )
