"""Merkle trees as RFC 6962 (section 2.1) and RFC 9162 (2.1.3) define them: a root for a list, and a proof that a row is in it.

Pure. A proof names hashes only, so whoever checks their own row learns nothing about the others. Hashes are 32 bytes of SHA-256; a
leaf and a node begin with different bytes, so that neither can be passed off as the other.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

LEAF, NODE = b"\x00", b"\x01"
EMPTY = sha256(b"").digest()  # the root of a list with nothing in it


def leaf(data: bytes) -> bytes:
    """The hash of one row."""
    return sha256(LEAF + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees."""
    return sha256(NODE + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, in their order."""
    return root_of_peaks(grow([], 0, leaves))


def grow(peaks: Sequence[bytes], size: int, leaves: Iterable[bytes]) -> list[bytes]:
    """The peaks of a list of `size` rows after `leaves` were added to it.

    Peaks are the roots of the full subtrees that a list falls into, the largest first: as many as `size` has bits set. A
    list that grows needs no more of its past than these.
    """
    grown = list(peaks)
    if len(grown) != size.bit_count():
        raise ValueError(f"{size} rows have {size.bit_count()} peaks, not {len(grown)}")
    for added in leaves:
        top, carry = added, size
        while carry & 1:
            top = node(grown.pop(), top)
            carry >>= 1
        grown.append(top)
        size += 1
    return grown


def root_of_peaks(peaks: Sequence[bytes]) -> bytes:
    """The root that belongs to the peaks of `grow`."""
    if not peaks:
        return EMPTY
    top = peaks[-1]
    for peak in reversed(peaks[:-1]):
        top = node(peak, top)
    return top


class Tree:
    """A list whose rows are to be proved: every full subtree is hashed once, and any number of proofs are read from it."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.size = len(leaves)
        self._levels = [list(leaves)]
        while len(below := self._levels[-1]) > 1:
            pairs = [node(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)]
            # An odd one out moves up as it is: the same tree as the standard's recursion makes.
            self._levels.append(pairs + below[len(below) - 1 :] if len(below) % 2 else pairs)

    @property
    def root(self) -> bytes:
        return self._levels[-1][0] if self.size else EMPTY

    def proof(self, index: int) -> list[bytes]:
        """The hashes beside the way from row `index` (from 0) up to the root, the lowest first. Raises IndexError."""
        if not 0 <= index < self.size:
            raise IndexError(index)
        path = []
        for level in self._levels[:-1]:
            beside = index ^ 1
            if beside < len(level):
                path.append(level[beside])
            index >>= 1
        return path


def root_from_proof(leaf_hash: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a proof leads to (RFC 9162, 2.1.3.2); None when its length does not fit `index` and `size`."""
    if not 0 <= index < size:
        return None
    at, last, top = index, size - 1, leaf_hash
    for beside in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            top = node(beside, top)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            top = node(top, beside)
        at, last = at >> 1, last >> 1
    return top if last == 0 else None


def is_proved(leaf_hash: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """Whether a row stands at `index` of the list of `size` rows whose root is `expected`."""
    return root_from_proof(leaf_hash, index, size, path) == expected
