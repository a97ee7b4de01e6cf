"""What every API answer has in common: refusals and faults as {"code", "detail", "fields"}."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from drf_spectacular.utils import OpenApiResponse
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from households.fields import row_id
from households.refusals import Refused

Shape = serializers.Serializer[Any]

_DETAIL = {
    "not_authenticated": "请先登录。",
    "authentication_failed": "登录已失效，请重新登录。",
    "permission_denied": "您的角色不能做这项操作。",
    "not_found": "没有找到，或不在您的管辖范围内。",
    "method_not_allowed": "这个地址不支持这种请求。",
    "parse_error": "提交的内容不是有效的 JSON。",
    "throttled": "操作太频繁，请稍后再试。",
    "invalid": "提交的内容有误，请按提示改正。",
}


MEANING = {
    400: "The request cannot be read.",
    401: "Not signed in, or the token has expired.",
    403: "The caller's role may not do this.",
    404: "There is no such thing, or it lies outside the caller's scope.",
    409: "Someone else was quicker, or the id was used for something else.",
    413: "The request is too large.",
    422: "Refused by the rules; detail says why and what would make it possible.",
    429: "Too many attempts.",
}


class RefusalSerializer(Shape):
    """The shape of every error answer."""

    code = serializers.CharField()
    detail = serializers.CharField()
    fields = serializers.DictField()  # type: ignore[assignment]


def answer_errors(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: any refusal becomes one shape, told in Chinese."""
    if isinstance(exc, Refused):
        return _answer(exc.code, exc.sentence, exc.fields, exc.status)
    if isinstance(exc, RequestDataTooBig):
        return _answer("too_large", "一次提交的内容太大，请分几次提交。", {}, status.HTTP_413_REQUEST_ENTITY_TOO_LARGE)
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    answered = exception_handler(exc, context)
    if answered is None or not isinstance(exc, exceptions.APIException):
        return answered
    fields = answered.data if isinstance(exc, exceptions.ValidationError) else {}
    code = str(exc.default_code)
    response = _answer(code, _DETAIL.get(code, str(exc.detail)), fields, answered.status_code)
    for header in ("WWW-Authenticate", "Retry-After"):
        if answered.has_header(header):
            response[header] = answered[header]
    return response


def _answer(code: str, detail: str, fields: Any, status_code: int = status.HTTP_422_UNPROCESSABLE_ENTITY) -> Response:
    return Response({"code": code, "detail": detail, "fields": fields}, status=status_code)


def asked_id(query: Mapping[str, str], name: str) -> int | None:
    """The id of a row by which a list goes on; None when it begins. Raises Refused."""
    text = query.get(name)
    if text and row_id(text) is None:
        raise Refused("invalid", f"{name} 应是数字。", fields={name: "不是数字"}, status=400)
    return row_id(text or "")


def errors(*statuses: int, meaning: Mapping[int, str] = MEANING) -> dict[int, Any]:
    """Descriptions of these statuses for an operation, all of the one shape."""
    return {status: OpenApiResponse(RefusalSerializer, description=meaning[status]) for status in statuses}
