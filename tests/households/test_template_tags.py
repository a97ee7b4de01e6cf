"""Months, masks, fields and the audit log's words in templates; the fragments that every page shares."""

from types import SimpleNamespace

import pytest
from django.contrib.messages import constants
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory

from households.accounts.forms import SignInForm
from households.audit_log.words import ACTIONS, action_label, detail_words
from households.refusals import Refused
from households.templatetags.months import month_label, month_links


def links(*months: str, month: str = "2026-10", arg: str | None = None, query: str | None = None) -> object:
    return month_links("rankings", months, month, arg or "village", query)


def test_month_is_said_as_people_say_it() -> None:
    assert month_label("2026-10") == "2026年10月"
    assert month_label(None) == ""


def test_picker_leads_to_the_months_on_either_side() -> None:
    found = links("2026-08", "2026-10", "2026-11")
    assert found.previous.url == "/rankings/2026-08/village/"
    assert found.next.label == "2026年11月"
    assert [link.month for link in found.all] == ["2026-11", "2026-10", "2026-08"]


def test_picker_ends_at_the_first_and_last_month() -> None:
    assert links("2026-10", "2026-11").previous is None
    assert links("2026-09", "2026-10").next is None


def test_picker_shows_a_month_that_is_not_in_the_list() -> None:
    found = links("2026-09")
    assert [(link.month, link.current) for link in found.all] == [("2026-10", True), ("2026-09", False)]


def test_picker_keeps_the_second_argument_and_the_query() -> None:
    assert (
        links("2026-09", arg="group", query="?within=430726").previous.url == "/rankings/2026-09/group/?within=430726"
    )


def test_picker_renders_plain_links() -> None:
    context = {"url_name": "rankings", "url_arg": "village", "months": ["2026-09", "2026-10"], "month": "2026-10"}
    page = render_to_string("_month_picker.html", context)
    assert 'href="/rankings/2026-09/village/"' in page
    assert "2026年10月" in page
    assert 'aria-current="true"' in page


def test_refusal_shows_reason_way_out_and_fields() -> None:
    refusal = Refused("x", "不能登记。", hint="请先打开台账。", fields={"date": "不在本月"})
    page = render_to_string("_refusal.html", {"refusal": refusal})
    assert all(words in page for words in ('role="alert"', "不能登记。", "请先打开台账。", "不在本月"))


def test_refusal_escapes_what_people_typed() -> None:
    page = render_to_string("_refusal.html", {"refusal": Refused("x", "<script>alert(1)</script>")})
    assert "<script>" not in page


def test_messages_announce_themselves() -> None:
    message = SimpleNamespace(level_tag="success", level=constants.SUCCESS, __str__=lambda: "好")
    page = render_to_string("_messages.html", {"messages": [message]})
    assert 'role="status"' in page
    assert "notice-success" in page


def test_nothing_is_said_without_messages() -> None:
    assert render_to_string("_messages.html", {"messages": []}).strip() == ""


@pytest.mark.parametrize("state", ["grey", "kept", "broken", "reminded"])
def test_lamp_says_its_state_in_words_and_a_sign(state: str) -> None:
    lamp = SimpleNamespace(label="建", name="零违建", state=state)
    page = render_to_string("_lamps.html", {"lamps": [lamp]})
    words = {"grey": "尚未申报", "kept": "守住", "broken": "没有守住", "reminded": "有提醒，不扣分"}
    assert f"lamp-{state}" in page
    assert f"零违建：{words[state]}</span>" in page


def test_field_ties_label_hint_and_fault_to_its_control() -> None:
    form = SignInForm({"username": "", "password": "x"})
    page = render_to_string("_field.html", {"field": form["username"]})
    assert '<label class="form-label" for="id_username">账号</label>' in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_username_error"' in page
    assert 'id="id_username_error"' in page


def test_pages_of_a_list_keep_its_filters() -> None:
    request = RequestFactory().get("/accounts/users/", {"words": "村"})
    page = render_to_string("_pagination.html", {"page": Paginator(range(30), 10).page(2)}, request)
    assert "?words=%E6%9D%91&amp;page=1" in page
    assert "?words=%E6%9D%91&amp;page=3" in page
    assert "第 2 / 3 页，共 30 条" in page


def test_one_page_needs_no_links() -> None:
    request = RequestFactory().get("/")
    assert render_to_string("_pagination.html", {"page": Paginator(range(3), 10).page(1)}, request).strip() == ""


def test_unknown_action_of_the_log_is_shown_as_it_is() -> None:
    assert action_label("rewards.redeem") == "rewards.redeem"
    assert action_label("sheet.declare") == "申报"


def test_details_of_the_log_leave_out_what_is_empty() -> None:
    assert (
        detail_words({"clause": "WJ02", "reason": "", "opened": 3, "locked": True})
        == "条款 WJ02 · 打开例外 3 · 已锁定 是"
    )


def test_every_action_of_accounts_has_chinese_words() -> None:
    assert all(words.strip() and not words.isascii() for words in ACTIONS.values())
