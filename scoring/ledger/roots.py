"""The published lists of points: what stands in them and how they are read.

The root of a county's day is the Merkle root over its lines, in the order of the chains; a line is
``chain|size|head|root`` in UTF-8. Names are printed beside the lines and are no part of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import NotRequired, TypedDict

from households.codes import Level, reaches, township_of
from households.models import Department, Division, Linkage
from households.scope import lies_in
from households.sql import Row, rows
from scoring.ledger import merkle
from scoring.ledger.chains import KEPT_LEAF, START
from scoring.models import DailyRoot, LedgerHead, VillageRoot

DEPARTMENT = "department:"
FORMAT = 1
HASH_BYTES = 32

_OWNED = "SELECT e.*, a.owner_kind, a.owner FROM scoring_pointentry e JOIN scoring_account a ON a.id = e.account_id"
_LINKS = f"""
    SELECT e.seq, e.hash, {KEPT_LEAF.format(of="e")} FROM ({_OWNED}) e
    WHERE e.chain = %(chain)s AND e.seq > %(after)s AND e.seq <= %(upto)s ORDER BY e.seq
"""


@dataclass(frozen=True, slots=True)
class ChainLine:
    """One chain of a day's list, with the name it has today."""

    chain: str
    name: str
    above: str
    size: int
    head: str
    root: str


def chains_of(county: str) -> list[str]:
    """The chains of a county that hold points: its own places, and departments that are or were linked to them."""
    linked = Linkage.objects.filter(lies_in(county, "division"))
    departments = {f"{DEPARTMENT}{code}" for code in linked.values_list("department_id", flat=True)}
    heads = LedgerHead.objects.filter(seq__gt=0)
    places = heads.filter(lies_in(county, "chain")).values_list("chain", flat=True)
    return sorted({*places, *heads.filter(chain__in=departments).values_list("chain", flat=True)})


def newest(chains: Iterable[str]) -> list[VillageRoot]:
    """The newest root of each chain that has one, in the order of the chains."""
    found = VillageRoot.objects.filter(chain__in=list(chains)).order_by("chain", "-size").distinct("chain")
    return sorted(found, key=lambda line: line.chain)


def links(chain: str, *, after: int = 0, upto: int) -> list[Row]:
    """(seq, hash, leaf) of the rows of a chain, the leaf worked out from the row as it is now. Rows are counted from 1."""
    return rows(_LINKS, {"chain": chain, "after": after, "upto": upto})


def grown(head: LedgerHead, last: VillageRoot | None, day: date) -> VillageRoot | None:
    """The unsaved root of a chain that moved since `last`; None when its new rows do not lead to the head's hash."""
    size, before = (last.size, bytes.fromhex(last.head)) if last else (0, START)
    leaves = []
    for seq, stored, leaf in links(head.chain, after=size, upto=head.seq):
        before = sha256(before + leaf).digest()
        leaves.append(bytes(leaf))
        if seq != size + len(leaves) or before != bytes(stored):
            return None
    if size + len(leaves) != head.seq or before != bytes(head.hash):
        return None
    peaks = merkle.grow(_peaks(last), size, leaves)
    root = merkle.root_of_peaks(peaks).hex()
    return VillageRoot(chain=head.chain, size=head.seq, head=before.hex(), root=root, peaks=b"".join(peaks), day=day)


def _peaks(last: VillageRoot | None) -> list[bytes]:
    peaks = bytes(last.peaks) if last else b""
    return [peaks[at : at + HASH_BYTES] for at in range(0, len(peaks), HASH_BYTES)]


def leaf_of(line: VillageRoot | ChainLine) -> bytes:
    """The hash of a line of the list."""
    return merkle.leaf(f"{line.chain}|{line.size}|{line.head}|{line.root}".encode())


def root_over(lines: Iterable[VillageRoot | ChainLine]) -> bytes:
    """The county's root over its lines."""
    return merkle.root([leaf_of(line) for line in lines])


def lines_of(daily: DailyRoot) -> list[VillageRoot]:
    """The lines of a day as they were published."""
    found = VillageRoot.objects.in_bulk(daily.lines)
    return [found[pk] for pk in daily.lines]


def named_lines(daily: DailyRoot) -> list[ChainLine]:
    """The lines with names. Three queries."""
    lines = lines_of(daily)
    named = _names([line.chain for line in lines])
    return [
        ChainLine(line.chain, name, above, line.size, line.head, line.root)
        for line, (name, above) in zip(lines, named, strict=True)
    ]


class ListedChain(TypedDict):
    """One line of the list."""

    chain: str
    name: str
    size: int
    head: str
    root: str


class PublishedSeal(TypedDict):
    """The seal that the records of a day lie under (docs/ledger.md)."""

    seal: int
    lines: int
    head: str


class DailyList(TypedDict):
    """A day's list as a file; older ones have no seal."""

    format: int
    county: str
    day: str
    entries: int
    root: str
    chains: list[ListedChain]
    trail: NotRequired[PublishedSeal]


def as_json(daily: DailyRoot, lines: Sequence[ChainLine]) -> DailyList:
    """The list as it is downloaded. docs/ledger.md says how to check it."""
    found: DailyList = {
        "format": FORMAT,
        "county": daily.county,
        "day": daily.day.isoformat(),
        "entries": daily.entries,
        "root": daily.root,
        "chains": [
            {"chain": line.chain, "name": line.name, "size": line.size, "head": line.head, "root": line.root}
            for line in lines
        ],
    }
    if daily.seal is not None and daily.sealed is not None:
        found["trail"] = {"seal": daily.seal, "lines": daily.sealed, "head": daily.sealed_head}
    return found


def daily_of(county: str, day: date) -> DailyRoot | None:
    return DailyRoot.objects.filter(county=county, day=day).first()


def _names(chains: Sequence[str]) -> list[tuple[str, str]]:
    """(name, name of the place above) of each chain, in their order."""
    places = {chain for chain in chains if not chain.startswith(DEPARTMENT)}
    codes = {chain.removeprefix(DEPARTMENT) for chain in chains} - places
    divisions = Division.objects.filter(pk__in=places | {township_of(chain) for chain in places})
    names = dict(divisions.values_list("code", "name"))
    departments = dict(Department.objects.filter(pk__in=codes).values_list("code", "name"))

    def name(chain: str) -> tuple[str, str]:
        if chain not in places:
            return departments.get(chain.removeprefix(DEPARTMENT), chain), "县直部门"
        return names.get(chain, chain), names.get(township_of(chain), "") if reaches(chain, Level.VILLAGE) else ""

    return [name(chain) for chain in chains]
