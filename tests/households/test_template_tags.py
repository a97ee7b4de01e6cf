"""Months, masks, fields and the audit log's words in templates; the fragments that every page shares."""

import re
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from django import forms
from django.contrib.messages import constants
from django.core.paginator import Paginator
from django.template import Template, TemplateSyntaxError, engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.html import parse_html
from django.test.signals import template_rendered

from households.accounts.forms import SignInForm
from households.audit_log.words import ACTIONS, action_label, detail_words
from households.refusals import Refused
from households.templatetags.fields import control
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


class Places(forms.Form):
    """More choices than one takes in at a glance, in groups, with signs that HTML means otherwise."""

    place = forms.ChoiceField(
        choices=[("", "请选"), ("430525", "县里"), ("<镇>", [(f"4305251{n:02}", f'"{n}" & 村') for n in range(20)])],
        help_text="在哪里",
    )


@pytest.mark.parametrize("given", [None, {"place": ""}, {"place": "430525107"}, {"place": "elsewhere"}])
def test_long_list_is_written_out_as_django_would(given: dict[str, str] | None) -> None:
    field = Places(given)["place"]
    plain = re.sub(r' (data-initials="[^"]*"|data-find)', "", control(field))
    look = "form-select is-invalid" if field.errors else "form-select"
    assert parse_html(plain) == parse_html(field.as_widget(attrs={"class": look}))
    assert 'data-initials="7&quot;' not in control(field) and 'data-initials="7c"' in control(field)


def test_long_list_takes_no_template_an_option() -> None:
    """Whoever sends forms that are refused would otherwise keep the machine busy with villages."""
    filled: list[str] = []

    def note(template: Template, **_signal: object) -> None:
        filled.append(template.name)

    template_rendered.connect(note)
    try:
        control(Places()["place"])
    finally:
        template_rendered.disconnect(note)
    assert filled == []


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


@pytest.mark.parametrize(
    ("action", "detail", "words"),
    [
        ("account.ask", {"kind": "reset", "role": "auditor"}, "种类 换一次性密码 · 角色 审计员"),
        ("petition.template", {"kind": "not_accept"}, "种类 不予受理"),
        ("project.photo", {"stage": "before"}, "阶段 施工前"),
        ("plate.issue", {"kind": "reset"}, "种类 reset"),
    ],
)
def test_choices_in_the_log_are_told_by_their_words(action: str, detail: dict[str, str], words: str) -> None:
    assert detail_words(detail, action) == words


def test_every_action_of_accounts_has_chinese_words() -> None:
    assert all(words.strip() and not words.isascii() for words in ACTIONS.values())


class Twice(forms.Form):
    op_id = forms.UUIDField(widget=forms.HiddenInput)


def once(form: forms.Form | None = None) -> tuple[str, str]:
    """The hidden fields as rendered, and the id among them."""
    page = engines["django"].from_string("{% load once %}{% once_form form %}")
    shown = page.render({"form": form}, RequestFactory().get("/"))
    return shown, shown.split('name="op_id" value="')[1].split('"')[0]


def test_form_that_acts_once_has_an_id_of_its_own() -> None:
    (first, one), (_, other) = once(), once()
    assert 'name="csrfmiddlewaretoken"' in first
    assert UUID(one) != UUID(other)


def test_form_that_comes_back_keeps_its_id() -> None:
    sent = uuid4()
    assert once(Twice({"op_id": str(sent)}))[1] == str(sent)
    assert once(Twice(initial={"op_id": sent}))[1] == str(sent)


def rendered(source: str, **context: object) -> str:
    return engines["django"].from_string("{% load joined %}" + source).render(context)


def test_joined_lines_are_one_line() -> None:
    text = "<p>\n{% joined %}\n  共 {{ n }} 件，\n  {% if n %}\n    有。\n  {% endif %}\n{% endjoined %}\n</p>\n<p>"
    assert rendered(text, n=3) == "<p>\n共 3 件，有。\n</p>\n<p>"


def test_joined_attributes_stay_apart_and_values_whole() -> None:
    text = '{% joined %}<a class="{{ n }}"\n    href="a\n  b"\n  {% if n %}hidden{% endif %}>\n  x > y\n</a>{% endjoined %}'
    assert rendered(text, n=3) == '<a class="3" href="ab" hidden>x > y</a>'


def test_joined_leaves_what_variables_hold() -> None:
    assert rendered("{% joined %}\n{{ text }}\n{% endjoined %}", text="一\n二") == "一\n二"


def test_joined_does_not_nest() -> None:
    with pytest.raises(TemplateSyntaxError, match="inside another"):
        rendered("{% joined %}{% joined %}{% endjoined %}{% endjoined %}")
