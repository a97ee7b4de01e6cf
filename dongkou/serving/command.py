"""``manage.py serve web|worker|beat``: one of the three on this host, for as long as it runs. `script/run` is all of them.

It looks first whether everything fits, and says in one sentence what does not; then this process becomes the server, so that
whoever started it (systemd, a container) signals the server itself. Embedded servers are held by the lock that it inherits.
"""

import argparse
import contextlib
import os
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError

from dongkou import servers
from dongkou.layout import Layout, data_folder
from dongkou.programs import find_runner
from dongkou.reach import Surroundings, surroundings
from dongkou.run import NO_PROXY, Parser, child_environment, claim_port
from dongkou.schedule import QUEUES
from dongkou.servers import ServerTrouble
from dongkou.serving import lines
from dongkou.watching.folder import begin

DEFAULT = "127.0.0.1:8000"
T = TypeVar("T")
OPEN = "网站在 {} 上不加密地对外监听：只应让反向代理连得到它。"


def main(words: list[str]) -> int:
    """Exit code 1 and one sentence when something stands in the way; otherwise it never returns."""
    chosen = arguments(words)
    layout, need = Layout(data_folder()), servers.needed()
    try:
        runner = servers.prepare(layout)
        if chosen.kind == "web":
            claim_port(chosen.listen.port, chosen.listen.host)
        with servers.using(layout, need) if need.any() else contextlib.nullcontext() as hold:
            look(chosen)
            servers.hand_over(layout, runner)
            around = surroundings(find_runner(layout.postgresql))
            if hold:
                hold.outlive()
            become(around, command(chosen, [around.python, "-P"]), environment_of(chosen, layout, around))
    except (ServerTrouble, ImproperlyConfigured, CommandError) as trouble:
        print(trouble, file=sys.stderr)
        return 1


def environment_of(chosen: argparse.Namespace, layout: Layout, around: Surroundings) -> dict[str, str]:
    """What the server finds. TERM, which systemd and containers send, makes a worker hand its messages back."""
    given = {**child_environment(layout, chosen.listen.port), **around.environment}
    counting = begin(layout.home, find_runner(layout.postgresql)) if chosen.kind == "web" else {}
    return (
        given
        | counting
        | {
            "DONGKOU_DATA": str(layout.home),
            "DONGKOU_ROLE": chosen.kind,
            "DONGKOU_ONLY_WORKER": "1" if chosen.only else "0",
            "REMAP_SIGTERM": "SIGQUIT",
        }
    )


def arguments(words: list[str]) -> argparse.Namespace:
    """The command line. Exit code 2 for wrong arguments."""
    parser = Parser(prog="manage.py serve", description="在本机启动网站、工作进程或定时器中的一个。", add_help=False)
    parser.add_argument("-h", "--help", action="help", help="显示本说明")
    kinds = parser.add_subparsers(dest="kind", metavar="|".join(lines.KINDS), required=True)
    web = kinds.add_parser("web", help="网站", prog=parser.prog)
    web.add_argument("--listen", default=DEFAULT, metavar="地址:端口", help=f"监听地址，默认 {DEFAULT}")
    web.add_argument("--processes", default=str(lines.PROCESSES), metavar="N", help="进程数，默认 2")
    worker = kinds.add_parser("worker", help="工作进程", prog=parser.prog)
    worker.add_argument("--queues", default=",".join(QUEUES), metavar="A,B", help="只办这些队列，默认全部")
    worker.add_argument("--processes", default=str(lines.PROCESSES), metavar="N", help="同时办几件，默认 2")
    worker.add_argument("--name", default="", metavar="名", help="同一台机器上有几个时，各起一个名字")
    worker.add_argument("--only", action="store_true", help="整个系统只有这一个：上一个中断时手里的事马上接着办")
    kinds.add_parser("beat", help="定时器；几台机器上都可以有，只有一个在办", prog=parser.prog)
    unasked = argparse.Namespace(listen=DEFAULT, queues="entry", processes="2", name="", only=False)
    chosen = parser.parse_args(words, unasked)
    chosen.listen = _read(parser, lines.listen_address, chosen.listen)
    chosen.queues = _read(parser, lines.queue_names, chosen.queues)
    if not chosen.processes.isdecimal() or not 1 <= int(chosen.processes) <= 64:
        parser.error(f"--processes 应是 1 到 64 之间的整数，现在是“{chosen.processes}”")
    if chosen.name and not (chosen.name.isascii() and chosen.name.replace("-", "").isalnum()):
        parser.error(f"--name 只能有字母、数字和短横，现在是“{chosen.name}”")
    chosen.processes = int(chosen.processes)
    return chosen


def _read(parser: Parser, read: Callable[[str], T], text: str) -> T:
    try:
        return read(text)
    except ValueError as trouble:
        parser.error(str(trouble))


def look(chosen: argparse.Namespace) -> None:
    """ServerTrouble or ImproperlyConfigured when database, schema, keys or broker do not go with this program."""
    import django  # noqa: PLC0415 (reads the settings)

    django.setup()
    from dongkou.brokers import refuse_unfit_broker  # noqa: PLC0415 (both read settings)
    from dongkou.guards import refuse_unfit, refuse_unmigrated  # noqa: PLC0415
    from dongkou.management.commands.set_up import collect_statics  # noqa: PLC0415

    refuse_unfit()
    refuse_unmigrated()
    refuse_unfit_broker()
    if chosen.kind == "web":
        collect_statics(say)
        if not chosen.listen.loopback:
            say(OPEN.format(chosen.listen))
        if os.environ.get("DONGKOU_HTTPS") == "1" and not os.environ.get("DONGKOU_TRUSTED_PROXIES", "").strip():
            say(NO_PROXY)


def say(text: str) -> None:
    print(text, flush=True)


def command(chosen: argparse.Namespace, python: Sequence[str]) -> list[str]:
    """The command line of what was asked for."""
    if chosen.kind == "web":
        return lines.web(python, chosen.listen, chosen.processes)
    if chosen.kind == "worker":
        return lines.worker(python, chosen.queues, chosen.processes, chosen.name)
    return lines.beat(python)


def become(around: Surroundings, words: list[str], environment: dict[str, str]) -> NoReturn:
    """This process is the server from here on; started as root, as the system user that it runs as."""
    sys.stdout.flush()
    if around.options:
        os.setgroups([])
        os.setgid(around.options["group"])
        os.setuid(around.options["user"])
    os.execve(words[0], words, environment)  # noqa: S606
