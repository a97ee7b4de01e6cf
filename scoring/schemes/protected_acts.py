"""Acts that may never cost points, and the wordings they hide in (docs: red lines; legal basis beside each act). Pure.

A guard reads a clause the way a careful clerk would: it first sets aside phrases that only sound alike (`harmless`, for
example 殴打邻居 or 未报警), then looks for the act in what is left. It errs on the side of refusing; a clause that is
refused wrongly can be reworded, a villager who is punished wrongly cannot.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from re import Pattern

# Anything inside one phrase: the gap never runs across punctuation (full width becomes half width before matching).
GAP = r"[^,;:。、!?]"
# Blanks and signs that people put between characters to get a word past a filter.
_FILLERS = re.compile(r"[\s\u200b-\u200f\u2060\ufeff·•・_*|~^`'\"“”‘’<>《》〈〉()\[\]【】{}\-—…./\\+=#@&%$]+")
_NOT = r"(?:不|未|没|无|拒)"
_PROVEN = r"(?<!未经)(?<!未)(?<!尚未)(?<!待)(?<!不经)(?:查实|核实|属实|认定|查证|生效|处罚决定)(?!中|之前|前)"

# Article 26 of the Regulation on petitions lists conduct, and a paper shows that it was established.
ARTICLE_26 = "信访工作条例第(?:二十六|26)条"
_CONDUCT = (
    "(?:围堵|冲击|拦截|堵塞|阻断|携带|侮辱|殴打|威胁|限制|毁坏|滞留|滋事|弃留|煽动|串联|胁迫|诱使|操纵|敛财|扰乱|妨害)"
)
_DECIDED = "(?:决定|判决|裁定|法律文书)"


@dataclass(frozen=True, slots=True)
class ProtectedAct:
    """A protected act: stable code, Chinese name, wordings that name it, wordings to set aside first, a way out."""

    code: str
    name: str
    wording: Pattern[str]
    harmless: Pattern[str] | None = None
    way_out: str = ""


def _act(
    code: str, name: str, wording: str, harmless: str = "", way_out: str = "请删去这一条，或者改写成不涉及它的行为。"
) -> ProtectedAct:
    return ProtectedAct(code, name, re.compile(wording), re.compile(harmless) if harmless else None, way_out)


def plain(text: str) -> str:
    """The text as the guards read it: one width, lower case, no fillers between characters."""
    return _FILLERS.sub("", unicodedata.normalize("NFKC", text)).lower()


def named_in(text: str, act: ProtectedAct) -> str:
    """The words of the text that name the act; empty when it is not named."""
    left = plain(text)
    if act.harmless is not None:
        left = act.harmless.sub(",", left)
    match = act.wording.search(left)
    return match[0] if match else ""


# What is done to others is the household's own act; what others do is not.
_DONE_TO = (
    "(?:赡养|虐待|遗弃|殴打|打伤|辱骂|侮辱|侵占|占用|霸占|威胁|恐吓|伤害|影响|妨碍|损害|损坏|破坏|挤占|堵塞|骚扰|欺负"
    "|与|和|跟)"
)
_OTHERS = (
    "(?:亲属|亲戚|亲友|邻居|邻里|左邻右舍|家族|族人|同族|同组|同村|本组|父母|岳父母|兄弟|姐妹|兄弟姐妹|叔伯|已分户|分户"
    "|外嫁女|其他户|别户|他户)"
)

PROTECTED_ACTS: tuple[ProtectedAct, ...] = (
    # Constitution art. 41; Regulation on petitions (2022) art. 17-20, 35-36; conduct alone is listed in its art. 26.
    _act(
        "petition",
        "依法信访（初访、重访、复查、复核）",
        r"上访|信访|来访|初访|重访|集访|个访|缠访|闹访|非访|访民|进京访|赴省访"
        rf"|(?:进京|赴京|到京|赴省|到省|到市|到县|集体|多人|群体){GAP}{{0,4}}(?:走访|反映|上告|告状)|告状|请愿|申诉求决|(?<!群众)(?<!村民)(?<!有人)反映{GAP}{{0,8}}(?:问题|诉求|情况|意见)|表达诉求"
        rf"|写信|联名|(?:申请|要求|提出){GAP}{{0,4}}(?:复查|复核)",
        harmless=rf"^(?=.*{ARTICLE_26})(?=.*(?:{_CONDUCT}|{_DECIDED}))(?!.*(?:初访|重访|多次|再次)).*$"
        rf"|(?:打击|报复|阻拦|压制|刁难|截访){GAP}{{0,6}}(?:上访|信访|反映(?:问题|诉求|情况))(?:人|群众|村民)?",
        way_out="只有《信访工作条例》第二十六条所列行为，并有生效法律文书，才可以写成零非访扣分。",
    ),
    # Regulation on petitions art. 20 and 26: where a matter is taken in is a question of competence, not an offence.
    _act(
        "wrong_level",
        "越级走访",
        r"越级|跳级上访|不逐级|未逐级|逐级反映",
        way_out="越级只影响由谁受理，不能扣分，请删去这一条。",
    ),
    # State Council General Office [2020] 53 on the 12345 hotline; Constitution art. 41.
    _act(
        "complaint",
        "拨打热线、网上留言、找媒体反映",
        r"12345|市长热线|县长热线|政务热线|热线|红网|百姓呼声|问政|县长信箱|书记信箱|信箱|留言板|网上留言|(?<!自)媒体|记者|曝光"
        rf"|投诉|发帖|(?:网上|网络|抖音|快手|微信群|朋友圈|短视频|微博){GAP}{{0,6}}(?:反映|吐槽|抱怨|爆料|发布)"
        rf"|发(?:到|在|上){GAP}{{0,6}}(?:网上|网络|抖音|快手|微信群|朋友圈|微博)",
        harmless=rf"(?:打击|报复|刁难){GAP}{{0,6}}(?:投诉|曝光)(?:人|者)?|被(?:群众|村民|他人|邻居)?(?:投诉|曝光)"
        rf"|(?:经|接到|收到|因)(?:群众|村民|他人|邻居)投诉|(?:发布|散布|传播){GAP}{{0,4}}(?:谣言|虚假信息)",
    ),
    # Civil, administrative and criminal procedure laws; Administrative reconsideration law; Supervision law.
    _act(
        "lawsuit",
        "诉讼、行政复议、举报和作证",
        r"起诉|诉讼|打官司|上诉|申请仲裁|行政复议|申请复议|举报|检举|控告|揭发|作证|证人",
        harmless=rf"虚假诉讼|诬告陷害|(?:打击|报复|侮辱|威胁|恐吓|殴打){GAP}{{0,6}}(?:举报|检举|控告|作证|证人)(?:人|者)?"
        rf"|被{GAP}{{0,4}}(?:起诉|举报|检举|控告)|(?:经|接到|收到)(?:群众|村民|他人)?(?:举报|检举)|不起诉|法院判决",
    ),
    # Otherwise a household would hide what befell it: Work safety law art. 83, Fire protection law art. 44.
    _act(
        "call_for_help",
        "报警、报告事故、求助，以及被骗、被盗、受害",
        r"报警|报案|报火警|报告(?:事故|火灾|火情|险情|污染|灾情|警情|案件)|(?:事故|火灾|火情|险情|污染|灾情)(?:上报|报告)|求助|求救|拨打(?:110|119|120|122)"
        r"|被骗|受骗|上当|被盗|被偷|被抢|被诈骗|被拐|被打|被家暴|遭(?:受|遇|到)?(?:诈骗|盗窃|抢劫|火灾|家暴|侵害)|受害|家中失火|家中失窃|发案户|案件受害",
        harmless=rf"(?:不|未|没有|没|拒不|迟|谎|虚假|隐瞒|瞒|漏|缓){GAP}{{0,6}}(?:报警|报案|报火警|上报|报告|求助)(?:事故|火灾|火情|险情|污染|灾情|警情|案件)?"
        rf"|(?:侵害|致|使|赔偿|威胁|殴打|骚扰|对){GAP}{{0,4}}受害(?:人|者)?"
        rf"|(?:收购|窝藏|买卖|销售|转移|隐匿){GAP}{{0,4}}被(?:盗|偷|抢|骗)",
    ),
    # PIPL art. 28; equality before the law (Constitution art. 33, 36, 45, 49).
    _act(
        "condition",
        "疾病、残疾、贫困、年龄",
        r"患病|疾病|生病|大病|慢性病|精神病|精神障碍|感染|传染病|因病|住院|确诊|阳性|残疾|智障|贫困|困难户|低保|五保|特困|监测户|欠债|负债"
        r"|年龄|高龄|年老|年迈|年满|岁以上|未成年人(?:户|家庭)|独居|留守|鳏寡|孤寡|失业|没有收入|收入低",
        harmless=rf"(?:虐待|遗弃|歧视|欺凌|欺负|侵占|占用|骗取|冒领|套取|虚报|克扣|截留|挪用|侮辱|殴打|诈骗){GAP}{{0,8}}"
        r"(?:残疾|低保|五保|特困|贫困|困难户|留守|独居|高龄|年老|年迈|孤寡|监测户|未成年人)(?:人|者|金|老人|儿童|资金|户)?"
        r"|不到法定年龄驾驶|传染病防治法",
    ),
    _act(
        "belief",
        "民族、宗教信仰",
        r"民族|瑶族|苗族|侗族|回族|宗教|信教|信仰|信佛|做礼拜|去教堂|上香拜佛",
        harmless=rf"(?:破坏|影响|歧视|侮辱|损害){GAP}{{0,4}}民族(?:团结|感情|习俗)?|民族团结|(?:利用|假借|非法|冒用){GAP}{{0,4}}宗教",
    ),
    _act(
        "family",
        "生育、婚姻和家庭人口",
        r"生育|超生|二胎|三胎|多胎|多子女|多孩|子女(?:较|过|太)?多|人口(?:较|过|太)?多|计划生育|怀孕|不生|未婚|未嫁|未娶|离婚|再婚|单身",
        harmless=rf"(?:骗取|冒领|套取|虚报){GAP}{{0,6}}生育(?:津贴|补贴)?",
    ),
    # A programme of optional activities stays optional (notice of 2020 on points in rural governance: by consent).
    _act(
        "optional_activity",
        "不参加自愿活动、不捐款",
        rf"{_NOT}{GAP}{{0,10}}(?:捐款|捐资|捐赠|捐物|募捐|集资|筹资|筹劳|赞助|认捐|自愿|志愿|义务劳动|义务工|出义务|投工)"
        rf"|{_NOT}{GAP}{{0,10}}(?:参加|参与|加入|报名|出席|到场|配合){GAP}{{0,10}}"
        r"(?:活动|会议|大会|院落会|屋场会|开会|培训|演练|值班|值守|巡逻|宣讲|学习|排练|合唱|广场舞|体检|接种|清扫|劳动|评比|评选|竞赛|合作社|保险)"
        rf"|{_NOT}(?:接种|打疫苗|买保险|入社|入股|流转)|缺席{GAP}{{0,6}}(?:会议|活动|会)|捐款{GAP}{{0,6}}(?:少|不足|低于)",
        harmless=rf"(?:依法|法律|法规){GAP}{{0,6}}(?:应当|必须|规定){GAP}{{0,16}}(?:培训|演练|保险)",
    ),
    _act(
        "absence",
        "外出务工、在外居住",
        rf"外出{GAP}{{0,4}}(?:未|不|没)(?:报备|请假|登记)|外出务工|外出打工|在外务工|在外打工|外出经商|在外经商|常年在外|长期在外|常年外出|长期外出|长期不在家|不在家|无人在家|家中无人|户内无人|外地居住"
        r"|在外居住|不在村|不在本村|人户分离|空挂户|不回村|未回村|不返乡|未返乡|返乡人员|外来户",
    ),
    # No collective punishment: a household answers for itself.
    _act(
        "kinship",
        "亲属、邻居或者同组他户的行为（株连）",
        r"连带|连坐|株连|牵连|联保|互保|连环保|(?:一|任何一|其中一|任一|某一?)户(?:违规|违法|违反|出事|上访|被查|被罚|发生|受处罚|不合格)|全组(?:扣|各户|每户|受罚)"
        rf"|(?:组内|同组|全村|全组)(?:各|每|其他)户|{_OTHERS}(?:中)?(?:有人|成员|人员|村民|农户|一方)?{GAP}{{0,8}}"
        r"(?:上访|信访|违法|违规|违反|违建|违纪|犯罪|涉毒|涉诈|涉案|吸毒|赌博|判刑|被判|被处|被查|被罚|受到|受处|处罚|拒不|不配合|发生|酒驾|拖欠|失信|服刑|行为)",
        harmless=rf"{_DONE_TO}{_OTHERS}(?:发生)?|邻里(?:之间)?(?:发生)?(?:纠纷|矛盾|冲突)",
    ),
    # Due process: an objection is a right of this very scheme (design: the month).
    _act(
        "objection",
        "对评分提出异议、申诉，批评干部",
        r"申诉|异议|申请(?:复核|复查|复评|重新评议)|不服(?:从)?(?:评分|评议|扣分|处理|决定|干部|村干部|管理|安排)|质疑|批评|提意见|有意见|不满|差评|打低分"
        r"|顶撞|议论(?:干部|领导)|骂干部|不尊重(?:干部|领导)|不听(?:干部|村干部|领导)|诋毁(?:干部|领导)|对(?:干部|村干部|领导)(?:态度|不)",
        harmless=rf"(?:打击|报复|压制){GAP}{{0,6}}(?:申诉|批评|提意见|异议)(?:人|者|的人)?|逾期{GAP}{{0,4}}未提出异议|(?:期|年|月)不满|不满(?:一|三|六|两|\d)",
    ),
    # State Council General Office letter [2026] 12: no forced use, sign-in or registration.
    _act(
        "not_online",
        "没有扫码、注册、手机，不用某个软件",
        rf"{_NOT}{GAP}{{0,6}}(?:扫码|亮码|扫二维码|注册|下载|安装|登录|登陆|打卡|签到|关注|点赞|转发|上传|进群|入群|加群|绑定|实名认证|手机|智能机|微信|app|小程序|公众号|平台|软件)"
        r"|(?:扫码|注册|打卡|签到|登录|安装|下载|转发|点赞)(?:率|次数|不足|不够|少)",
        harmless=rf"(?:商户|企业|公司|作坊|店铺|农机|车辆|机动车|摩托车|三轮车|拖拉机){GAP}{{0,6}}{_NOT}{GAP}{{0,3}}注册(?:登记)?",
    ),
    # Presumption: nothing costs points before it is decided.
    _act(
        "undecided",
        "还没有查清、没有结论的事",
        rf"调查中|正在{GAP}{{0,8}}(?:调查|核查|审理|侦查|办理|处理)|接受{GAP}{{0,8}}调查|配合调查|未结案|尚未结案|没有结案|未办结|待查|待核实|待调查|未经查实|未查实|查实前|结案前|判决前"
        r"|涉嫌|疑似|嫌疑|可能|被(?:群众|村民|他人|邻居)?(?:举报|投诉|反映|控告|检举|起诉|曝光|怀疑)|(?:有|接到|收到|因|经)(?:人|群众|村民|他人|邻居)?(?:举报|投诉)"
        r"|群众反映|村民反映|有人反映|被立案|立案(?:调查|侦查)|被(?:拘传|传唤|约谈|调查)|问题线索|听说|传言",
        harmless=rf"(?:被|有|接到|收到|因|经)?(?:人|群众|村民|他人|邻居)?(?:举报|投诉|反映|控告|检举|涉嫌|立案(?:调查|侦查)?|疑似){GAP}{{0,8}},?{GAP}{{0,6}}{_PROVEN}"
        r"|可能(?:造成|引发|引起|危及|影响|危害|导致)",
        way_out="请写成“经查实”或者“有生效决定”之后才扣分。",
    ),
)

# The mirror image: a bonus for giving up a right is a deduction for using it.
REWARDED_SILENCE = _act(
    "rewarded_silence",
    "以不信访、不投诉、不举报、不起诉换加分等于惩罚行使权利",
    rf"(?:不|未|无|没有|没|零|停止|放弃|撤回|撤销|不再|主动撤){GAP}{{0,6}}(?:上访|信访|来访|重访|初访|越级|投诉|举报|检举|控告|起诉|诉讼|上诉|申诉|异议|复议|报警|报案|12345|热线|留言|发帖|曝光|求助)"
    r"|息访|息诉|罢访|稳控|劝返|截访|无访|停访"
    rf"|(?:劝阻|制止|阻止|劝止|举报|报告|劝回|说服){GAP}{{0,8}}(?:上访|信访|重访|投诉|举报|起诉|访民)",
    harmless=r"不顾|不怕|不畏|毫不犹豫|奋不顾身",
    way_out="可以奖励调解成功、事情解决，不能奖励放弃权利。",
)

# Points are the village's own; what the law grants never hangs on them.
BENEFIT_GATE = _act(
    "benefit_gate",
    "法定待遇（低保、医保、承包地、宅基地、征兵、入学证明、补贴等）",
    rf"(?:取消|暂停|停发|停办|不予|不给|不再|拒绝|缓办|扣发|扣减|扣除|收回|限制|剥夺){GAP}{{0,8}}"
    r"(?:低保|五保|特困|医保|社保|养老金|养老保险|承包地|承包权|宅基地|征兵|参军|入伍|入学|上学|升学|补贴|救助|救济|开证明|证明|办证|选举|被选举)",
    harmless=rf"(?:有|以){GAP}{{0,8}}(?:收回|限制){GAP}{{0,8}}决定",
)

# 治安管理处罚法 (revised 2025-06-27, in force since SEALED_SINCE) art. 136: records of public security offences are sealed and
# given to nobody. A decision is the police's when it says so, or when it is about what only they decide on. Traffic police
# and other departments' decisions are another matter. Our reading, until a lawyer has confirmed it.
SEALED_SINCE = date(2026, 1, 1)
_POLICE = "(?:公安|派出所|警方|治安管理部门)"
_OF_THE_POLICE = (
    "(?:电信网络诈骗|诈骗|赌博|吸毒|贩毒|种毒|涉毒|卖淫|嫖娼|打架|斗殴|寻衅滋事|盗窃|偷窃|猥亵|偷窥|扰乱公共秩序)"
)
_PENALTY = "(?:处罚|惩戒|拘留|罚款|裁决)"
SEALED_RECORD = _act(
    "sealed_record",
    "违反治安管理的记录",
    rf"{_POLICE}{GAP}{{0,4}}(?:{_PENALTY}|决定|处理)|治安(?:管理)?{_PENALTY}|行政拘留|强制隔离戒毒"
    rf"|{_OF_THE_POLICE}[^。;]{{0,30}}{_PENALTY}",
    way_out="这类记录依法封存，任何单位不得索取或者公开。请删去这一条，也不要求填写决定书的文号。",
)


def rests_on_sealed_record(kind: str, text: str, basis: str, day: date | None) -> bool:
    """Whether what a clause deducts for may not be asked for on that day."""
    counts = kind == "deduct" and day is not None and day >= SEALED_SINCE
    return counts and bool(sealed_record_in(text, basis))


@lru_cache(maxsize=1024)  # asked of every clause whenever a sheet is opened
def sealed_record_in(text: str, basis: str) -> str:
    """The words by which a clause rests on a sealed record; empty when it does not."""
    return named_in(text, SEALED_RECORD) or named_in(basis, SEALED_RECORD)
