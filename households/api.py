"""What the interface has in common: reading what was sent and asked, refusals and faults as {"code", "detail", "fields"}."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from drf_spectacular.utils import OpenApiResponse
from rest_framework import exceptions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler

from households.fields import row_id
from households.refusals import Refused

Shape = serializers.Serializer[Any]
PAGE = 100  # rows of one answer
_NAMED, _LONGEST_NAME = 10, 30  # of the names that are not known, how many are told, and how many signs of each
WRITING = (400, 401, 403, 404, 409, 413, 422)  # what may go wrong with whatever is written

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


# No docstring: the document would give it to every shape made of this one.
class OnceSerializer(Shape):
    op_id = serializers.UUIDField(help_text="Made by the client; the same id is answered the same again.")


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


def errors(*statuses: int, meaning: Mapping[int, str] = MEANING) -> dict[int, Any]:
    """Descriptions of these statuses for an operation, all of the one shape."""
    return {status: OpenApiResponse(RefusalSerializer, description=meaning[status]) for status in statuses}


@sensitive_variables()  # bodies hold PINs, passwords and what people write
def sent(shape: type[Shape], request: Request) -> dict[str, Any]:
    """The body of a request as `shape` reads it. Raises ValidationError (400)."""
    body = shape(data=request.data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


@sensitive_variables()
def sent_only(shape: type[Shape], request: Request) -> dict[str, Any]:
    """As `sent`; what the shape does not know is refused by name (422) and not dropped in silence. Null says nothing."""
    given, known = sent(shape, request), shape().fields
    body = request.data if isinstance(request.data, dict) else {}
    if unknown := [name for name, value in body.items() if name not in known and value is not None]:
        names = "、".join(name[:_LONGEST_NAME] for name in unknown[:_NAMED])
        raise Refused("not_taken", f"这里不能写：{names}。", fields=dict.fromkeys(unknown[:_NAMED], "这里不用写"))
    return given


@contextmanager
def fields_as_sent(names: Mapping[str, str]) -> Iterator[None]:
    """A refusal in this block names its fields as the interface calls them: `names` by those of the program."""
    try:
        yield
    except Refused as refusal:
        refusal.fields = {names.get(name, name): fault for name, fault in refusal.fields.items()}
        raise


def asked_number(request: Request, name: str) -> int | None:
    """The number that stands in the address under `name`; None without one. Refused (400) when it is none."""
    text = request.query_params.get(name)
    if text and row_id(text) is None:
        raise _not_readable(name, f"{name} 应是数字。", "不是数字")
    return row_id(text or "")


def asked_day(request: Request, name: str) -> date | None:
    """The day that stands in the address under `name`; None without one. Refused (400) when it is none."""
    text = request.query_params.get(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as fault:
        raise _not_readable(name, f"{name} 应是日期，如 2026-10-31。", "不是日期") from fault


def asked_choice(request: Request, name: str, known: Iterable[tuple[str, str]], unknown: str) -> str:
    """The value that stands in the address under `name`; empty without one. Refused (400) with `unknown` beyond `known`."""
    text = request.query_params.get(name, "")
    if text and text not in dict(known):
        raise _not_readable(name, unknown, "不认识")
    return text


def _not_readable(name: str, reason: str, fault: str) -> Refused:
    return Refused("invalid", reason, fields={name: fault}, status=400)


def first_page(found: "QuerySet[Any]") -> tuple[list[Any], int | None]:
    """The first PAGE rows, and the key to ask for those after them; None when these are all."""
    rows = list(found[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None


def moment(at: datetime | None) -> str | None:
    """ISO 8601 in the county's own time."""
    return timezone.localtime(at).isoformat() if at else None
