"""Which tables leave a trail, each room's by its own word. The migrations that call `trail_watch` name the same ones.

Left out on purpose: what is worked out from other rows and asked by `verify` itself (scores, tallies, accounts); entries of
points, which hang on chains of their own; voices and slips, whose digest would tell who chose what (ADR 17).
"""

from collections.abc import Iterable, Mapping

TABLES: dict[str, str] = {
    "households_auditevent": "审计记录",
    "households_user": "账号",
    "households_tenure": "任职",
    "households_accountrequest": "要职账号的申请",
    "households_secondfactor": "动态口令",
    "households_outsideidentity": "统一身份认证的绑定",
    "households_plate": "户牌",
    "households_department": "县直部门",
    "households_linkage": "联村关系",
    "households_yeararrangement": "放假安排",
    "households_correctionrequest": "更正请求",
    "households_householderasure": "已清除的户",
    "households_kintie": "亲属申报",
    "households_householdchange": "户籍变更",
    "households_householdproposal": "户籍变更申请",
    "households_changeobjection": "对户籍变更的意见",
    "households_borderorder": "区划调整",
    "households_borderline": "区划调整明细",
    "households_pastname": "曾用名",
    "households_alarm": "核对报警",
}
AUDIT = "households_auditevent"
FREE: set[str] = set()  # tables whose new rows decide nothing and come without an audit line: a month, a picture


def register(tables: Mapping[str, str], free: Iterable[str] = ()) -> None:
    """What another room has watched: tables, and what each holds in a reader's word; `free` as FREE explains it."""
    TABLES.update(tables)
    FREE.update(free)


def name_of(source: str) -> str:
    """What a table holds, in a reader's word."""
    return TABLES.get(source, source)
