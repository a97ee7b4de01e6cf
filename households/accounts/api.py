"""Tokens: sign in with name and password, sign out."""

from django.contrib.auth import user_logged_in
from django.http import HttpResponseBase
from django.views.decorators.debug import sensitive_variables
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from households import attempts
from households.accounts import signing_in
from households.accounts.actions import tokens
from households.accounts.serializers import LoginSerializer, MeSerializer, TokenSerializer
from households.api import errors, sent
from households.confirming.actions import check_code, has_factor
from households.endpoints import caller, endpoint
from households.models import User
from households.permissions import ROLES
from households.refusals import Refused


@extend_schema(
    operation_id="auth_login",
    summary="Get a token",
    auth=[],
    request=LoginSerializer,
    responses={200: TokenSerializer, **errors(400, 401, 403, 429)},
)
@endpoint("POST", public=True)
@sensitive_variables("given")
def login(request: Request) -> HttpResponseBase:
    """A token for `Authorization: Token ...`, good until `expiry`. Five wrong passwords lock the account for a while.

    An account with a second factor gets 401 `second_factor` without `otp`, and 401 `second_factor_wrong` for a wrong one.
    """
    given = sent(LoginSerializer, request)
    user = signing_in.look(request._request, given["username"], given["password"])
    if user is None:
        if attempts.note_failure(signing_in.TRIES, request._request):
            raise attempts.too_many("账号或密码不对。")
        raise Refused("login_failed", "账号或密码不对。", hint="连续错 5 次，账号会锁定一段时间。", status=401)
    token, expiry = tokens.issue(user=user, with_code=_showed_code(user, given.get("otp", "")))
    user_logged_in.send(sender=User, request=request._request, user=user)  # django-axes forgets earlier failures
    return Response({"token": token, "expiry": expiry})


def _showed_code(user: User, typed: str) -> bool:
    """Whether the account's second factor was shown; False for an account without one. Refused (401, 429) otherwise."""
    if not has_factor(user):
        return False
    if not typed:
        hint = "请在 otp 里带上手机上的六位数字，再发一次。"
        raise Refused("second_factor", "这个账号要动态口令。", hint=hint, status=401)
    if not check_code(user=user, typed=typed):
        hint = "每个数字只能用一次，请等下一个。"
        raise Refused("second_factor_wrong", "动态口令不对。", hint=hint, status=401)
    return True


@extend_schema(
    operation_id="auth_logout",
    summary="End the token in use",
    request=None,
    responses={204: OpenApiResponse(description="The token no longer works."), **errors(401, 403)},
)
@endpoint("POST")
def logout(request: Request) -> HttpResponseBase:
    """End the token that made this request; one that came by session cookie signs out on the page instead."""
    if request.auth is None:
        raise Refused("no_token", "这次请求没有使用令牌。", hint="网页登录请在网页上退出。", status=400)
    tokens.end(token=request.auth, by=caller(request))
    return Response(status=204)


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
