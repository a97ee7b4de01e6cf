from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from households.accounts.actions.accounts import create_user
from households.accounts.passwords import one_time_password
from households.codes import CodeError, parse
from households.management.operating import OperatorCommand
from households.models import Department, Division
from households.opening.actions import address_for
from households.refusals import Refused
from households.roles import Role
from households.words import telephones


class Command(OperatorCommand):
    help = "开一个账号（新系统的第一个系统管理员就这样开），打印一次性密码，首次登录须修改"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", metavar="USERNAME", help="账号")
        parser.add_argument("--name", required=True, help="姓名")
        parser.add_argument("--role", required=True, choices=[role.value for role in Role], help="角色")
        parser.add_argument("--phone", default="", help="电话，催办时用")
        parser.add_argument("--place", metavar="CODE", required=True, help="区划代码，县直部门写部门代码")

    def act(self, options: Mapping[str, Any]) -> None:
        password = one_time_password()
        user = create_user(
            username=options["username"],
            display_name=options["name"],
            role=options["role"],
            place=_place(options["place"], options["role"]),
            phone=_phone(options["phone"]),
            password=password,
            by=None,
        )
        self.stdout.write(
            f"已开账号 {user.username}（{user.get_role_display()}，{user.place_name}）。一次性密码：{password}"
        )
        self.stdout.write(f"或者由本人打开这个地址设密码（只能用一次）：{address_for(user=user)}")


def _phone(text: str) -> str:
    try:
        return telephones.read(text)
    except telephones.TelephoneFault as fault:
        raise Refused("phone_unreadable", f"{fault}。") from fault


def _place(text: str, role: str) -> Division | Department:
    if role == Role.DEPARTMENT:
        found: Division | Department | None = Department.objects.filter(code=text).first()
    else:
        try:
            found = Division.objects.filter(code=parse(text)).first()
        except CodeError as trouble:
            raise Refused("place_unreadable", f"{trouble}。") from trouble
    if found is None:
        raise Refused("place_unknown", f"没有代码为 {text} 的单位。", hint="请先导入区划或部门。")
    return found
