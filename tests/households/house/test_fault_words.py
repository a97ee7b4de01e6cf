"""What is wrong is told in our words, whichever form or serializer finds it."""

from collections.abc import Iterator

import pytest
from django import forms
from django.urls import get_resolver
from rest_framework import serializers

from dongkou import urls  # noqa: F401  every form and serializer hangs on some address

THEIRS = ("该字段", "确保", "有效的", "有效UUID", "合法", "输入一系列", "不在可用的选项", "空字符串", "期望")
OURS = ("households.", "scoring.", "rewards.", "petitions.")


def kinds(base: type) -> Iterator[type]:
    for kind in base.__subclasses__():
        yield kind
        yield from kinds(kind)


def own(base: type) -> list[type]:
    assert get_resolver().url_patterns
    return sorted({kind for kind in kinds(base) if kind.__module__.startswith(OURS)}, key=str)


def theirs(kind: str, name: str, field: object) -> list[str]:
    told = [str(words) for words in field.error_messages.values()]
    told += [str(judge.message) for judge in field.validators if hasattr(judge, "limit_value")]
    return [f"{kind}.{name}: {words}" for words in told if any(part in words for part in THEIRS)]


def test_no_form_speaks_django_s_words() -> None:
    found = own(forms.BaseForm)
    assert len(found) > 60
    assert not [
        line
        for form in found
        for name, field in form.base_fields.items()
        for line in theirs(form.__name__, name, field)
    ]


def test_no_serializer_speaks_drf_s_words() -> None:
    found = own(serializers.Serializer)
    assert len(found) > 20
    fields = [(shape.__name__, name, field) for shape in found for name, field in shape().fields.items()]
    assert not [line for each in fields for line in theirs(*each)]


class Form(forms.Form):
    text = forms.CharField(max_length=3)
    number = forms.IntegerField(min_value=1, max_value=5)
    day = forms.DateField()
    one = forms.ChoiceField(choices=[("a", "甲")])


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("text", "", "请填写这一项。"),
        ("text", "一二三四", "最多 3 个字，现在有 4 个。"),
        ("text", "\0", "里面有不能识别的字符，请删掉重新输入。"),
        ("number", "0", "不能小于 1。"),
        ("number", "6", "不能大于 5。"),
        ("number", "一", "请填整数，例如 12。"),
        ("day", "31.10.2026", "日期不对，请写成 2026-10-31 这样。"),
        ("one", "", "请选一项。"),
        ("one", "b", "没有这个选项，请从列出的里面选。"),
    ],
)
def test_form_says_what_is_wrong(name: str, value: str, words: str) -> None:
    assert Form({name: value}).errors[name] == [words]


class Shape(serializers.Serializer):
    text = serializers.CharField(max_length=3)
    number = serializers.IntegerField(min_value=1)


def test_serializer_says_what_is_wrong() -> None:
    shape = Shape(data={"text": "一二三四", "number": 0})
    assert not shape.is_valid()
    assert shape.errors == {"text": ["最多 3 个字。"], "number": ["不能小于 1。"]}
