"""Made-up people: names put together from common signs, phone numbers that reach nobody. Pure.

Surnames follow their share of the population roughly; whether somebody really bears a name is chance.
"""

from random import Random

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任"
    "姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严赖覃洪武莫孔"
    "欧单付肖"
)
_COMPOUND = ("欧阳", "司马", "上官", "诸葛")
_MIDDLE = "国建志明永文春秋冬海金玉德正新荣光云水长立家世宗孝友仁义礼信安康福寿林森石山川江河松柏竹梅兰菊桂"
_LAST = "华强军平勇刚杰涛斌辉鹏飞亮峰波龙虎生成林祥福贵清泉元初田根财旺顺利英秀芳兰梅桃莲香珍翠玲娟燕霞红艳凤仙姣满娥"
NOBODYS = "154"  # a block that is given to no operator


def name_of(rng: Random) -> str:
    """A name of two or three signs; one in a hundred has a compound surname."""
    surname = rng.choice(_COMPOUND) if rng.random() < 0.01 else _SURNAMES[int(len(_SURNAMES) * rng.random() ** 1.7)]
    middle = rng.choice(_MIDDLE) if rng.random() < 0.8 else ""
    return f"{surname}{middle}{rng.choice(_LAST)}"


def phone_of(rng: Random) -> str:
    """A phone number, or none: one household in twelve has given none."""
    return "" if rng.random() < 1 / 12 else f"{NOBODYS}{rng.randrange(10**8):08d}"
