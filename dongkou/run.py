"""``script/run``: the whole application under one supervisor. Design section 13 describes it from outside."""

import argparse
import errno
import fcntl
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NoReturn, TextIO

from dongkou import servers
from dongkou.layout import BASE_DIR, Layout
from dongkou.programs import find_runner
from dongkou.reach import surroundings
from dongkou.servers import ServerTrouble
from dongkou.serving import lines
from dongkou.supervisor import Program, Supervisor
from dongkou.watching.folder import begin

READY_SECONDS = 90
NO_PROXY = "没有设置 DONGKOU_TRUSTED_PROXIES：X-Forwarded-For 不予采用，反向代理后面的人都按同一个地址计次。"
TRIES = 4  # deaths of one child before all is ready
PYTHON = [sys.executable, "-P"]


DEMOS = ("small", "county", "none")
LEAST_FREE = 300 * 1024 * 1024  # bytes: an empty database with its log takes some 120 MB


def arguments(words: list[str]) -> argparse.Namespace:
    """The command line, with refusals in the operator's language. Exit code 2 for wrong arguments."""
    parser = Parser(prog="script/run", description="启动整个系统：数据库、网站、定时任务。", add_help=False)
    parser.add_argument("-h", "--help", action="help", help="显示本说明")
    parser.add_argument("--port", default="8000", metavar="N", help="网站端口，默认 8000")
    default = os.environ.get("DONGKOU_DATA") or BASE_DIR / "var"
    parser.add_argument("--data", type=Path, default=Path(default), metavar="DIR", help="数据文件夹，默认 var/")
    parser.add_argument("--demo", default="small", metavar="|".join(DEMOS), help="空库时载入的演示数据，默认 small")
    chosen = parser.parse_args(words)
    if not chosen.port.isdecimal() or not 1 <= int(chosen.port) <= 65535:
        parser.error(f"--port 应在 1 到 65535 之间，现在是“{chosen.port}”")
    if chosen.demo not in DEMOS:
        parser.error(f"--demo 只能是 {'、'.join(DEMOS)}，现在是“{chosen.demo}”")
    chosen.port = int(chosen.port)
    return chosen


class Parser(argparse.ArgumentParser):
    """One sentence instead of a page."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how to get help."""
        print(f"参数有误：{message}（{self.prog} --help 显示说明）。", file=sys.stderr)
        raise SystemExit(2)


def main(words: list[str]) -> int:
    """Run until Ctrl-C or TERM. Exit code 1 and one sentence when something stands in the way."""
    chosen = arguments(words)
    layout = Layout(chosen.data.expanduser().absolute())
    obey_signals()
    try:
        claim_port(chosen.port)
        servers.prepare(layout)
        ask_for_room(layout)
        with only_one(layout), servers.using(layout, servers.needed()) as hold:
            serve(layout, hold, chosen)
    except ServerTrouble as trouble:
        say(str(trouble))
        return 1
    except KeyboardInterrupt:
        pass
    say("已停止。")
    return 0


def obey_signals() -> None:
    """Stop on TERM and INT even where a shell had us started in the background; on HUP unless ``nohup`` was asked for."""
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, _interrupt)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _interrupt)


def _interrupt(_number: int, _frame: Any) -> None:
    raise KeyboardInterrupt


def say(text: str) -> None:
    """One line to standard output, at once. A reader who has gone away stops nothing."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 (for the rest of the run)


def claim_port(port: int, host: str = "127.0.0.1") -> None:
    """ServerTrouble if somebody listens on the port, or we may not."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen()
        except PermissionError:
            raise ServerTrouble(f"没有权限使用端口 {port}，请用 --port 换一个 1024 以上的端口。") from None
        except OSError as trouble:
            if trouble.errno == errno.EADDRNOTAVAIL:
                raise ServerTrouble(f"本机没有 {host} 这个地址，请检查监听地址。") from None
            raise ServerTrouble(f"端口 {port} 已被占用，请用 --port 换一个端口。") from None


def ask_for_room(layout: Layout) -> None:
    """ServerTrouble when the disk is all but full: better now than in the middle of somebody's month."""
    for folder in {layout.data, layout.home}:
        free = shutil.disk_usage(folder).free
        if free < LEAST_FREE:
            megabytes = f"{free >> 20} MB，至少需要 {LEAST_FREE >> 20} MB"
            raise ServerTrouble(f"数据文件夹 {folder} 所在磁盘只剩 {megabytes}，请先腾出空间。")


def only_one(layout: Layout) -> TextIO:
    """A lock that two runs on one data folder would fight over: two beats would do everything twice."""
    handle = servers.lock_file(layout, "run")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        raise ServerTrouble(
            f"数据文件夹 {layout.data} 已有一个 script/run 在运行，请先停止它，或用 --data 另选一个。"
        ) from None
    return handle


def serve(layout: Layout, hold: servers.Use, chosen: argparse.Namespace) -> None:
    """Bring the data up to date, then run the children until a signal."""
    environment = child_environment(layout, chosen.port)
    set_up(environment, chosen.demo)
    if layout.demo_accounts.exists():  # nobody's telephone: what would be sent can be read
        environment.setdefault("DONGKOU_SMS", f"file:{layout.log / 'sms.jsonl'}")
    servers.hand_over(layout, find_runner(layout.postgresql))
    family = children(layout, environment, chosen.port)
    watch = Watch(layout, hold, chosen.port, family)
    Supervisor(family, say, watch.look).run()
    if watch.trouble:
        raise ServerTrouble(watch.trouble)


def child_environment(layout: Layout, port: int) -> dict[str, str]:
    """What every child finds in its environment."""
    given = {**os.environ, "DONGKOU_DATA": str(layout.data), "DJANGO_SETTINGS_MODULE": "dongkou.settings"}
    given |= {"PYTHONPATH": str(BASE_DIR), "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}
    given.setdefault("DONGKOU_PUBLIC_URL", f"http://127.0.0.1:{port}")
    given.setdefault("MALLOC_ARENA_MAX", "2")  # else glibc keeps a heap for each thread, as large as its largest answer
    return given


def set_up(environment: dict[str, str], demo: str) -> None:
    """Migrations, static files and demo data, in a process of its own."""
    command = [*PYTHON, str(BASE_DIR / "manage.py"), "set_up", "--demo", demo]
    process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)
    try:
        code = process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    if code:
        raise ServerTrouble("准备数据没有成功，原因见上。")


def children(layout: Layout, environment: dict[str, str], port: int) -> list[Program]:
    """Web, worker and beat, as the system user whose the servers' data are."""
    runner = find_runner(layout.postgresql)
    around = surroundings(runner)
    python = [around.python, "-P"]
    commands = {
        "web": lines.web(python, lines.ListenAddress(port=port)),
        "worker": lines.worker(python),
        "beat": lines.beat(python),
    }
    environment = {**environment, **around.environment, "DONGKOU_DATA": str(layout.home)}
    counting = {"web": begin(layout.home, runner)}
    own_broker = "1" if servers.needed().valkey else "0"
    return [
        Program(
            name,
            command,
            layout.log / f"{name}.out",
            environment | {"DONGKOU_ROLE": name, "DONGKOU_ONLY_WORKER": own_broker} | counting.get(name, {}),
            # Celery hands unfinished messages back on QUIT; on TERM it would wait for the longest of them.
            signal.SIGQUIT if name == "worker" else signal.SIGTERM,
            around.options,
        )
        for name, command in commands.items()
    ]


class Watch:
    """What the supervisor looks at each second: first whether all is ready, then whether the embedded servers live."""

    def __init__(self, layout: Layout, hold: servers.Use, port: int, family: list[Program]) -> None:
        self.layout, self.hold, self.port, self.family = layout, hold, port, family
        self.need = servers.needed()
        self.deadline = time.monotonic() + READY_SECONDS
        self.ready = False
        self.trouble = ""

    def look(self) -> None:
        """Called once a second."""
        if not self.ready:
            self._look_for_readiness()
        if self.need.any() and servers.keeper_pid(self.layout) is None:
            say("数据库服务意外结束，重新启动。")
            try:
                self.hold.ensure(self.need)
            except ServerTrouble as trouble:
                say(str(trouble))

    def _look_for_readiness(self) -> None:
        answer = health(self.port)
        failing = [child for child in self.family if child.deaths >= TRIES]
        if answer.startswith("200"):
            self.ready = True
            announce(self.layout, self.port)
        elif failing:
            self._give_up(f"{failing[0].name} 一再启动失败，原因见 {failing[0].log}。")
        elif time.monotonic() > self.deadline:
            self._give_up(f"{READY_SECONDS} 秒内没有就绪（{answer}），原因见 {self.layout.log} 中的日志。")

    def _give_up(self, sentence: str) -> None:
        """End as if asked to, and say why."""
        self.trouble = sentence
        os.kill(os.getpid(), signal.SIGTERM)


def health(port: int) -> str:
    """Status and text of /healthz, or why there is none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        connection.request("GET", "/healthz")
        response = connection.getresponse()
        return f"{response.status} {response.read(500).decode('utf-8', 'replace')}"
    except (OSError, http.client.HTTPException) as trouble:
        return str(trouble)
    finally:
        connection.close()


def announce(layout: Layout, port: int) -> None:
    """The line that scripts wait for, what a proxy still lacks, and the demo's sign-ins."""
    say(f"ready: http://127.0.0.1:{port}/")
    if os.environ.get("DONGKOU_HTTPS", "").strip() == "1" and not os.environ.get("DONGKOU_TRUSTED_PROXIES", "").strip():
        say(NO_PROXY)
    try:
        say(layout.demo_accounts.read_text(encoding="utf-8").rstrip())
    except FileNotFoundError:
        pass
    except OSError as trouble:
        say(f"演示账号文件 {layout.demo_accounts} 不能读取（{trouble.strerror}）。")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
