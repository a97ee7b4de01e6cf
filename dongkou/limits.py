"""How long a connection to the database may wait, for whom: nobody who forgot a transaction stops the others.

A page that waits for a lock gives its thread back after seconds; a task may take as long as a county's month takes.
"""

from dataclasses import dataclass
from typing import Any

SECOND, MINUTE, HOUR = 1000, 60_000, 3_600_000  # milliseconds


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """Milliseconds: waiting for a lock, one statement, and a transaction in which nothing is asked."""

    lock: int
    statement: int
    idle: int

    def options(self) -> str:
        """As the start of a connection carries them."""
        named = {
            "lock_timeout": self.lock,
            "statement_timeout": self.statement,
            "idle_in_transaction_session_timeout": self.idle,
        }
        return " ".join(f"-c {name}={value}" for name, value in named.items())


PAGES = TimeLimits(lock=5 * SECOND, statement=MINUTE, idle=5 * MINUTE)
TASKS = TimeLimits(lock=MINUTE, statement=40 * MINUTE, idle=10 * MINUTE)  # within a task's own limit (settings)
COMMANDS = TimeLimits(lock=MINUTE, statement=3 * HOUR, idle=30 * MINUTE)  # migrations and restores too
PROBE = TimeLimits(lock=SECOND, statement=SECOND + 500, idle=2 * SECOND)
_OF_ROLE = {"web": PAGES, "worker": TASKS, "beat": TASKS}


def limits_of(role: str) -> TimeLimits:
    """Those of a process by its DONGKOU_ROLE."""
    return _OF_ROLE.get(role, COMMANDS)


# A host that went away without a word is noticed; a Unix socket needs none of it and ignores it.
NETWORK = {"connect_timeout": 5, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}

# Another one can answer what a replica does not: nobody waits for it long.
REPLICA_NETWORK = {"connect_timeout": 2, "keepalives_idle": 3, "keepalives_interval": 1, "keepalives_count": 3}
REPLICA_NETWORK["tcp_user_timeout"] = 3 * SECOND


def connection_options(role: str, given: dict[str, object]) -> dict[str, object]:
    """What psycopg is given for a role; what the address of the database says itself wins."""
    own = str(given.get("options", ""))
    return {**NETWORK, **given, "options": f"{limits_of(role).options()} {own}".strip()}


def probing(parameters: dict[str, Any]) -> dict[str, Any]:
    """The same connection for somebody who only looks whether the database answers, and has no time."""
    quick = {"options": PROBE.options()} if "options" in parameters else {}
    return {**parameters, "connect_timeout": 2, **quick}
