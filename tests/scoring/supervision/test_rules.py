"""The committee's own sample: worked out again by anybody, beside the township's."""

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from scoring.reviews.rules import drawn
from scoring.supervision.rules import COMMITTEE, sampled

codes = st.lists(st.integers(1, 9999).map(lambda n: f"43072620120101{n:04d}"), max_size=30, unique=True)


@given(st.text(max_size=9), codes, st.integers(0, 6))
def test_sample_is_drawn_by_the_seed_alone(seed: str, pool: list[str], size: int) -> None:
    own = sha256(f"{seed}|{COMMITTEE}".encode()).hexdigest()
    by_hand = sorted(pool, key=lambda code: sha256(f"{own}|{code}".encode()).hexdigest())
    assert sampled(seed, list(reversed(pool)), [], size) == by_hand[:size]


@given(st.text(max_size=9), codes)
def test_sample_spares_what_the_township_drew_while_others_are_left(seed: str, pool: list[str]) -> None:
    taken = drawn(seed, pool)
    sample = sampled(seed, pool, taken)
    assert len(sample) == min(5, len(pool)) == len(set(sample))
    assert len(set(sample) & set(taken)) == max(0, min(5, len(pool)) - len(set(pool) - set(taken)))
