"""The sample of a village's supervision committee: drawn like the township's, of what the township did not draw. Pure."""

from collections.abc import Collection

from scoring.reviews.rules import DRAWN, digest, drawn

COMMITTEE = "村务监督委员会"


def sample_seed(seed: str) -> str:
    """SHA-256 of ``seed|村务监督委员会``, where `seed` is that of the township's draw."""
    return digest(f"{seed}|{COMMITTEE}")


def sampled(seed: str, households: Collection[str], taken: Collection[str], size: int = DRAWN) -> list[str]:
    """The households that the committee visits, in the order of the draw: none that the township has (`taken`) while others are left."""
    free = set(households) - set(taken)
    first = drawn(sample_seed(seed), free, size)
    return first + drawn(sample_seed(seed), set(households) - free, size - len(first))
