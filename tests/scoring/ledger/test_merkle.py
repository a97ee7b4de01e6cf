"""Merkle trees: the vectors of certificate transparency, the standard's own recursion as oracle, and proofs that cannot be bent."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.ledger import merkle

# The eight inputs and roots that the reference implementation of RFC 6962 is tested with.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [merkle.leaf(bytes.fromhex(text)) for text in INPUTS]

lists = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=70)


def by_the_book(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word by word: split at the largest power of two below the number of rows."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + by_the_book(leaves[:split]) + by_the_book(leaves[split:])).digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_root_is_that_of_the_reference_vectors(size: int) -> None:
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert merkle.root([]) == merkle.Tree([]).root == sha256(b"").digest()


def test_path_of_the_reference_vectors() -> None:
    # Proof of the first row in a list of eight, as the reference implementation gives it.
    assert [step.hex()[:16] for step in merkle.Tree(LEAVES).proof(0)] == [
        "96a296d224f285c6",
        "5f083f0a1a33ca07",
        "6b47aaf29ee3c2af",
    ]


@given(lists)
def test_root_is_that_of_the_recursion(leaves: list[bytes]) -> None:
    assert merkle.root(leaves) == merkle.Tree(leaves).root == by_the_book(leaves)


@given(lists, st.integers(0, 70))
def test_list_may_grow_in_steps(leaves: list[bytes], cut: int) -> None:
    first = merkle.grow([], 0, leaves[:cut])
    assert merkle.grow(first, len(leaves[:cut]), leaves[cut:]) == merkle.grow([], 0, leaves)


def test_peaks_that_do_not_fit_the_size_are_refused() -> None:
    with pytest.raises(ValueError, match="3 rows have 2 peaks"):
        merkle.grow(LEAVES[:1], 3, LEAVES)


@given(lists)
def test_every_row_can_be_proved(leaves: list[bytes]) -> None:
    tree = merkle.Tree(leaves)
    proved = [merkle.is_proved(row, at, tree.size, tree.proof(at), tree.root) for at, row in enumerate(leaves)]
    assert all(proved)


@given(lists, st.data())
def test_changed_row_is_not_proved(leaves: list[bytes], data: st.DataObject) -> None:
    tree, at = merkle.Tree(leaves), data.draw(st.integers(0, len(leaves) - 1))
    other = merkle.leaf(leaves[at])
    assert not merkle.is_proved(other, at, tree.size, tree.proof(at), tree.root)


@given(lists, st.data())
def test_proof_holds_for_its_own_place_only(leaves: list[bytes], data: st.DataObject) -> None:
    tree, at = merkle.Tree(leaves), data.draw(st.integers(0, len(leaves) - 1))
    elsewhere = data.draw(st.integers(0, len(leaves) + 3))
    # Equal rows at both places make both proofs true; this is about rows that differ.
    if elsewhere < len(leaves) and leaves[elsewhere] != leaves[at]:
        assert not merkle.is_proved(leaves[at], elsewhere, tree.size, tree.proof(elsewhere), tree.root)


@given(lists, st.data())
def test_any_bent_step_breaks_the_proof(leaves: list[bytes], data: st.DataObject) -> None:
    tree, at = merkle.Tree(leaves), data.draw(st.integers(0, len(leaves) - 1))
    path = tree.proof(at)
    if path:
        bent = data.draw(st.integers(0, len(path) - 1))
        path[bent] = bytes([path[bent][0] ^ 1]) + path[bent][1:]
        assert not merkle.is_proved(leaves[at], at, tree.size, path, tree.root)


@pytest.mark.parametrize("change", ["longer", "shorter", "beyond", "negative", "nothing"])
def test_proof_of_the_wrong_shape_leads_nowhere(change: str) -> None:
    path, index, size = merkle.Tree(LEAVES).proof(2), 2, 8
    path = {"longer": [*path, LEAVES[0]], "shorter": path[:-1]}.get(change, path)
    index = {"beyond": 8, "negative": -1}.get(change, index)
    size = 0 if change == "nothing" else size
    assert merkle.root_from_proof(LEAVES[2], index, size, path) is None


@pytest.mark.parametrize("index", [-1, 8])
def test_row_that_is_not_there_has_no_proof(index: int) -> None:
    with pytest.raises(IndexError):
        merkle.Tree(LEAVES).proof(index)


def test_leaf_and_node_cannot_stand_for_each_other() -> None:
    left, right = LEAVES[:2]
    assert merkle.leaf(left + right) != merkle.node(left, right)


@given(st.integers(1, 300))
def test_path_is_no_longer_than_the_tree_is_high(size: int) -> None:
    tree = merkle.Tree([LEAVES[0]] * size)
    assert len(tree.proof(size - 1)) <= (size - 1).bit_length() == len(tree.proof(0))
