"""A household's proof: what stands in it, which day it speaks of, and when there is none."""

import pytest

from households.refusals import Refused
from scoring.ledger import door as ledger
from scoring.ledger import merkle, roots
from scoring.ledger.proofs import proof_of, provable
from scoring.ledger.publishing import publish_roots
from tests.days import today, yesterday
from tests.scoring.checks.tampering import tamper
from tests.world import COUNTY, TOWNSHIP, VILLAGE, World

pytestmark = pytest.mark.django_db
HOME = ledger.household(f"{VILLAGE}010001")


def spend(number: int) -> None:
    ledger.spend_now(HOME, 1, key=f"test:{number}", text="换一包盐")


def test_proof_holds_all_that_is_needed_to_check_it(frozen: World) -> None:
    spend(1)
    [daily] = publish_roots().days
    proof = proof_of(HOME)
    line = next(line for line in roots.lines_of(daily) if line.chain == VILLAGE)
    assert {name: proof[name] for name in ("format", "owner", "county", "day", "root", "lines", "index")} == {
        "format": 1,
        "owner": HOME.code,
        "county": COUNTY,
        "day": today().isoformat(),
        "root": daily.root,
        "lines": len(daily.lines),
        "index": daily.lines.index(line.pk),
    }
    assert proof["line"] == {"chain": VILLAGE, "size": line.size, "head": line.head, "root": line.root}
    assert [row["kind"] for row in proof["rows"]] == ["freeze", "spend"]
    assert proof["rows"][-1]["seq"] == line.size


def test_paths_lead_from_the_rows_to_what_was_published(frozen: World) -> None:
    spend(1)
    [daily] = publish_roots().days
    proof, line = proof_of(HOME), provable(HOME).line
    leaves = {seq: bytes(leaf) for seq, _hash, leaf in roots.links(VILLAGE, upto=line.size)}
    for row in proof["rows"]:
        path = [bytes.fromhex(step) for step in row["path"]]
        assert merkle.is_proved(leaves[row["seq"]], row["seq"] - 1, line.size, path, bytes.fromhex(line.root))
    path = [bytes.fromhex(step) for step in proof["path"]]
    root = bytes.fromhex(daily.root)
    assert merkle.is_proved(roots.leaf_of(line), proof["index"], proof["lines"], path, root)


def test_proof_speaks_of_the_newest_list_and_of_nothing_later(frozen: World) -> None:
    publish_roots(day=yesterday())
    spend(1)
    publish_roots()
    spend(2)
    proof = proof_of(HOME)
    assert (proof["day"], provable(HOME).day) == (today().isoformat(), today())
    assert [row["source_key"] for row in proof["rows"]][1:] == ["spend:test:1"]


def test_nothing_can_be_proved_before_it_was_published(frozen: World) -> None:
    for _ in range(2):
        stranger = ledger.household(f"{TOWNSHIP}999010001")
        assert provable(stranger) is None
        with pytest.raises(Refused) as refused:
            proof_of(stranger)
        assert (refused.value.code, refused.value.status) == ("nothing_published", 404)
        publish_roots()


def test_rows_that_were_changed_since_prove_nothing(frozen: World) -> None:
    publish_roots()
    tamper(f"UPDATE scoring_pointentry SET text = '改过' WHERE chain = '{VILLAGE}' AND seq = 1")
    with pytest.raises(Refused) as refused:
        proof_of(HOME)
    assert (refused.value.code, refused.value.status) == ("ledger_broken", 409)
