"""What the province's node receives: a subscription a county, and how each of them is doing."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg2
from django.conf import settings
from django.db import transaction
from django.db.utils import Error

from dongkou.acting import acting_as
from dongkou.province.published import PUBLICATION, TABLES
from households.codes import Level, code_range, is_code
from households.refusals import Refused
from households.sql import dicts, run

QUIET_SECONDS = 90  # a county's server says something every thirty seconds, even when nothing happens
_PREFIX = "county_"
_OF_CELL = {"households_division": "code", "scoring_divisionscore": "code"}  # the others name the county in `cell`
_CONSTRAINT, _TURNED = "division_code_is_6_9_12_or_14_digits", "division_code_is_also_of_a_province"
# Here, and here only, a province is a place: the two digits that its counties' codes begin with.
_TURN_ROUND = f"""
    ALTER TABLE households_division DROP CONSTRAINT IF EXISTS {_CONSTRAINT};
    ALTER TABLE households_division DROP CONSTRAINT IF EXISTS {_TURNED};
    ALTER TABLE households_division ADD CONSTRAINT {_TURNED}
        CHECK (code ~ '^([0-9]{{2}}|[0-9]{{6}}|[0-9]{{9}}|[0-9]{{12}}|[0-9]{{14}})$');
"""
_OWN_LINE = """
    INSERT INTO households_division (code, name) VALUES (%(code)s, %(name)s)
    ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name
"""
_LINKS = f"""
    SELECT substr(s.subname, {len(_PREFIX) + 1}) AS county, s.subenabled AS enabled, t.pid IS NOT NULL AS connected,
           t.last_msg_receipt_time AS heard_at,
           coalesce(t.last_msg_receipt_time > clock_timestamp() - make_interval(secs => {QUIET_SECONDS}), false) AS heard,
           NOT EXISTS (SELECT FROM pg_subscription_rel r WHERE r.srsubid = s.oid AND r.srsubstate NOT IN ('r', 's')) AS copied
    FROM pg_subscription s
    JOIN pg_database d ON d.oid = s.subdbid AND d.datname = current_database()
    LEFT JOIN pg_stat_subscription t ON t.subid = s.oid AND t.relid IS NULL AND t.worker_type = 'apply'
    WHERE s.subname LIKE '{_PREFIX}%%' ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class CountyLink:
    """How a county's subscription is doing. `heard_at`: when its server last said anything; `copied`: whether what stood
    there before the subscription is here.
    """

    county: str
    enabled: bool
    connected: bool
    heard_at: datetime | None
    heard: bool
    copied: bool

    @property
    def state(self) -> str:
        """In words."""
        if not self.enabled:
            return "已停"
        if not self.connected or not self.heard:
            return "断开"
        return "已连通" if self.copied else "正在取已有的数据"

    @property
    def is_well(self) -> bool:
        """Whether what the county writes arrives here."""
        return self.enabled and self.connected and self.heard


def prepare() -> None:
    """Make this installation's database a province's node. As the owner; harmless when repeated. Raises Refused."""
    must_be_node()
    with acting_as("owner"), transaction.atomic():
        run(_TURN_ROUND)
        run(_OWN_LINE, {"code": settings.PROVINCE, "name": settings.PROVINCE_NAME})


def must_be_node() -> str:
    """The province's code. Raises Refused where none is set."""
    if not settings.PROVINCE:
        raise Refused("no_province", "这里不是省级节点。", hint="省级节点要设环境变量 DONGKOU_PROVINCE，例如 43。")
    return str(settings.PROVINCE)


def links() -> list[CountyLink]:
    """Of every county that the node receives from, in the order of their codes."""
    return [CountyLink(**found) for found in dicts(_LINKS)]


def receive(county: str, url: str) -> None:
    """Receive from a county's server at `url` (a role that may replicate): first all that stands there, then what it writes.

    What was here of the county is forgotten first, so that a node begun anew has the same rows as one that never stopped.
    Raises Refused.
    """
    if not is_code(county, Level.COUNTY) or not county.startswith(must_be_node()):
        raise Refused("not_of_here", f"{county} 不是本省的县级代码。")
    if any(link.county == county for link in links()):
        raise Refused("known", f"已经在接收 {county}。", hint="要重新接收，先用 province leave 停掉。")
    slot = slot_name(county)
    _make_slot(url, slot)
    with acting_as("owner"), _told():
        with transaction.atomic():
            _forget(county)
        # The slot is made beforehand: the statement would wait for itself where both databases stand in one cluster.
        run(
            f"CREATE SUBSCRIPTION {_name(county)} CONNECTION %s PUBLICATION {PUBLICATION}"
            f" WITH (create_slot = false, slot_name = '{slot}')",
            [url],
        )


def leave(county: str, *, forget: bool = False) -> None:
    """Receive no more from a county; `forget` what came from it, too. Its slot goes, where the county can be reached.

    Raises Refused.
    """
    must_be_node()
    if all(link.county != county for link in links()):
        raise Refused("unknown", f"没有在接收 {county}。")
    with acting_as("owner"), _told():
        run(f"ALTER SUBSCRIPTION {_name(county)} DISABLE")
        try:
            run(f"DROP SUBSCRIPTION {_name(county)}")
        except Error:
            run(f"ALTER SUBSCRIPTION {_name(county)} SET (slot_name = NONE)")
            run(f"DROP SUBSCRIPTION {_name(county)}")
        if forget:
            with transaction.atomic():
                _forget(county)


def slot_name(county: str) -> str:
    """What a county's server calls the place up to which this province has received; a server may hold several counties."""
    return f"province_{settings.PROVINCE}_{county}"


def _name(county: str) -> str:
    return f"{_PREFIX}{county}"


def _forget(county: str) -> None:
    for table in TABLES:
        key = _OF_CELL.get(table.name, "cell")
        run(
            f"DELETE FROM {table.name} WHERE {key} >= %(low)s AND {key} < %(high)s",
            code_range(county)._asdict(),
        )


def _make_slot(url: str, slot: str) -> None:
    """A new one at the county's server, in the place of one that nobody reads."""
    try:
        with contextlib.closing(psycopg2.connect(url, connect_timeout=10)) as away, away, away.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_publication WHERE pubname = %s", [PUBLICATION])
            if cursor.fetchone() is None:
                raise Refused(
                    "not_published", "这个县还没有向省里发布。", hint="请县里运行 manage.py province publish。"
                )
            cursor.execute("SELECT active FROM pg_replication_slots WHERE slot_name = %s", [slot])
            known = cursor.fetchone()
            if known and known[0]:
                raise Refused("slot_in_use", "省里已经有一个节点在接收这个县。")
            if known:
                cursor.execute("SELECT pg_drop_replication_slot(%s)", [slot])
            cursor.execute("SELECT pg_create_logical_replication_slot(%s, 'pgoutput')", [slot])
    except psycopg2.Error as fault:
        raise Refused("not_reached", f"连不上这个县的数据库，或者帐号不能复制：{_first_line(fault)}") from fault


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """What the server of this node refuses, as a sentence."""
    try:
        yield
    except Error as fault:
        raise Refused(
            "refused_by_server", f"本机数据库拒绝了：{_first_line(fault)}", hint="见 docs/operations.md 的“省级节点”。"
        ) from fault


def _first_line(fault: Any) -> str:
    return str(fault).strip().splitlines()[0] if str(fault).strip() else type(fault).__name__
