"""Reading which identity at the provider an account has."""

from households.models import OutsideIdentity, User
from households.oidc.provider import Provider


def identity_of(user: User, provider: Provider) -> OutsideIdentity | None:
    """What is bound to the account; `is_current` says whether this provider's sign-ins find it."""
    found = OutsideIdentity.objects.filter(user=user).select_related("by").first()
    if found:
        current = (found.issuer, found.claim) == (provider.issuer, provider.claim)
        found.is_current = current  # type: ignore[attr-defined]
    return found
