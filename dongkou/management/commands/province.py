from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from dongkou.province import published, receiving, summing
from dongkou.province.reads import DEPARTMENT_COLUMNS, department_lines, departments_as_dicts, own_line
from households.codes import Level, is_code
from households.files.exports import csv_text
from households.management.operating import OperatorCommand, add_format, add_month
from scoring.rankings.columns import COLUMNS, as_dicts
from scoring.rankings.rankings import LEVELS, ranking

PROVINCE = "province"


class Command(OperatorCommand):
    """A county's side (`publish`) and a province's node's (all others)."""

    help = "省级节点：县里用 publish 向省里发布；省里用 prepare、receive、leave、links、sum_up 和 ranking、departments"

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
        publishing = acts.add_parser("publish", help="在县里：向省里发布区划和部门的得分（没有任何一户的数据）")
        publishing.add_argument("--role", default=published.ROLE, help=f"省里用的数据库帐号，默认 {published.ROLE}")
        acts.add_parser("prepare", help="把这里的数据库建成省级节点")
        receive = acts.add_parser("receive", help="开始接收一个县")
        receive.add_argument("county", metavar="CODE", type=county_argument, help="县级代码")
        receive.add_argument("url", metavar="URL", help="县里数据库的地址，postgresql://帐号:密码@主机:5432/库名")
        leaving = acts.add_parser("leave", help="不再接收一个县")
        leaving.add_argument("county", metavar="CODE", type=county_argument, help="县级代码")
        leaving.add_argument("--forget", action="store_true", help="已经收到的也清掉")
        linked = acts.add_parser("links", help="各县接收得怎样")
        add_format(linked)
        acts.add_parser("sum_up", help="马上汇总到省（平时每 20 秒自动汇总）")
        ranked = acts.add_parser("ranking", help="一个月的得分：全省一行，或某一级的排名")
        add_month(ranked)
        ranked.add_argument(
            "level",
            metavar="LEVEL",
            nargs="?",
            default="county",
            choices=[PROVINCE, *map(str, LEVELS)],
            help="默认 county",
        )
        add_format(ranked)
        departments = acts.add_parser("departments", help="一个月各县部门的排名")
        add_month(departments)
        add_format(departments)

    def act(self, options: Mapping[str, Any]) -> None:
        getattr(self, options["what"])(options)

    def publish(self, options: Mapping[str, Any]) -> None:
        for sentence in published.publish(options["role"]):
            self.stderr.write(sentence)
        self.stdout.write(f"已向省里发布 {len(published.TABLES)} 张表，省里用帐号 {options['role']}。")

    def prepare(self, _options: Mapping[str, Any]) -> None:
        receiving.prepare()
        self.stdout.write("省级节点的数据库建好了。")

    def receive(self, options: Mapping[str, Any]) -> None:
        receiving.receive(options["county"], options["url"])
        self.stdout.write(f"开始接收 {options['county']}。")

    def leave(self, options: Mapping[str, Any]) -> None:
        receiving.leave(options["county"], forget=options["forget"])
        self.stdout.write(f"不再接收 {options['county']}。")

    def links(self, options: Mapping[str, Any]) -> None:
        receiving.must_be_node()
        columns = ("county", "state", "heard_at")
        found = [
            {
                "county": link.county,
                "state": link.state,
                "heard_at": link.heard_at and timezone.localtime(link.heard_at),
            }
            for link in receiving.links()
        ]
        self._print(columns, [row | {"heard_at": str(row["heard_at"] or "")} for row in found], options)

    def sum_up(self, _options: Mapping[str, Any]) -> None:
        receiving.must_be_node()
        for month in summing.sum_up():
            self.stdout.write(month)

    def ranking(self, options: Mapping[str, Any]) -> None:
        place = receiving.must_be_node()
        if options["level"] == PROVINCE:
            line = own_line(options["month"])
            lines = [line] if line else []
        else:
            lines = ranking(options["month"], Level(options["level"]), within=place)
        self._print(list(COLUMNS), as_dicts(lines), options)

    def departments(self, options: Mapping[str, Any]) -> None:
        receiving.must_be_node()
        self._print(DEPARTMENT_COLUMNS, departments_as_dicts(department_lines(options["month"])), options)

    def _print(self, columns: Sequence[str], rows: Sequence[Mapping[str, Any]], options: Mapping[str, Any]) -> None:
        self.print_rows(columns, rows, text=csv_text(columns, rows), form=options["format"])


def county_argument(text: str) -> str:
    """A county's code of the command line."""
    if not is_code(text, Level.COUNTY):
        raise ArgumentTypeError(f"{text} 不是县级代码，应是 6 位数字，例如 430525")
    return text
