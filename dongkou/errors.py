"""What people see when a request cannot be answered: a page in plain Chinese, or for `/api/` the API's one shape."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

_SENTENCES = {
    400: ("invalid", "请求读不懂，请核对地址和内容。"),
    403: ("permission_denied", "您的角色不能做这项操作。"),
    404: ("not_found", "没有找到，或不在您的管辖范围内。"),
    500: ("server_error", "系统出了差错，已经记下来，请稍后再试。"),
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


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500. Renders without the request: whatever failed may fail again."""
    return _answer(request, 500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW."""
    if request.path.startswith("/api/"):
        return _answer(request, 403)
    answer = render(request, "errors/csrf.html", status=403)
    answer.csrf_failed = True  # type: ignore[attr-defined]  # households.drafts may know better
    return answer


def _answer(request: HttpRequest, status: int) -> HttpResponse:
    if request.path.startswith("/api/"):
        code, detail = _SENTENCES[status]
        return JsonResponse({"code": code, "detail": detail, "fields": {}}, status=status)
    return render(None if status == 500 else request, f"errors/{status}.html", status=status)
