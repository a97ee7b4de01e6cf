"""Where copies go, for how long, and for whom their keys are sealed: from the environment."""

from dataclasses import dataclass
from pathlib import Path

from dongkou.environment import env, env_number


@dataclass(frozen=True)
class BackupPlan:
    """`certificate` is whom the keys are sealed for; `then` is run with a new copy's folder as its last word."""

    keep_days: int = 30
    certificate: Path | None = None
    then: str = ""


def backup_settings() -> tuple[Path | None, BackupPlan]:
    """The folder, if one is named, and the rest."""
    keep_days = env_number("DONGKOU_BACKUP_KEEP_DAYS", 30, least=7, most=3650)
    return _path("DONGKOU_BACKUP"), BackupPlan(
        keep_days, _path("DONGKOU_BACKUP_CERTIFICATE"), env("DONGKOU_BACKUP_COMMAND")
    )


def _path(name: str) -> Path | None:
    return Path(env(name)).expanduser().absolute() if env(name) else None
