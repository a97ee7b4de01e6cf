"""What the same person has filed before that reads alike, told before it is filed again."""

from itertools import pairwise

SIMILAR = 0.45  # share of the shorter title's or text's pairs of signs that the other one has too


def alike(one: str, other: str) -> float:
    """0 to 1: how much of the shorter text's pairs of neighbouring signs stands in the longer one too."""
    pairs = [_pairs(one), _pairs(other)]
    shorter, longer = sorted(pairs, key=len)
    return len(shorter & longer) / len(shorter) if shorter else 0.0


def _pairs(text: str) -> set[str]:
    signs = [sign for sign in text if sign.isalnum()]
    return {a + b for a, b in pairwise(signs)}
