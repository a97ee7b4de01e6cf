"""Acts that may never cost points: the wordings they hide in are refused, wordings that only sound alike pass."""

from dataclasses import replace
from datetime import date
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.schemes.protected_acts import PROTECTED_ACTS, plain, rests_on_sealed_record
from scoring.schemes.redlines import check_clause
from tests.scoring.schemes.clauses import CLAUSE, clause_guards, guards

# Wordings that punish a protected act, by the act; each must be refused under that name.
PUNISHING = {
    "petition": [
        "到县里上访一次",
        "到县信访局信访，经劝不回",
        "重访、缠访",
        "初访不逐级反映",
        "进京上访",
        "集体到镇政府反映问题",
        "家庭成员非访",
        "赴省走访",
        "向上级告状",
        "上 访 一 次",
        "信·访",
        "上\u200b访",
        "多次信访，违反《信访工作条例》第二十六条的初访重访",
        "请愿",
        "向上级反映村干部的问题",
        "要求复查、复核",
        "写信给县领导",
    ],
    "wrong_level": ["越级上访", "越级反映", "有《信访工作条例》第二十六条所列围堵行为或者越级，有处罚决定"],
    "complaint": [
        "拨打12345",
        "拨打１２３４５投诉",
        "在红网百姓呼声留言",
        "写信到县长信箱",
        "向媒体反映村里情况",
        "找记者",
        "在抖音发布村里问题",
        "在微信群里抱怨",
        "网上发帖",
        "无理投诉",
        "把照片发到朋友圈",
    ],
    "lawsuit": [
        "起诉村委会",
        "与村集体打官司",
        "申请行政复议",
        "举报村干部",
        "恶意举报",
        "向纪委检举",
        "替别人作证",
        "申请仲裁",
    ],
    "call_for_help": [
        "一个月内报警两次",
        "向派出所报案",
        "家里报火警",
        "报告事故影响全村排名",
        "被骗走钱财",
        "家中被盗",
        "家庭成员成为电信诈骗受害人",
        "被诈骗",
        "遭受火灾",
        "拨打119",
    ],
    "condition": [
        "家庭成员患病",
        "感染传染病",
        "因病住院",
        "家里有六十岁以上的人",
        "核酸阳性",
        "有精神病人",
        "残疾人家庭不劳动",
        "低保户",
        "贫困户懒惰",
        "年龄超过七十岁",
        "高龄老人无人照料",
        "欠债不还",
        "留守儿童家庭",
    ],
    "belief": ["信教", "在家做礼拜", "少数民族不讲汉话", "瑶族风俗"],
    "family": ["超生", "生育二胎", "多子女家庭", "大龄未婚", "离婚"],
    "optional_activity": [
        "未参加志愿服务",
        "没有为修路捐款",
        "拒绝捐资",
        "不参加村民大会",
        "无故缺席院落会会议",
        "不出义务工",
        "未按要求参加消防演练",
        "不配合开展清扫活动",
        "不接种疫苗",
        "未购买意外保险，不参加合作社",
        "捐款金额不足",
    ],
    "absence": [
        "常年外出务工",
        "长期在外不回村",
        "常年在外居住",
        "家中无人",
        "人户分离",
        "返乡人员不报备",
        "外出没登记",
    ],
    "kinship": [
        "亲属涉毒",
        "兄弟被判刑",
        "邻居违建",
        "同组农户有人上访",
        "一户违规，全组扣分",
        "连带扣分",
        "株连",
        "对亲属违法负有责任",
        "十户联保",
        "已分户的子女家庭，其他户违规",
        "同组各户",
    ],
    "objection": [
        "对评分提出异议",
        "对扣分申诉",
        "批评村干部",
        "顶撞村干部",
        "不服从管理",
        "质疑评议结果",
        "给干部打差评",
        "不听干部劝告",
    ],
    "not_online": [
        "未扫码",
        "不扫二维码登记",
        "没有注册账号",
        "没有手机",
        "未安装反诈APP",
        "未下载小程序",
        "不进微信群",
        "不转发宣传文章",
        "扫码率低",
        "未签到",
        "不使用积分平台",
    ],
    "undecided": [
        "涉嫌诈骗",
        "正在接受公安机关调查",
        "案件未结案",
        "被群众举报",
        "有人投诉乱倒垃圾",
        "疑似赌博",
        "被立案调查",
        "群众反映强烈",
        "举报待查",
        "被举报，未经查实",
    ],
}
# Wordings that only sound alike: punishing what the law itself punishes, or protecting the protected.
HARMLESS = [
    "殴打邻居",
    "与邻居打架",
    "侵占邻居宅基地",
    "邻里纠纷中动手打人",
    "虐待父母行为",
    "不赡养父母，调解后仍不履行",
    "发生事故不报警",
    "谎报火警，有处罚决定",
    "隐瞒不报生产安全事故",
    "迟报、瞒报事故",
    "虚假诉讼，有法院判决",
    "诬告陷害他人，有处罚决定",
    "打击报复举报人",
    "威胁证人",
    "截访、打击报复信访人",
    "侵占低保金，有处理决定",
    "骗取残疾人补贴",
    "虐待残疾人",
    "欺负留守儿童",
    "破坏民族团结",
    "利用宗教从事违法活动，有处罚决定",
    "组织邪教活动",
    "被举报并经查实乱倒垃圾",
    "经群众举报查实的违法建设",
    "群众反映，经现场核实乱搭乱建",
    "违反传染病防治法，有处罚决定",
    "损坏公共水管、路灯不修不赔",
    "酒席超过约定桌数",
    "养殖污染收到整改通知书，期满不整改",
    "在自媒体上散布谣言，有处罚决定",
    "雇用未成年人",
    "堆放易燃物可能引起火灾",
    "收购被盗农机，有处罚决定",
    "从业人员依法应当参加培训而没有参加",
    "拖拉机未注册登记上路",
    "骚扰、殴打案件受害人",
    "无证驾驶",
    "酒后驾驶机动车，有交警处罚决定",
    "参与电信网络诈骗，判决已生效",
]
REWARDING_SILENCE = [
    "全年不上访",
    "全年没有信访",
    "主动息访",
    "签订息诉承诺书",
    "撤回投诉",
    "劝返上访人员",
    "零上访家庭",
    "没有人拨打12345",
    "放弃起诉",
    "劝阻他人举报",
    "村里无投诉",
]
REWARDING_HELP = [
    "双方配合人民调解，达成协议并已履行",
    "化解信访积案，当事人书面认可",
    "群众反映的事项全部按期答复",
    "及时报警，帮助抓获小偷",
    "不顾危险报警救人",
    "签订防火安全承诺书",
    "提供线索帮助破案",
    "见义勇为",
]


@pytest.mark.parametrize(("act", "text"), list(chain(*([(act, t) for t in texts] for act, texts in PUNISHING.items()))))
def test_a_deduction_for_a_protected_act_is_refused_by_name(act, text):
    assert f"protected_{act}" in clause_guards(text=text)


@pytest.mark.parametrize("text", HARMLESS)
def test_a_deduction_that_only_sounds_alike_passes(text):
    assert check_clause(replace(CLAUSE, text=text), "crime") == []


def test_every_protected_act_has_wordings_in_this_test():
    assert {act.code for act in PROTECTED_ACTS} == set(PUNISHING)


@pytest.mark.parametrize("text", REWARDING_SILENCE)
def test_a_bonus_for_giving_up_a_right_is_refused(text):
    assert clause_guards(kind="bonus", text=text) == {"rewarded_silence"}


@pytest.mark.parametrize("text", REWARDING_HELP)
def test_a_bonus_for_helping_passes(text):
    assert check_clause(replace(CLAUSE, kind="bonus", recorder="petition_office", text=text), "petition") == []


def test_a_reminder_punishes_nobody():
    assert clause_guards(kind="remind", points=0, text="建议到有权处理的机关反映问题") == set()


def test_the_sentence_names_clause_act_and_words():
    (problem,) = check_clause(replace(CLAUSE, text="拨打12345"), "pollution")
    assert problem.where == "XX01"
    assert "条款 XX01“拨打12345”因“12345”扣分" in problem.message
    assert "受法律保护，不得扣分" in problem.message


def test_one_clause_may_cross_several_lines():
    found = clause_guards(text="邻居上访或者拨打12345")
    assert {"protected_kinship", "protected_petition", "protected_complaint"} <= found


@pytest.mark.parametrize("filler", [" ", "\u3000", "\u200b", "·", "*", "-", "_", "“"])
def test_signs_between_characters_hide_nothing(filler):
    assert "protected_petition" in clause_guards(text=filler.join("家人上访一次"))


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_text_breaks_the_guards(before, after):
    problems = check_clause(replace(CLAUSE, text=before + "越级" + after), "crime")
    assert "protected_wrong_level" in guards(problems)


@pytest.mark.parametrize(
    ("kind", "day", "sealed"),
    [
        ("deduct", date(2025, 12, 31), False),
        ("deduct", date(2026, 1, 1), True),
        ("deduct", None, False),
        ("bonus", date(2026, 1, 1), False),
        ("remind", date(2026, 1, 1), False),
    ],
)
def test_record_of_the_police_is_sealed_from_2026_on(kind, day, sealed):
    assert rests_on_sealed_record(kind, "赌博", "行政拘留决定书", day) is sealed
    assert rests_on_sealed_record(kind, "行政拘留", "", day) is sealed


def test_record_of_others_is_not_sealed():
    assert not rests_on_sealed_record("deduct", "酒后驾驶", "交警决定书", date(2026, 1, 1))


def test_plain_joins_widths_and_drops_fillers():
    assert plain("１２３４５ 热 线（ＡＰＰ）") == "12345热线app"


@pytest.mark.parametrize(
    "text",
    [
        "乱倒垃圾的取消低保",
        "赌博的暂停发放补贴",
        "违建的不予开证明",
        "不改正的不给入学证明",
        "扣发养老金",
        "拒绝办理宅基地",
    ],
)
@pytest.mark.parametrize("kind", ["deduct", "remind", "bonus"])
def test_benefits_never_hang_on_points(kind, text):
    points = 0 if kind == "remind" else 5
    assert "benefit_gate" in clause_guards(kind=kind, points=points, text=text)
