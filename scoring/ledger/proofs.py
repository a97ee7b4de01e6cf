"""A household's proof: that its own rows stand in what was published, without a word about anybody else's.

Each row comes with its salt and the hashes beside its way up to the village's root; that root's line comes with its way up
to the county's. docs/ledger.md describes the file.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from households.codes import county_of
from households.refusals import Refused
from households.sql import column
from scoring.ledger import merkle, roots
from scoring.ledger.export import ENTRY
from scoring.ledger.owners import Owner
from scoring.models import DailyRoot, VillageRoot

FORMAT = 1
_OWN = f"""
    SELECT {ENTRY} FROM scoring_pointentry e JOIN scoring_account a ON a.id = e.account_id
    WHERE a.owner_kind = %(kind)s AND a.owner = %(code)s AND e.seq <= %(size)s ORDER BY e.seq
"""


@dataclass(frozen=True, slots=True)
class Provable:
    """The last published day that speaks of an owner's chain, and how far it reaches."""

    daily: DailyRoot
    line: VillageRoot

    @property
    def day(self) -> date:
        return self.daily.day


def provable(owner: Owner) -> Provable | None:
    """The newest list with the owner's chain in it; None while there is none."""
    daily = DailyRoot.objects.filter(county=county_of(owner.chain)).order_by("-pk").first()
    line = VillageRoot.objects.filter(pk__in=daily.lines, chain=owner.chain).first() if daily else None
    return Provable(daily, line) if daily and line else None


def proof_of(owner: Owner) -> dict[str, Any]:
    """The proof file for a household or division. Raises Refused when nothing is published, or rows and root disagree."""
    found = provable(owner)
    if found is None:
        raise Refused(
            "nothing_published", "还没有公布过积分日榜，现在没有可核对的。", hint="请过一天再来。", status=404
        )
    tree = _tree(found.line)
    lines = roots.lines_of(found.daily)
    index = [line.pk for line in lines].index(found.line.pk)
    own = column(_OWN, {"kind": owner.kind, "code": owner.code, "size": found.line.size})
    return {
        "format": FORMAT,
        "owner": owner.code,
        "county": found.daily.county,
        "day": found.day.isoformat(),
        "root": found.daily.root,
        "lines": len(lines),
        "index": index,
        "path": _hex(merkle.Tree([roots.leaf_of(line) for line in lines]).proof(index)),
        "line": {name: getattr(found.line, name) for name in ("chain", "size", "head", "root")},
        "rows": [row | {"path": _hex(tree.proof(row["seq"] - 1))} for row in own],
    }


def _tree(line: VillageRoot) -> merkle.Tree:
    """The tree over the chain as it was published; what has been tampered with since proves nothing."""
    tree = merkle.Tree([bytes(leaf) for _seq, _hash, leaf in roots.links(line.chain, upto=line.size)])
    if tree.root.hex() != line.root:
        raise Refused(
            "ledger_broken",
            "村里的积分账和公布的根指纹对不上。",
            hint="请告诉村务监督委员会或县六零办。",
            status=409,
        )
    return tree


def _hex(path: list[bytes]) -> list[str]:
    return [step.hex() for step in path]
