"""What a head's name is found by: its signs, its pinyin and its initials, each from any sign on. Pure.

A surname is read as one: 单 shan, 仇 qiu, 尉迟 yuchi, and never otherwise. A sign of a given name that is read in two ways
every day is found by both: 王乐 by wangle and wangyue. ü is v, as on keyboards, and u as people write it.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, product

from households.masks import COMPOUND_SURNAMES
from households.register.initials import COMPOUND, SURNAMES, UNREAD
from households.words.folding import compared
from households.words.pinyin import pinyin

WHOLE = "^"  # begins what is the whole name and no end of one
LONGEST = 30
MAX_WAYS = 4
Reading = tuple[str, ...]


def typed_as_stored(text: str) -> str:
    """A name, or what somebody types for one, as both are compared: Zhāng, ZHANG and zhang are one."""
    return compared(text).replace(".", "").replace("ü", "v")[:LONGEST]


@lru_cache(maxsize=1 << 14)
def words_of(name: str) -> tuple[str, ...]:
    """张三丰 -> ^张三丰, 三丰, 丰, ^zhangsanfeng, sanfeng, feng, ^zsf, sf, f; sorted, each once."""
    signs = typed_as_stored(name)
    found = set(_ends(tuple(signs)))
    for way in _ways(signs):
        found.update(_ends(way))
        found.update(_ends(tuple(syllable[0] for syllable in way)))
    return tuple(sorted(found))


def readings_of(name: str) -> list[Reading]:
    """The ways to read a name aloud, syllable by syllable, the usual one first: 单雄 is shan xiong alone."""
    return list(_ways(typed_as_stored(name)))


def _ends(parts: Reading) -> Iterator[str]:
    for at in range(len(parts)):
        yield (WHOLE if at == 0 else "") + "".join(parts[at:])


def _ways(signs: str) -> Iterator[Reading]:
    """The ways to read a name aloud; none when a sign of it has no reading."""
    head = 2 if len(signs) > 2 and signs[:2] in COMPOUND_SURNAMES else 1
    read = [*_surname(signs[:head]), *(_readings(sign) for sign in signs[head:])]
    return islice(product(*(ways for ways in read if ways)), MAX_WAYS)


def _surname(signs: str) -> list[Reading]:
    if signs in COMPOUND:
        return [(syllable,) for syllable in COMPOUND[signs]]
    return [(SURNAMES[sign],) if sign in SURNAMES and len(signs) == 1 else _readings(sign, most=1) for sign in signs]


@lru_cache(maxsize=1 << 14)
def _readings(sign: str, *, most: int = 2) -> Reading:
    if sign.isascii():
        return (sign,) if sign.isalnum() else ()
    ways = (UNREAD[sign],) if sign in UNREAD else pinyin(sign)[:most]
    return tuple(dict.fromkeys(one for way in ways for one in (way, way.replace("v", "u"))))
