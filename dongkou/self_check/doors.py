"""For everything that is open to households and filers without an account: how the same is done on paper or with a person.

Nobody is made to use a telephone (国办函〔2026〕12号: no forced use). `tests/house/test_government_apps.py` holds that every such
address stands here, and that staff have the page that is named. Pure.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PaperDoor:
    """What is done, and without a telephone how. `names` are addresses of ours, `ways` those by which staff do or print it."""

    what: str
    instead: str
    names: tuple[str, ...]
    ways: tuple[str, ...]


DOORS = (
    PaperDoor(
        "看排名、公示、抽签",
        "公示栏张贴，喇叭播读，村里和乡镇可以打印",
        (
            *(
                "home",
                "rankings",
                "ranking-snapshot",
                "public-restatements",
                "province",
                "province-month",
                "api-province",
            ),
            *("notice-list", "notice", "api-notice", "draws", "draw"),
        ),
        ("notices",),
    ),
    PaperDoor("看积分细则、怎么用", "村里打印张贴", ("rules", "rules-version", "villager-guide"), ("rules",)),
    PaperDoor(
        "看奖励和项目",
        "村务公开栏张贴，村干部可以打印",
        ("public-awards", "public-projects", "public-project", "picture"),
        ("awards", "projects"),
    ),
    PaperDoor(
        "看自家的记录和照片",
        "到村里由村干部在台账上指给本人看，可以打印",
        ("plate", "plate-leave", "household-event", "household-event-photo", "api-household-session"),
        ("sheet", "plate-of"),
    ),
    PaperDoor(
        "改户牌密码、忘掉记住的手机",
        "到村里当面重发，密码印在纸条上",
        ("own-pin", "api-household-own-pin", "forget-plate-devices"),
        ("new-plate-pin",),
    ),
    PaperDoor(
        "看自家资料、取副本、请求更正",
        "到村里用户牌和密码当面打开、打印；要更正的直接对村干部讲，在户籍变更里改",
        ("own-data", "own-copy"),
        ("plate-of", "corrections"),
    ),
    PaperDoor(
        "看给我家的消息、要不要短信",
        "消息由村里打印成纸条送到；不要短信的告诉村干部，从户名册里去掉电话",
        ("household-messages", "choose-household-sms"),
        ("outbox-slips", "households"),
    ),
    PaperDoor(
        "提异议、申请再核、撤回",
        "填纸质异议单，村干部、村务监督委员或乡镇录入并附单子的照片，回执和答复打印给本人",
        (
            "household-objections",
            "household-objection-new",
            "household-objection",
            "household-objection-appeal",
            "household-objection-withdraw",
            "household-objection-letter",
            "objection-form",
        ),
        ("objection-new", "objection-appeal", "objection-withdraw", "objection-letter"),
    ),
    PaperDoor(
        "看积分账、核对日榜",
        "村里打印积分账和每天的根",
        ("household-points", "household-proof", "ledger", "ledger-check", "ledger-day"),
        ("points",),
    ),
    PaperDoor(
        "预订和领东西",
        "带户牌到积分超市当面领，不用先预订",
        ("plate-shop", "plate-shop-mine", "plate-shop-item", "plate-shop-cancel"),
        ("shop-counter", "shop-redemption-undo"),
    ),
    PaperDoor(
        "选项目", "发纸票，当面收，两个人录", ("villager-projects",), ("ballot-print", "ballot-paper", "ballot-slip")
    ),
    PaperDoor(
        "反映信访事项、补充、评价、取答复",
        "来信、来访、电话都由工作人员代录，答复书打印送达，评价代录",
        (
            "petition-new",
            "petition-receipt",
            "petition-follow",
            "petition-follow-leave",
            "petition-follow-copy",
            "petition-follow-archive",
            "petition-follow-act",
            "petition-follow-file",
            "petition-follow-letter",
            "household-petitions",
            "household-petition-new",
            "household-petition",
            "household-petition-copy",
            "household-petition-archive",
            "household-petition-act",
            "household-petition-file",
            "household-petition-letter",
        ),
        ("petition-file", "petition-supplement", "petition-rate", "petition-letter"),
    ),
    PaperDoor("看公开的答复", "信访局可以打印张贴", ("petitions-public",), ("petition-publishing",)),
)
# What is no act of a household: health, sign-in of the staff, what browsers fetch by themselves.
MACHINERY = frozenset(
    (
        "healthz",
        "api-schema",
        "api-login",
        "come-in",
        "sign-in",
        "second-factor",
        "oidc-go",
        "oidc-back",
        "oidc-left",
        "sheet-worker",
        "shop-worker",
        "reception-worker",
    )
)


def doors_of(name: str) -> list[PaperDoor]:
    """Where this address stands."""
    return [door for door in DOORS if name in door.names]
