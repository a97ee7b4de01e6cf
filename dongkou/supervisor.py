"""One parent for web, worker and beat: starts them, restarts one that dies, and ends them all within ten seconds.

Plain Python without Django. Each child leads a session of its own, so that Ctrl-C reaches only the supervisor, and so that what
a dead child leaves behind can be ended as a group. The kernel kills the children when the supervisor itself is killed.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dongkou.children import dies_with_parent, open_log, turn_over

STOP_SECONDS = 5.0  # of the ten that stopping may take: the servers need the rest
LOOK_SECONDS = 1.0
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 30.0  # a child that lived this long is taken to be well again


@dataclass
class Program:
    """One program to keep running."""

    name: str
    command: list[str]
    log: Path
    environment: Mapping[str, str]
    stop_signal: signal.Signals = signal.SIGTERM
    options: Mapping[str, Any] = field(default_factory=dict)  # of ``subprocess``: the user it becomes
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    restart_at: float | None = None
    deaths: int = 0
    pause: float = FIRST_PAUSE

    def start(self) -> None:
        """Begin. What it prints goes to its log: nobody may be reading our own output."""
        self.restart_at, self.started_at = None, time.monotonic()
        turn_over(self.log)
        with open_log(self.log) as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(self.environment),
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGKILL),  # noqa: PLW1509 (the supervisor has one thread)
                **self.options,
            )

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill_group(self) -> None:
        """End the child and whatever it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def plan_restart(self) -> None:
        """Each death soon after the start doubles the pause."""
        self.deaths += 1
        now = time.monotonic()
        steady = now - self.started_at > STEADY_SECONDS
        self.pause = FIRST_PAUSE if steady else min(self.pause * 2, LONGEST_PAUSE)
        self.restart_at = now + self.pause


def stop_signals() -> set[signal.Signals]:
    """The signals that ask to stop, without those that whoever started us wants ignored (``nohup``)."""
    asked = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
    return {one for one in asked if signal.getsignal(one) != signal.SIG_IGN}


@dataclass
class Supervisor:
    """Runs children until a signal asks to stop. ``look`` is called at least once a second."""

    children: list[Program]
    say: Callable[[str], None]
    look: Callable[[], None] = field(default=lambda: None)
    stopping: set[signal.Signals] = field(default_factory=stop_signals)

    def run(self) -> None:
        """Start all, watch, and on a stop signal end all."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, self.stopping | {signal.SIGCHLD})
        try:
            for child in self.children:
                child.start()
            self._watch()
        finally:
            self._stop()
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _watch(self) -> None:
        while True:
            met = signal.sigtimedwait(self.stopping | {signal.SIGCHLD}, LOOK_SECONDS)
            if met is not None and met.si_signo in self.stopping:
                return
            for child in self.children:
                self._look_after(child)
            self.look()

    def _look_after(self, child: Program) -> None:
        if child.alive():
            return
        if child.restart_at is None:
            code = child.process.returncode if child.process else "?"
            child.kill_group()
            child.plan_restart()
            self.say(f"{child.name} 意外结束（{code}），{child.pause:g} 秒后重新启动，日志：{child.log}")
        elif time.monotonic() >= child.restart_at:
            child.start()

    def _stop(self) -> None:
        """Ask all at once, wait together, then kill; a second signal cuts the wait short."""
        for child in self.children:
            if child.process is not None and child.alive():
                child.process.send_signal(child.stop_signal)
        deadline = time.monotonic() + STOP_SECONDS
        while any(child.alive() for child in self.children):
            left = deadline - time.monotonic()
            met = signal.sigtimedwait(self.stopping | {signal.SIGCHLD}, max(0.0, min(left, 0.2)))
            if left <= 0 or (met is not None and met.si_signo in self.stopping):
                break
        for child in self.children:
            child.kill_group()
