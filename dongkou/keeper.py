"""The parent process of the embedded servers: starts them, restarts one that dies, stops them when nobody uses them.

Run as ``python -m dongkou.keeper DATA postgresql valkey``. It writes one line to its standard output: ``ready``, or the
reason why not. ``dongkou.servers`` tells about the locks.
"""

import fcntl
import os
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TextIO

from dongkou.embedded import PostgreSQL, Server, Valkey
from dongkou.layout import Layout
from dongkou.programs import ServerTrouble, find_programs, find_runner
from dongkou.servers import lock_file

STILL_SECONDS = 120  # a start that shows no sign of work for as long is given up; recovery takes as long as it needs
STOP_SECONDS = 30
LOOK_SECONDS = 0.5
LONGEST_PAUSE = 10.0
STOPPING = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
WATCHED = STOPPING | {signal.SIGCHLD}
KINDS: dict[str, type[Server]] = {"postgresql": PostgreSQL, "valkey": Valkey}


class StillFor:
    """How long a start has stood still."""

    def __init__(self, seconds: float = STILL_SECONDS) -> None:
        self.seconds = seconds
        self.seen, self.since = -1, time.monotonic()

    def over(self, progress: int) -> bool:
        """Whether `progress` has been the same for too long."""
        if progress != self.seen:
            self.seen, self.since = progress, time.monotonic()
            return False
        return time.monotonic() - self.since > self.seconds


class Keeper:
    """Looks after the servers until nobody uses them."""

    def __init__(self, layout: Layout, names: list[str]) -> None:
        runner = find_runner(layout.postgresql)
        programs = find_programs(runner)
        self.users = lock_file(layout, "users")
        self.servers = [KINDS[name](layout, programs, runner) for name in names]
        self.pauses = dict.fromkeys(names, 0.2)

    def start(self) -> None:
        """Start all; ServerTrouble with one sentence when one does not come up that nobody can do without."""
        begun = [server for server in self.servers if self._bring(server, server.start)]
        for server in begun:
            self._bring(server, partial(self._await, server))

    def _bring(self, server: Server, step: Callable[[], None]) -> bool:
        """Take one step of its start. What everybody can do without may fail: `watch` goes on trying."""
        try:
            step()
        except (ServerTrouble, OSError) as trouble:
            if not server.disposable:
                raise
            say(f"{server.name}: {trouble}")
            return False
        return True

    def _await(self, server: Server) -> None:
        """Until it answers. One that works is never given up; one whose data are disposable begins anew, once."""
        patience, may_begin_anew = StillFor(), True
        while not server.answers():
            if not server.alive():
                if not may_begin_anew or not server.begin_anew():
                    raise ServerTrouble(explain(server))
                say(f"{server.name} could not read its data, beginning anew")
                may_begin_anew = False
                server.start()
            if patience.over(server.progress()):
                raise ServerTrouble(f"{server.name} {STILL_SECONDS} 秒没有任何进展，日志：{server.log}。")
            time.sleep(0.05)

    def watch(self) -> None:
        """Until nobody holds the users' lock, or a signal asks to stop."""
        while True:
            met = signal.sigtimedwait(WATCHED, LOOK_SECONDS)
            if met and met.si_signo in STOPPING:
                return
            if self._unused():
                return
            for server in self.servers:
                if not server.alive():
                    self._restart(server)

    def _unused(self) -> bool:
        try:
            fcntl.flock(self.users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _restart(self, server: Server) -> None:
        """A server died under us. Each try doubles the pause before the next one."""
        say(f"{server.name} ended, starting it again")
        try:
            if server.begin_anew():
                say(f"{server.name} could not read its data, beginning anew")
            server.start()
        except (ServerTrouble, OSError) as trouble:
            say(f"{server.name}: {trouble}")
        pause = self.pauses[server.name]
        self.pauses[server.name] = min(pause * 2, LONGEST_PAUSE)
        time.sleep(pause)

    def stop(self) -> None:
        """Ask all to stop, wait, and kill what does not."""
        for server in self.servers:
            server.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS
        for server in self.servers:
            while server.alive() and time.monotonic() < deadline:
                time.sleep(0.02)
            if server.process is not None and server.alive():
                server.process.kill()
                server.process.wait()


def explain(server: Server) -> str:
    """One sentence about a server that did not come up."""
    words = server.last_words()
    if "No space left" in words:
        return f"磁盘已满，{server.name} 不能启动，请先腾出空间。"
    return f"{server.name} 没有启动：{words}（日志：{server.log}）"


def say(text: str) -> None:
    print(time.strftime("%Y-%m-%d %H:%M:%S"), text, file=sys.stderr, flush=True)


def announce(word: str) -> None:
    """The one line that the starter waits for; then standard output is closed so that no pipe stays open."""
    print(word.replace("\n", " "), flush=True)
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.close(silence)


def claim(layout: Layout) -> TextIO:
    """The keeper's own lock, with our process id in the file for whoever wants to signal us."""
    handle = lock_file(layout, "keeper")
    fcntl.flock(handle, fcntl.LOCK_EX)
    handle.truncate(0)
    handle.write(str(os.getpid()))
    handle.flush()
    return handle


def main(arguments: list[str]) -> int:
    """Keep the named servers of a data folder. Returns the exit code."""
    data, *names = arguments
    layout = Layout(Path(data))
    signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
    with claim(layout):
        try:
            keeper = Keeper(layout, names)
        except (ServerTrouble, OSError) as trouble:
            announce(str(trouble))
            return 1
        try:
            keeper.start()
            announce("ready")
            keeper.watch()
        except (ServerTrouble, OSError) as trouble:
            announce(str(trouble))
            return 1
        finally:
            keeper.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
