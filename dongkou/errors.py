"""What people see when a request cannot be answered: a page in plain Chinese, or for `/api/` the API's one shape."""

import sys

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from dongkou.lacking import BROKER, BUSY, DATABASE, DISK, MIGRATING, OUTDATED, lacking

_SENTENCES = {
    400: ("invalid", "请求读不懂，请核对地址和内容。"),
    403: ("permission_denied", "您的角色不能做这项操作。"),
    404: ("not_found", "没有找到，或不在您的管辖范围内。"),
    413: ("too_large", "一次提交的内容太大，请分几次提交。"),
    500: ("server_error", "系统出了差错，已经记下来，请稍后再试。"),
}
AGAIN_SECONDS = 10
_AWAY = {
    DATABASE: "数据库暂时没有回应，通常一两分钟内自己恢复。",
    BROKER: "后台服务暂时没有回应，通常一两分钟内自己恢复。",
    DISK: "服务器现在写不进东西，只能看，不能改。请告诉管理系统的人。",
    BUSY: "现在办事的人太多，或者同一份资料正被别人占着。",
    MIGRATING: "系统正在升级，通常几分钟就好。",
    OUTDATED: "系统刚升级，正在换成新版本。",
}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400."""
    return _answer(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler403."""
    return _answer(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler404."""
    return _answer(request, 404)


def too_large(request: HttpRequest) -> HttpResponse:
    """More than any form of ours takes: said before a byte of it is read."""
    return _answer(request, 413)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500. Renders without the request: whatever failed may fail again. What is away for a while is no fault."""
    away = lacking(sys.exc_info()[1])
    return unavailable(request, away) if away else _answer(request, 500)


def unavailable(request: HttpRequest, away: str) -> HttpResponse:
    """503 with the time after which it is worth another try. Its one line in the log is the request's own."""
    if request.path_info.startswith("/api/"):
        body = {"code": "unavailable", "detail": f"{_AWAY[away]}请稍后再试。", "fields": {}}
        answer: HttpResponse = JsonResponse(body, status=503)
    else:
        shown = {"why": _AWAY[away], "seconds": AGAIN_SECONDS, "was_sent": request.method == "POST"}
        answer = render(None, "errors/503.html", shown, status=503)
    answer["Retry-After"] = str(AGAIN_SECONDS)
    answer["Cache-Control"] = "no-store"
    answer.lacks = away  # type: ignore[attr-defined]
    return answer


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW."""
    if request.path_info.startswith("/api/"):
        return _answer(request, 403)
    answer = render(request, "errors/csrf.html", status=403)
    answer.csrf_failed = True  # type: ignore[attr-defined]  # households.drafts may know better
    return answer


def _answer(request: HttpRequest, status: int) -> HttpResponse:
    if request.path_info.startswith("/api/"):
        code, detail = _SENTENCES[status]
        return JsonResponse({"code": code, "detail": detail, "fields": {}}, status=status)
    return render(None if status == 500 else request, f"errors/{status}.html", status=status)
