"""Ledgers of a few rows, hashed by hand from docs/ledger.md: what exports and published lists look like, to be tampered with."""

import importlib.machinery
import importlib.util
import json
from copy import deepcopy
from hashlib import sha256
from pathlib import Path
from types import ModuleType

from dongkou.layout import BASE_DIR

PROGRAM = BASE_DIR / "script" / "verify_ledger"
HERE, THERE = "430726201201", "430726201202"
COLUMNS = [
    "chain",
    "seq",
    "owner_kind",
    "owner",
    "kind",
    "month",
    "year",
    "amount",
    "held",
    "owed",
    "source_key",
    "text",
    "at",
    "salt",
]


def program() -> ModuleType:
    """The stand-alone verifier as a module."""
    loader = importlib.machinery.SourceFileLoader("verify_ledger", str(PROGRAM))
    spec = importlib.util.spec_from_loader("verify_ledger", loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def line(row: dict) -> str:
    """The canonical line: fifteen fields, a tab between them, nothing for no year."""
    return "\t".join(["v1", *("" if row[name] is None else str(row[name]) for name in COLUMNS)])


def leaf(row: dict) -> bytes:
    return sha256(b"\0" + line(row).encode()).digest()


def tree(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word by word."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\1" + tree(leaves[:half]) + tree(leaves[half:])).digest()


def rehash(rows: list[dict]) -> None:
    """Hash rows onto each other from the first on, as somebody would who rewrites a chain."""
    before = bytes(32)
    for row in rows:
        before = sha256(before + leaf(row)).digest()
        row["hash"] = before.hex()


class Book:
    """Two villages with a few entries each."""

    def __init__(self, rows: int = 7) -> None:
        self.only = ""
        self.rows = {chain: [entry(chain, seq) for seq in range(1, rows + 1)] for chain in (HERE, THERE)}
        for chain in self.rows.values():
            rehash(chain)
        self.heads = {chain: {"seq": rows, "hash": entries[-1]["hash"]} for chain, entries in self.rows.items()}
        self.accounts = accounts_of([row for entries in self.rows.values() for row in entries])

    def daily(self, day: str = "2026-11-01", size: int = 0) -> dict:
        """The list of a day on which each chain had `size` rows (all by default)."""
        chains = []
        for chain, rows in sorted(self.rows.items()):
            then = rows[: size or len(rows)]
            root = tree([leaf(row) for row in then]).hex()
            chains.append({"chain": chain, "name": "村", "size": len(then), "head": then[-1]["hash"], "root": root})
        lines = [sha256(f"\0{c['chain']}|{c['size']}|{c['head']}|{c['root']}".encode()).digest() for c in chains]
        return {"format": 1, "county": "430726", "day": day, "root": tree(lines).hex(), "chains": chains}

    def records(self) -> list[dict]:
        found = [{"type": "ledger", "format": 1, "made_at": "2026-11-02T00:00:00", "only": self.only}]
        for chain, rows in self.rows.items():
            found += [{"type": "entry"} | row for row in rows]
            found += [{"type": "head", "chain": chain} | self.heads[chain]] if chain in self.heads else []
        return found + [{"type": "account"} | account for account in self.accounts]

    def write(self, folder: Path) -> str:
        path = folder / "export.jsonl"
        path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in self.records()))
        return str(path)


def entry(chain: str, seq: int) -> dict:
    """An entry of one of two households."""
    return {
        "chain": chain,
        "seq": seq,
        "owner_kind": "household",
        "owner": f"{chain}01000{seq % 2 + 1}",
        "kind": "freeze",
        "month": f"2026-{seq % 12 + 1:02d}",
        "year": 2026,
        "amount": 10,
        "held": 0,
        "owed": 0,
        "source_key": f"freeze:{chain}:{seq}",
        "text": f"第{seq}个月考核所得",
        "at": f"2026-10-12T08:00:00.{seq:06d}Z",
        "salt": f"{seq:032x}",
    }


def accounts_of(rows: list[dict]) -> list[dict]:
    found: dict[str, dict] = {}
    for row in rows:
        blank = {"owner_kind": row["owner_kind"], "owner": row["owner"], "balance": 0, "held": 0, "owed": 0}
        account = found.setdefault(row["owner"], blank)
        for column, name in (("amount", "balance"), ("held", "held"), ("owed", "owed")):
            account[name] += row[column]
    return list(found.values())


def write_json(folder: Path, name: str, content: dict) -> str:
    path = folder / name
    path.write_text(json.dumps(content, ensure_ascii=False))
    return str(path)


def copy(book: Book) -> Book:
    return deepcopy(book)
