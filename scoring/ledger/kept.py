"""Lists of roots that somebody kept outside, held against the database: what was published cannot be taken back there.

A chain that was hashed anew, a list that was replaced or deleted, a seal that was made again: all of them fit into themselves,
none fits a list that was downloaded before.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from households.house.checks import Checked
from households.models import TrailSeal
from households.sql import rows
from scoring.ledger import merkle
from scoring.models import DailyRoot

_FORMAT = 1
_HEADS = """
    SELECT w.chain, w.size, encode(e.hash, 'hex')
    FROM json_to_recordset(%(lines)s) AS w (chain text, size bigint)
    LEFT JOIN scoring_pointentry e ON e.chain = w.chain AND e.seq = w.size
"""


class KeptUnreadable(Exception):
    """A file that is no published list; the text is one sentence for the operator."""


def read(path: Path) -> dict[str, Any]:
    """A list as it was downloaded. Raises KeptUnreadable."""
    try:
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        known = kept["format"] == _FORMAT and all(isinstance(kept[name], str) for name in ("county", "day", "root"))
        _root_of(kept)
    except (OSError, KeyError, TypeError, ValueError) as trouble:
        raise KeptUnreadable(f"{path} 不是积分日榜（JSON）：{trouble}") from trouble
    if not known:
        raise KeptUnreadable(f"{path} 不是积分日榜（JSON），或者格式不是 {_FORMAT}。")
    return kept


def checked(lists: Iterable[dict[str, Any]]) -> Iterator[Checked]:
    """One line a list: whether the database still holds what it says."""
    for kept in lists:
        wrong = list(_faults(kept))
        what = f"{kept['county']} {kept['day']} 保存在外面的积分日榜"
        yield Checked(f"不符 {what}：{'；'.join(wrong[:3])}" if wrong else f"正常 {what}", holds=not wrong)


def _faults(kept: dict[str, Any]) -> Iterator[str]:
    if _root_of(kept) != kept["root"]:
        yield "文件自己对不上，各行算不出它的根"
        return
    stored = DailyRoot.objects.filter(county=kept["county"], day=kept["day"]).first()
    if stored is None:
        yield "数据库里这一天的日榜不见了"
    elif stored.root != kept["root"]:
        yield "数据库里这一天的日榜被换过"
    yield from _chain_faults(kept["chains"])
    yield from _trail_faults(kept.get("trail"))


def _root_of(kept: dict[str, Any]) -> str:
    lines = [f"{line['chain']}|{line['size']}|{line['head']}|{line['root']}" for line in kept["chains"]]
    return merkle.root([merkle.leaf(line.encode()) for line in lines]).hex()


def _chain_faults(chains: list[dict[str, Any]]) -> Iterator[str]:
    """The row that was the last of its chain then has the hash that it had then."""
    told = {(line["chain"], line["size"]): line["head"] for line in chains}
    lines = json.dumps([{"chain": chain, "size": size} for chain, size in told])
    for chain, size, head in rows(_HEADS, {"lines": lines}):
        if head is None:
            yield f"链 {chain} 那天有 {size} 行，现在第 {size} 行不见了"
        elif head != told[chain, size]:
            yield f"链 {chain} 前 {size} 行的指纹和那天的不一样"


def _trail_faults(trail: dict[str, Any] | None) -> Iterator[str]:
    if trail is None:  # a list of before there was a trail
        return
    seal = TrailSeal.objects.filter(number=trail["seal"]).first()
    if seal is None:
        yield f"第 {trail['seal']} 号留痕封条不见了"
    elif (seal.size, seal.head) != (trail["lines"], trail["head"]):
        yield f"第 {trail['seal']} 号留痕封条被换过"
