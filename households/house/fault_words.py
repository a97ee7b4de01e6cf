"""What is wrong with what was typed, in our words: one place for the fields of every form and of every serializer.

Django and DRF speak to programmers, also in Chinese. A field copies its words when it is made, so this runs before the first one.
"""

from typing import Any

from django import forms
from django.core import validators
from rest_framework import serializers

TYPED = "请填写这一项。"
CHOSEN = "请选一项。"
UNREADABLE = "里面有不能识别的字符，请删掉重新输入。"
UNKNOWN_CHOICE = "没有这个选项，请从列出的里面选。"
NUMBER = "请填整数，例如 12。"
ADDRESS = "网址不对，请整行复制，例如 https://example.cn/1。"

_FORMS: dict[type[forms.Field], dict[str, str]] = {
    forms.Field: {"required": TYPED},
    forms.IntegerField: {"invalid": NUMBER},
    forms.FloatField: {"invalid": "请填数字，例如 12 或 12.5。"},
    forms.DecimalField: {"invalid": "请填数字，例如 12 或 12.5。"},
    forms.DateField: {"invalid": "日期不对，请写成 2026-10-31 这样。"},
    forms.TimeField: {"invalid": "时间不对，请写成 08:30 这样。"},
    forms.DateTimeField: {"invalid": "日期和时间不对，请写成 2026-10-31 08:30 这样。"},
    forms.RegexField: {"invalid": "写法不对，请按说明填写。"},
    forms.UUIDField: {"invalid": "这一页不完整，请重新打开再填。"},
    forms.URLField: {"invalid": ADDRESS},
    forms.ChoiceField: {"required": CHOSEN, "invalid_choice": UNKNOWN_CHOICE},
    forms.MultipleChoiceField: {"invalid_choice": UNKNOWN_CHOICE, "invalid_list": CHOSEN},
    forms.ModelChoiceField: {"required": CHOSEN, "invalid_choice": UNKNOWN_CHOICE},
    forms.ModelMultipleChoiceField: {
        "invalid_choice": UNKNOWN_CHOICE,
        "invalid_list": CHOSEN,
        "invalid_pk_value": UNKNOWN_CHOICE,
    },
    forms.FileField: {
        "required": "请选一个文件。",
        "invalid": "没有收到文件，请重新选一次。",
        "missing": "没有收到文件，请重新选一次。",
        "empty": "这个文件是空的，请换一个。",
        "max_length": "文件名太长，最多 %(max)d 个字。",
    },
}
_LIMITS: dict[type[validators.BaseValidator], str] = {
    validators.MinValueValidator: "不能小于 %(limit_value)s。",
    validators.MaxValueValidator: "不能大于 %(limit_value)s。",
    validators.MinLengthValidator: "至少 %(limit_value)d 个字，现在有 %(show_value)d 个。",
    validators.MaxLengthValidator: "最多 %(limit_value)d 个字，现在有 %(show_value)d 个。",
}
_LIST = {
    "not_a_list": "应是列表。",
    "empty": "列表不能为空。",
    "min_length": "至少 {min_length} 项。",
    "max_length": "最多 {max_length} 项。",
}
_TOO_SMALL, _TOO_LARGE = "不能小于 {min_value}。", "不能大于 {max_value}。"
_SERIALIZERS: dict[type[serializers.Field], dict[str, str]] = {
    serializers.Field: {"required": "必须填写。", "null": "不能是 null。"},
    serializers.BooleanField: {"invalid": "应是 true 或 false。"},
    serializers.CharField: {
        "invalid": "应是文字。",
        "blank": "不能为空。",
        "max_length": "最多 {max_length} 个字。",
        "min_length": "至少 {min_length} 个字。",
    },
    serializers.RegexField: {"invalid": "写法不对。"},
    serializers.URLField: {"invalid": "网址不对。"},
    serializers.UUIDField: {"invalid": "应是 UUID。"},
    serializers.IntegerField: {
        "invalid": "应是整数。",
        "max_value": _TOO_LARGE,
        "min_value": _TOO_SMALL,
        "max_string_length": "数字太长。",
    },
    serializers.FloatField: {"invalid": "应是数字。", "max_value": _TOO_LARGE, "min_value": _TOO_SMALL},
    serializers.DateField: {"invalid": "应是日期，如 2026-10-31。", "datetime": "应是日期，不带时间。"},
    serializers.DateTimeField: {"invalid": "应是日期和时间，如 2026-10-31T08:30。", "date": "应带时间。"},
    serializers.ChoiceField: {"invalid_choice": "没有“{input}”这个选项。"},
    serializers.FileField: {
        "invalid": "应是上传的文件。",
        "no_name": "没有文件名。",
        "empty": "文件是空的。",
        "max_length": "文件名太长，最多 {max_length} 个字。",
    },
    serializers.ListField: _LIST,
    serializers.ListSerializer: _LIST,
    serializers.DictField: {"not_a_dict": "应是 JSON 对象。", "empty": "不能为空。"},
    serializers.Serializer: {"invalid": "应是 JSON 对象。"},
}


def speak() -> None:
    """Give every kind of field its words. Doing it again changes nothing."""
    for field, words in (*_FORMS.items(), *_SERIALIZERS.items()):
        _teach(field, words)
    for limit, sentence in _LIMITS.items():
        limit.message = sentence
    validators.ProhibitNullCharactersValidator.message = UNREADABLE
    validators.URLValidator.message = ADDRESS


def _teach(field: Any, words: dict[str, str]) -> None:
    field.default_error_messages = {**field.default_error_messages, **words}
