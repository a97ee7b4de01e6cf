"""What is wrong with an entry, in Python and in the browser's language: the same vectors on both sides."""

import json
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dongkou.layout import BASE_DIR
from households.refusals import Refused
from scoring.models import Clause, Subject
from scoring.sheets.actions.entries import check_day, check_document, check_subject
from scoring.sheets.ops import read_op
from scoring.sheets.receipts import digest_of_op
from script.run_checks import NODE

VECTORS = json.loads(Path(__file__).with_name("entries.json").read_text(encoding="utf-8"))
SHEETS = BASE_DIR / "static/js/scoring/sheets"
CHECK = """
import { faultOf } from "%s";
import { readFileSync } from "node:fs";
const vectors = JSON.parse(readFileSync(0, "utf-8"));
const last = ({ month, today }) => (today < `${month}-31` ? today : `${month}-31`);
process.stdout.write(JSON.stringify(vectors.map((each) => {
  const clause = each.clause ? { document_required: each.document_required } : null;
  const found = faultOf(each.fields, clause, { first: each.first, last: last(each) });
  return found && found[0];
})));
"""
CANONICAL = """
globalThis.window = globalThis;
const { canonical } = await import("%s");
const { createHash } = await import("node:crypto");
const { readFileSync } = await import("node:fs");
const ops = JSON.parse(readFileSync(0, "utf-8"));
process.stdout.write(JSON.stringify(ops.map((op) => createHash("sha256").update(canonical(op)).digest("hex"))));
"""


def in_the_browser(script: str, path: Path, given: object) -> Any:
    done = subprocess.run(
        [NODE, "--input-type=module", "-e", script % path.as_uri()],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def on_the_server(vector: dict[str, Any]) -> str | None:
    """The field at fault, as an operation of the interface is refused."""
    known = Clause(code="WJ02", subject=Subject.HOUSEHOLD, document_required=vector["document_required"])
    try:
        op = read_op(vector["fields"])
        check_subject(known if vector["clause"] else None, op.clause, op.code)
        check_document(known, op.document_no)
        check_day(vector["month"], op.day, date.fromisoformat(vector["today"]))
    except Refused as refusal:
        [field] = refusal.fields
        return field
    return None


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_server_finds_the_fault(vector: dict[str, Any]) -> None:
    assert on_the_server(vector) == vector["fault"]


def test_page_finds_the_same_faults() -> None:
    found = in_the_browser(CHECK, SHEETS / "check.js", VECTORS)
    assert dict(zip([v["name"] for v in VECTORS], found, strict=True)) == {v["name"]: v["fault"] for v in VECTORS}


def test_both_sides_have_one_digest_of_an_operation() -> None:
    ops = [vector["fields"] for vector in VECTORS] + [
        {"type": "withdraw", "event": 12, "again": True, "reason": "“记”\n\u2028\x7f"}
    ]
    path = BASE_DIR / "static/js/offline_receipts.js"
    assert in_the_browser(CANONICAL, path, ops) == [digest_of_op(op) for op in ops]
