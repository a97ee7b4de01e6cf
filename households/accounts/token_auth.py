"""How a request that carries a token is known: by the digest that is kept of it, in one statement."""

import binascii

from django.utils import timezone
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed

from households.models import User


class DigestAuthentication(TokenAuthentication):
    """Knox's tokens, looked up by their digest.

    Knox reads all tokens of the account at every request, to remove those that have expired; here `tokens.issue` does
    that, and one that has expired opens nothing meanwhile.
    """

    def authenticate_credentials(self, token: bytes) -> tuple[User, AuthToken]:
        """Whose token this is, and the token. Raises AuthenticationFailed when nobody's, ended, or of a closed account."""
        try:
            digest = hash_token(token.decode())
        except (UnicodeDecodeError, TypeError, binascii.Error) as fault:
            raise AuthenticationFailed from fault
        found = AuthToken.objects.select_related("user").filter(digest=digest, expiry__gt=timezone.now()).first()
        if found is None or not found.user.is_active:
            raise AuthenticationFailed
        return found.user, found


class DigestTokenScheme(KnoxTokenScheme):  # type: ignore[no-untyped-call]  # drf-spectacular registers subclasses
    """The same words in the OpenAPI document as for Knox's own."""

    target_class = f"{__name__}.{DigestAuthentication.__name__}"
