"""What the rules on government apps forbid a program to keep, to lead to and to say, as something a machine can look for. Pure.

Rules on government apps (国办函〔2026〕12号): no check-in, ranking by points or time on line; no rates of use, no sign-in that is
demanded; no likes, shares or hours as a measure; no photos or tracks that are demanded; no business. What stands in an exception
is not such a thing, and why not is said beside it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_ACTS = "sign_?ins?|log_?ins?|logons?|visits?|clicks?|views?|hits?|opens?|reads?|downloads?|installs?|shares?|forwards?"
_HOW_MANY = "count|counts|number|times|total|rate|score|days|hours|minutes|seconds|streak"
_COUNTS = re.compile(rf"(?:^|_)(?:(?:{_ACTS})_(?:{_HOW_MANY})|(?:{_HOW_MANY})_(?:of_)?(?:{_ACTS}))(?:_|$)")
_WORDS = {
    "使用情况的计数": (
        "logins logons signins visits clicks hits views pageviews downloads installs usage activity active_days online"
        " dwell streak"
    ),
    "打卡、点赞、转发": "checkin checkins punch likes liked stars followers upvotes shares forwards",
    "谁看过的计数": "readers viewers unread read_by viewed_by read_at viewed_at",
    "人员的排名": "leaderboard badge badges medal medals level_up user_rank staff_rank person_rank popularity",
    "行踪": "latitude longitude lat lng lon gps location locations geo track tracks trajectory",
    "经营": (
        "price prices discount coupon coupons cart wallet recharge deposit merchant invoice invoices sku advert adverts"
        " advertisement ads sponsor sponsors payment payments fee fees vip membership"
    ),
}
WORDS = {word: kind for kind, words in _WORDS.items() for word in words.split()}
ALLOWED_NAMES = {
    "rewards_payment": "财政拨给村里项目的钱，群众不付钱",
}
# Sums of money (a column that ends in _fen) are the public purse's: awards, projects, what the village bought its goods for.
PUBLIC_MONEY = {
    "rewards_allocation",
    "rewards_award",
    "rewards_awarddecision",
    "rewards_awardline",
    "rewards_awardrule",
    "rewards_awardrun",
    "rewards_ballotoption",
    "rewards_fund",
    "rewards_fundsource",
    "rewards_item",
    "rewards_payment",
    "rewards_project",
    "rewards_ruleband",
    "rewards_rulegoal",
    "rewards_stockmove",
}
# Numbers in tables that hold one row a person of the staff, or one a person and something else.
ALLOWED_OF_PERSONS = {
    "households_user.session_epoch": "换密码时加一，让旧的登录失效",
    "households_secondfactor.last_step": "动态口令用过的那半分钟，防止再用一次",
    "households_secondfactor.failures": "动态口令连错的次数，到五次暂停",
}
NUMBERS = frozenset(("smallint", "integer", "bigint", "numeric", "real", "double precision", "interval"))
ADDRESSES = re.compile(
    r"leaderboard|hall-of-fame|check-?ins?|punch|likes?|cart|checkout|purchase-points|buy|adverts?|ads|promo\w*|usage"
    r"|online-time|read-counts?|readers|viewers|downloads?|install|popular|staff-rank\w*|user-rank\w*|pay"
)
ALLOWED_ADDRESSES = {"project-pay": "登记财政拨给村里项目的钱"}
SENTENCES = re.compile(
    r"打卡|签到|点赞|活跃度|活跃率|在线时长|登录次数|登录天数|使用率|使用频率|阅读量|浏览量|访问量|点击量|已读人数|未读人数"
    r"|下载量|安装率|转发量|排行榜|龙虎榜|红黑榜|广告|赞助|微信支付|支付宝|付款|充值|购买|优惠券|购物车|会员|折扣|售价"
    r"|必须下载|请先下载|必须安装|干部排名|个人排名|人员排名"
)
ALLOWED_SENTENCES = {
    "付款": "财政付给村里项目的钱，凭证由县六零办登记",
    "签到": "村民大会的纸质签到表，成批登记时照着录",
}


@dataclass(frozen=True, slots=True)
class KeptColumn:
    """A column of the database; `of_person` when its table has at most one row a person of the staff (and day, place ...)."""

    table: str
    name: str
    kind: str
    of_person: bool = False
    key: bool = False  # part of a unique key, or another row's number

    @property
    def full(self) -> str:
        return f"{self.table}.{self.name}"


def forbidden_columns(columns: Iterable[KeptColumn]) -> list[str]:
    """Sentences about columns and tables that must not be."""
    found = dict.fromkeys(sentence for column in columns for sentence in _of_column(column))
    return list(found)


def _of_column(column: KeptColumn) -> list[str]:
    found = []
    own_name = column.table.split("_", 1)[-1]
    if (kind := _meant(own_name)) and column.table not in ALLOWED_NAMES:
        found.append(f"表 {column.table}：{kind}")
    if kind := _meant(column.name):
        found.append(f"列 {column.full}：{kind}")
    if column.name.endswith("_fen") and column.table not in PUBLIC_MONEY:
        found.append(f"列 {column.full}：经营（不是公家的钱）")
    counts = column.of_person and not column.key and column.kind in NUMBERS
    if counts and column.full not in ALLOWED_OF_PERSONS:
        found.append(f"列 {column.full}：按人记的数")
    return found


def _meant(name: str) -> str:
    """What a name says that is forbidden; empty when it says nothing of the kind."""
    if _COUNTS.search(name):
        return "使用情况的计数"
    whole = WORDS.get(name, "")
    return whole or next((WORDS[word] for word in name.split("_") if word in WORDS), "")


def forbidden_addresses(names: Mapping[str, str]) -> list[str]:
    """Names of addresses, by name their route, of which a word is forbidden."""
    words = {
        name: [*f"{name}/{route}".split("/"), *re.split(r"[-/]", f"{name}/{route}")] for name, route in names.items()
    }
    return [
        f"网址 {name}（{names[name]}）"
        for name, own in words.items()
        if name not in ALLOWED_ADDRESSES and any(ADDRESSES.fullmatch(word) for word in own)
    ]


def forbidden_sentences(texts: Mapping[str, str]) -> list[str]:
    """Words of pages, by their files."""
    return [
        f"{file}：{word}"
        for file, text in sorted(texts.items())
        for word in sorted(set(SENTENCES.findall(text)))
        if word not in ALLOWED_SENTENCES
    ]
