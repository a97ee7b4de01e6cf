"""What the provider publishes about itself, and the keys it signs with: kept in this process for an hour, asked for anew when a token
names a key that is not known.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

from households.oidc import asking
from households.oidc.asking import Away, Denied
from households.oidc.provider import Provider, Told, is_safe

_KEPT = 3600  # seconds
AGAIN = 10  # seconds after which it is asked anew that was away, or that did not know a key
_PATIENCE = 2  # seconds
_PATH = "/.well-known/openid-configuration"
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass
class ProviderMetadata:
    """What is known of one issuer. `at` and the like are seconds of the monotonic clock."""

    config: Told = field(default_factory=dict)
    keys: list[Told] = field(default_factory=list)
    at: float = 0
    keys_at: float = 0
    away_at: float = 0


_known: dict[str, ProviderMetadata] = {}
_lock = Lock()


def forget() -> None:
    """Begin anew, as a fresh process does."""
    _known.clear()


def address(provider: Provider) -> str:
    """Where it says all this."""
    return provider.issuer.rstrip("/") + _PATH


def endpoint(provider: Provider, name: str) -> str:
    """An address of the provider's, e.g. `token_endpoint`; empty where it has none. Raises Away."""
    return str(_published(provider).config.get(name) or "")


def keys(provider: Provider, kid: str | None) -> list[Told]:
    """The public keys that a token which names `kid` may be signed with. Raises Away."""
    found = _published(provider)
    named = _named(found, kid)
    if not named and time.monotonic() - found.keys_at > AGAIN:
        with _one():
            if not _named(found, kid):  # nobody else has fetched them meanwhile
                _renewed(found, lambda: _load_keys(found))
        named = _named(found, kid)
    return named


def _named(found: ProviderMetadata, kid: str | None) -> list[Told]:
    usable = [key for key in found.keys if key.get("use", "sig") == "sig"]
    return [key for key in usable if key.get("kid") == kid] if kid is not None else usable


@contextmanager
def _one() -> Iterator[None]:
    """One thread asks; others wait for it a moment, not as long as a provider that hangs."""
    if not _lock.acquire(timeout=_PATIENCE):
        raise Away("asked already")
    try:
        yield
    finally:
        _lock.release()


def _published(provider: Provider) -> ProviderMetadata:
    with _one():
        found = _known.setdefault(provider.issuer, ProviderMetadata())
        if not found.config or time.monotonic() - found.at > _KEPT:
            _renewed(found, lambda: _load(found, provider))
        return found


def _renewed(found: ProviderMetadata, load: Callable[[], None]) -> None:
    """Who comes while the provider is away is not made to wait for it again."""
    if found.away_at and time.monotonic() - found.away_at < AGAIN:
        raise Away("was away")
    try:
        load()
    except (Away, Denied) as failed:
        found.away_at = time.monotonic()
        raise Away(str(failed)) from None
    found.away_at = 0


def _load(found: ProviderMetadata, provider: Provider) -> None:
    config = asking.get(address(provider))
    if config.get("issuer") != provider.issuer or not all(is_safe(config.get(name)) for name in NEEDED):
        raise Away("metadata of another issuer, or unsafe addresses")
    found.config = config
    _load_keys(found)
    found.at = time.monotonic()


def _load_keys(found: ProviderMetadata) -> None:
    keys = asking.get(found.config["jwks_uri"]).get("keys")
    found.keys = [key for key in keys if isinstance(key, dict)] if isinstance(keys, list) else []
    found.keys_at = time.monotonic()
