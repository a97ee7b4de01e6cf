"""What people read when a request cannot be answered."""

from collections.abc import Callable

import pytest
from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.test import RequestFactory

from dongkou import errors
from dongkou.lacking import DATABASE
from households.middleware import RefusalPages
from households.refusals import Refused
from tests.world import World


def request(path: str = "/x/", **headers: str) -> HttpRequest:
    return RequestFactory().get(path, headers=headers)


def test_unknown_page_is_explained(world: World) -> None:
    answer = world.client().get("/nothing/")
    assert answer.status_code == 404
    assert "没有找到这一页" in answer.content.decode()


def test_page_of_another_role_is_explained(world: World) -> None:
    answer = world.client("cadre").get("/audit/")
    assert answer.status_code == 403
    assert "您的角色不能打开这一页" in answer.content.decode()


@pytest.mark.parametrize(
    "address", ["/nothing/", "/audit/", "/rules/", "/ledger/", "/ledger/check/", "/village/sheet/2026-13/"]
)
def test_staff_keep_their_rooms_on_every_page(world: World, address: str) -> None:
    page = world.client("cadre").get(address).content.decode()
    assert 'aria-label="主导航"' in page
    assert "月度台账</a>" in page
    assert "top_bar" in page


@pytest.mark.parametrize("address", ["/nothing/", "/rules/", "/ledger/"])
def test_visitors_see_no_rooms(world: World, address: str) -> None:
    page = world.client().get(address).content.decode()
    assert "主导航" not in page
    assert "工作人员登录" in page


def test_error_says_what_is_wrong_once(world: World) -> None:
    page = world.client("cadre").get("/village/sheet/2026-13/").content.decode()
    assert page.partition("<main")[2].count("2026-13") == 1


@pytest.mark.parametrize("answer", [errors.server_error, lambda asked: errors.unavailable(asked, DATABASE)])
def test_page_that_asked_nobody_who_is_there_offers_no_sign_in(answer: Callable) -> None:
    page = answer(request()).content.decode()
    assert "工作人员登录" not in page and "回首页" in page


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        (lambda: errors.bad_request(request(), BadRequest()), 400, "这个请求读不懂"),
        (lambda: errors.forbidden(request(), PermissionError()), 403, "您的角色不能打开这一页"),
        (lambda: errors.not_found(request(), LookupError()), 404, "没有找到这一页"),
        (lambda: errors.server_error(request()), 500, "系统出了差错"),
        (lambda: errors.csrf_failed(request()), 403, "页面放得太久了"),
    ],
)
def test_each_fault_has_its_page_and_a_way_home(answer: object, status: int, words: str) -> None:
    page = answer()
    assert page.status_code == status
    assert words in page.content.decode()
    assert 'href="/">回首页' in page.content.decode()


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        (lambda: errors.bad_request(request("/api/v1/x/"), BadRequest()), 400, "invalid"),
        (lambda: errors.forbidden(request("/api/v1/x/"), PermissionError()), 403, "permission_denied"),
        (lambda: errors.not_found(request("/api/v1/x/"), LookupError()), 404, "not_found"),
        (lambda: errors.server_error(request("/api/v1/x/")), 500, "server_error"),
        (lambda: errors.csrf_failed(request("/api/v1/x/")), 403, "permission_denied"),
    ],
)
def test_interface_gets_its_own_shape(answer: object, status: int, code: str) -> None:
    import json

    page = answer()
    body = json.loads(page.content)
    assert (page.status_code, body["code"], set(body)) == (status, code, {"code", "detail", "fields"})


def test_fault_page_does_not_touch_the_database(django_assert_num_queries: object, db: None) -> None:
    with django_assert_num_queries(0):
        errors.server_error(request())


@pytest.mark.parametrize("status", [409, 422, 429])
def test_refusal_keeps_its_status(status: int) -> None:
    layer = RefusalPages(lambda _request: None)
    answer = layer.process_exception(request(), Refused("x", "台账刚刚有人改过。", hint="请刷新。", status=status))
    assert answer.status_code == status
    assert "台账刚刚有人改过。" in answer.content.decode()
    assert "什么都没有改动" in answer.content.decode()


def test_other_exceptions_go_on() -> None:
    assert RefusalPages(lambda _request: None).process_exception(request(), ValueError("x")) is None
