"""Forms of the shop's pages. They turn what was typed into numbers and days; what is allowed, the actions decide."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from households import months
from households.fields import OnceForm, choose, number_field, reason_field
from rewards.fields import YuanField
from rewards.models import Item, Shop
from rewards.pictures.forms import PhotoField
from rewards.shop.actions.catalogue import Goods, ShopTerms
from rewards.states import RedemptionState

WEEKDAYS = [(str(number), name) for number, name in enumerate(months.WEEKDAYS, start=1)]
_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


class DaysInput(forms.Widget):
    """Several days, each with the browser's own calendar; some empty fields are always at hand. The value is one day a line."""

    spare = 3

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        return "\n".join(data.getlist(name) if hasattr(data, "getlist") else [data.get(name) or ""])

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        days = [*(value or "").split(), *[""] * self.spare]
        given = {**self.attrs, **(attrs or {})}
        fields = [self._field(name, day, number, given) for number, day in enumerate(days, start=1)]
        return format_html('<div class="days">{}</div>', mark_safe("".join(fields)))  # noqa: S308 (made by format_html)

    def _field(self, name: str, day: str, number: int, attrs: dict[str, Any]) -> SafeString:
        own = {"aria-label": f"第 {number} 天"} if number > 1 else {}
        shared = {key: text for key, text in attrs.items() if number == 1 or key != "id"}
        typed = forms.DateInput({"type": "date"} | shared | own, format="%Y-%m-%d")
        return typed.render(name, day)


class TermsForm(forms.Form):
    """The shop's settings."""

    is_open = forms.BooleanField(label="营业（暂停时不能发放，可以送到家）", required=False)
    weekdays = forms.MultipleChoiceField(
        label="每周哪几天开门", choices=WEEKDAYS, required=False, widget=forms.CheckboxSelectMultiple
    )
    dates = forms.CharField(
        label="另外开门的日期", required=False, widget=DaysInput(), help_text="例如赶集日。不够就先保存，再接着添。"
    )
    reservation_days = number_field("预订保留几天", least=1, help_text="到期没有来拿，东西和积分都退回。")
    household_month_points = number_field("每户每月最多兑多少积分", required=False, least=1, help_text="不填就是不限。")
    offline_points = number_field("断网时一次最多发多少积分的东西")
    offline_household_points = number_field(
        "断网时一户一天最多多少积分", help_text="柜台没有网络时，超过的会请您等网络恢复。"
    )

    def __init__(self, shop: Shop | None, data: Any = None) -> None:
        super().__init__(data, initial=_initial_terms(shop))

    def clean_dates(self) -> list[date]:
        lines = [line for line in re.split(r"[\s,，、;；]+", self.cleaned_data["dates"]) if line]
        return [_day(line) for line in lines]

    def terms(self) -> ShopTerms:
        """The settings as the action takes them."""
        given = dict(self.cleaned_data)
        return ShopTerms(**(given | {"weekdays": [int(number) for number in given["weekdays"]]}))


def _initial_terms(shop: Shop | None) -> dict[str, Any]:
    if shop is None:
        terms = ShopTerms(weekdays=(1, 5))
        return {name: getattr(terms, name) for name in TermsForm.base_fields} | {"weekdays": ["1", "5"], "dates": ""}
    stored = {name: getattr(shop, name) for name in TermsForm.base_fields}
    return stored | {
        "weekdays": [str(n) for n in shop.weekdays],
        "dates": "\n".join(f"{day:%Y-%m-%d}" for day in shop.dates),
    }


def _day(text: str) -> date:
    match = _DAY.fullmatch(text.replace("/", "-").replace(".", "-"))
    try:
        if match:
            return date(*map(int, match.groups()))
    except ValueError:
        pass
    raise ValidationError(f"“{text[:20]}”不是日期，请写成 2026-10-01 的样子。")


class ItemForm(forms.Form):
    """What an item is and costs."""

    name = forms.CharField(label="名称", max_length=30, help_text="规格写进名称，例如“洗衣液 1 千克”。")
    unit = forms.CharField(label="单位", max_length=6, help_text="袋、瓶、件……")
    points = number_field("要多少积分", least=1)
    cost_fen = YuanField(label="进价（元）", required=False, help_text="对账用，村民看不到。")
    household_month_limit = number_field("每户每月最多几个", required=False, least=1, help_text="不填就是不限。")
    low_stock = number_field("剩几个就提醒", required=False, help_text="0 或不填：不提醒。")
    description = forms.CharField(label="说明", max_length=200, required=False, widget=forms.Textarea({"rows": 2}))
    photo = PhotoField(label="照片", required=False)
    on_sale = forms.BooleanField(label="上架，村民看得到", required=False, initial=True)

    def __init__(self, item: Item | None, data: Any = None, files: Any = None) -> None:
        stored = {name: getattr(item, name) for name in self.base_fields if name != "photo"} if item else {}
        super().__init__(data, files, initial=stored)

    def goods(self, picture: Any) -> Goods:
        """The item as the action takes it; `picture` is the one kept before the action, or the item's own."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "photo"}
        return Goods(**(given | {"picture": picture, "low_stock": given["low_stock"] or 0}))


class PurchaseForm(OnceForm):
    """Goods that came in. The id makes a second press harmless."""

    item = forms.ChoiceField(label="什么东西")
    quantity = number_field("数量", least=1)
    unit_cost_fen = YuanField(label="单价（元）")
    supplier = forms.CharField(label="从哪里进的", max_length=60)
    voucher_no = forms.CharField(label="发票或收据号", max_length=60)
    note = forms.CharField(label="说明", max_length=200, required=False)

    def __init__(self, items: list[Item], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(item.pk), f"{item.name}（现有 {item.on_hand} {item.unit}）") for item in items]
        choose(self, "item", [("", "请选择"), *choices])


class FindRedemptionForm(forms.Form):
    """The filter above the list of redemptions; also what an export carries."""

    words = forms.CharField(label="户主、拼音首字母或户号", max_length=30, required=False)
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), *[(state.value, state.label) for state in RedemptionState]]
    )
    item = forms.ChoiceField(label="物品", required=False)
    month = forms.RegexField(
        r"^[0-9]{4}-(0[1-9]|1[0-2])$", label="月份", required=False, widget=forms.TextInput({"type": "month"})
    )
    flagged = forms.BooleanField(label="只看要核对的", required=False)

    def __init__(self, items: list[tuple[int, str]], data: Any = None) -> None:
        super().__init__(data)
        choose(self, "item", [("", "全部"), *items])


class ShopReasonForm(forms.Form):
    """Why something is undone. The id makes a second press harmless."""

    op_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    reason = reason_field()


class ReserveForm(OnceForm):
    """A villager's reservation. The id makes a second tap harmless."""

    quantity = forms.IntegerField(min_value=1, max_value=10_000)
