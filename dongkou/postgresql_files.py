"""What the embedded PostgreSQL is told by its own files: memory, log, and who signs in as which role."""

import os
import pwd
import shutil

from dongkou.backup.archiving import archiving
from dongkou.database_roles import ADMINISTRATOR, APPLICATION, BACKUP, OWNER, READER
from dongkou.layout import Layout
from dongkou.programs import Runner

MEGABYTE = 1024 * 1024


def configuration(layout: Layout, runner: Runner) -> dict[str, str]:
    """PostgreSQL's configuration files by name. Written at every start; ``local.conf`` beside them is the operator's."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEGABYTE
    values = {
        "listen_addresses": "''",
        "unix_socket_directories": f"'{layout.sockets}'",
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "shared_buffers": f"{_between(64, memory // 8, 512)}MB",
        "effective_cache_size": f"{_between(256, memory // 2, 8192)}MB",
        "work_mem": f"{_between(8, memory // 256, 48)}MB",
        "maintenance_work_mem": f"{_between(64, memory // 32, 256)}MB",
        "wal_level": "logical",  # a county may publish to its province (ADR 96)
        "max_slot_wal_keep_size": "4GB",  # and one that is away does not fill the disk
        "max_wal_size": "2GB",
        "min_wal_size": "128MB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        "summarize_wal": "on",  # what incremental backups are made by
        **archiving(runner),
        "jit": "off",  # compiling costs more than our short statements take
        "idle_in_transaction_session_timeout": "15min",  # a psql that somebody forgot holds its locks no longer
        "timezone": "'Asia/Shanghai'",
        "log_timezone": "'Asia/Shanghai'",
        "dynamic_shared_memory_type": "posix" if _roomy_shared_memory() else "mmap",
        # Statements and row values hold names and phone numbers: they stay out of the log.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
        "include_if_exists": "'local.conf'",
    }
    starter = pwd.getpwuid(os.geteuid()).pw_name
    mapped = [(starter, role) for role in (ADMINISTRATOR, OWNER, APPLICATION, READER, BACKUP)]
    if runner.switched:  # web, worker and beat: their user becomes neither owner nor administrator
        mapped += [(runner.name, role) for role in (APPLICATION, READER, BACKUP)]
    return {
        "postgresql.conf": "# Written at every start; put your own values into local.conf.\n"
        + "".join(
            f"{key} = {value}\n" if key != "include_if_exists" else f"{key} {value}\n" for key, value in values.items()
        ),
        "pg_hba.conf": "# Written at every start.\nlocal all all peer map=dongkou\n"
        f"local replication {BACKUP} peer map=dongkou\n",
        "pg_ident.conf": "# Written at every start.\n" + "".join(f'dongkou "{name}" {role}\n' for name, role in mapped),
    }


def _between(least: int, wanted: int, most: int) -> int:
    return max(least, min(wanted, most))


def _roomy_shared_memory() -> bool:
    """Containers give /dev/shm 64 MB by default, too little for parallel queries."""
    try:
        return shutil.disk_usage("/dev/shm").free > 256 * MEGABYTE  # noqa: S108
    except OSError:
        return False
