"""How signs are read in pinyin, without tones, and how typed letters divide into syllables. Pure.

ü is written v, as on keyboards. A sign has its commonest reading; only those that are read in two ways every day have both.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from pypinyin import Style, lazy_pinyin

MAX_DIVISIONS = 6  # of one run of letters: jiaotong is jiao tong or ji ao tong
LOOKED_AT = 24  # ways among which those of fewest syllables are taken

_ALL = """
    a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can cang cao ce cen ceng
    cha chai chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang chui chun chuo ci cong cou cu
    cuan cui cun cuo da dai dan dang dao de dei deng di dia dian diao die ding diu dong dou du duan dui dun duo e ei
    en er fa fan fang fei fen feng fo fou fu ga gai gan gang gao ge gei gen geng gong gou gu gua guai guan guang gui
    gun guo ha hai han hang hao he hei hen heng hong hou hu hua huai huan huang hui hun huo ji jia jian jiang jiao
    jie jin jing jiong jiu ju juan jue jun ka kai kan kang kao ke kei ken keng kong kou ku kua kuai kuan kuang kui
    kun kuo la lai lan lang lao le lei len leng li lia lian liang liao lie lin ling liu lo long lou lu luan lun luo
    lv lve ma mai man mang mao me mei men meng mi mian miao mie min ming miu mo mou mu na nai nan nang nao ne nei
    nen neng ni nian niang niao nie nin ning niu nong nou nu nuan nuo nv nve o ou pa pai pan pang pao pei pen peng
    pi pian piao pie pin ping po pou pu qi qia qian qiang qiao qie qin qing qiong qiu qu quan que qun ran rang rao
    re ren reng ri rong rou ru ruan rui run ruo sa sai san sang sao se sen seng sha shai shan shang shao she shei
    shen sheng shi shou shu shua shuai shuan shuang shui shun shuo si song sou su suan sui sun suo ta tai tan tang
    tao te tei teng ti tian tiao tie ting tong tou tu tuan tui tun tuo wa wai wan wang wei wen weng wo wu xi xia
    xian xiang xiao xie xin xing xiong xiu xu xuan xue xun ya yan yang yao ye yi yin ying yo yong you yu yuan yue
    yun za zai zan zang zao ze zei zen zeng zha zhai zhan zhang zhao zhe zhei zhen zheng zhi zhong zhou zhu zhua
    zhuai zhuan zhuang zhui zhun zhuo zi zong zou zu zuan zui zun zuo
"""
SYLLABLES = frozenset(_ALL.split())
_LONGEST = max(map(len, SYLLABLES))
_TYPED = {"lue": "lve", "nue": "nve"}
# 长期 and 村长, 银行 and 行人: signs read in a second way in everyday words.
SECOND = {
    "长": "chang", "重": "chong", "行": "hang", "调": "tiao", "传": "zhuan", "还": "huan", "乐": "yue", "便": "pian",
    "弹": "tan", "降": "xiang", "觉": "jiao", "校": "jiao", "率": "shuai", "省": "xing", "宿": "xiu", "藏": "zang",
    "曾": "zeng", "单": "shan", "仇": "qiu", "解": "xie", "会": "kuai", "给": "ji", "参": "shen", "都": "du", "大": "dai",
    "得": "dei", "地": "de", "的": "di", "了": "liao", "着": "zhuo", "差": "chai", "朝": "zhao", "强": "jiang", "区": "ou",
    "折": "she", "角": "jue", "剥": "bao", "薄": "bo", "泊": "bo", "露": "lou", "落": "la", "绿": "lu", "没": "mo",
    "模": "mu", "粘": "nian", "屏": "bing", "塞": "se", "色": "shai", "厦": "xia", "血": "xie", "查": "zha", "巷": "hang",
    "削": "xiao", "圈": "juan", "卡": "qia", "壳": "qiao", "石": "dan", "秘": "bi", "熟": "shou", "车": "ju", "系": "ji",
}  # fmt: skip


@lru_cache(maxsize=8192)
def pinyin(sign: str) -> tuple[str, ...]:
    """The syllables of a sign, the commonest first: 长 -> zhang, chang. Empty for what has none."""
    first = lazy_pinyin(sign, style=Style.NORMAL, errors="ignore", strict=False, v_to_u=False)
    return tuple(dict.fromkeys([*first, *([SECOND[sign]] if sign in SECOND else [])]))


@lru_cache(maxsize=8192)
def initials(sign: str) -> tuple[str, ...]:
    """The first letters of its syllables: 长 -> z, c."""
    return tuple(dict.fromkeys(syllable[0] for syllable in pinyin(sign)))


def divisions(letters: str) -> list[tuple[str, ...]]:
    """The ways in which letters are a row of whole syllables, those of fewest syllables first; none for "jt"."""
    return sorted(islice(_divided(letters), LOOKED_AT), key=len)[:MAX_DIVISIONS]


def _divided(letters: str) -> Iterator[tuple[str, ...]]:
    if not letters:
        yield ()
        return
    for length in range(min(_LONGEST, len(letters)), 0, -1):
        head = _TYPED.get(letters[:length], letters[:length])
        if head in SYLLABLES:
            yield from ((head, *rest) for rest in _divided(letters[length:]))
