"""Who the caller is."""

from django.http import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from households.accounts.serializers import MeSerializer
from households.api import errors
from households.endpoints import caller, endpoint
from households.permissions import ROLES


@extend_schema(operation_id="me", summary="The caller's account", responses={200: MeSerializer, **errors(401, 403)})
@endpoint("GET")
def me(request: Request) -> HttpResponseBase:
    """Role, place and permissions of the account that is calling."""
    user = caller(request)
    place = user.department or user.division
    return Response(
        {
            "username": user.username,
            "display_name": user.display_name,
            "role": user.role,
            "role_name": user.get_role_display(),
            "place": {"code": place.code, "name": place.name} if place else {"code": "", "name": ""},
            "scope": sorted(user.scope.prefixes),
            "permissions": sorted(permission.value for permission in ROLES[user.role]),
        }
    )
