"""Signs that stand for another one: radicals that PDFs give for signs, and the private area of GBK. Pure.

Each line: the first code point, and what it and those behind it stand for. The same lines stand in
`static/js/folding_signs.js`; a test compares the two. Radicals after Unicode's EquivalentUnifiedIdeograph.txt; the
private area after GB 18030-2022: its 24 signs that once had no code point, A3A0 which is a blank, and FE50 to FEA0 as
old fonts of GBK placed them.
"""

UNREADABLE = "〔读不出〕"  # stands for what was sealed under another key; a mask leaves it as it is
RUNS = (
    (0x2E81, "厂乛乚乙亻冂"),
    (0x2E88, "刀刂卜㔾小小兀尣尢"),
    (0x2E92, "巳幺彑"),
    (0x2E96, "忄㣺扌攵"),
    (0x2E9B, "旡日月歺"),
    (0x2EA0, "民氵氺灬爫爫丬牛犭王"),
    (0x2EAB, "目示礻"),
    (0x2EAF, "糹纟罓罒㓁冗"),
    (0x2EB6, "羊"),
    (0x2EB9, "耂肀聿肉"),
    (0x2EBE, "艹艹艹虎衤覀西见角"),
    (0x2EC8, "讠贝"),
    (0x2ECB, "车辶辶辶邑钅長镸长门"),
    (0x2ED6, "阝雨青韦页风飞食"),
    (0x2EDF, "飠饣"),
    (0x2EE2, "马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀"),
    (0xE5E5, "\u3000"),
    (0xE78D, "︐︒︑︓︔︕︖︗︘︙"),
    (0xE7C7, "ḿǹ"),
    (0xE815, "厂𠂇𠂉𠃌乙㑳㑇刀㔾龴㖞㘚㘎小㣺㥮㤘龵㧏㧟㩳㧐龶龷㭎㱮㳠牛𡗗龸⺪䁖䅟⺮䌷㓁羊⺷𢦏䎱"),
    (0xE83D, "䎬聿䏝䓖䙡䙌龹䜣䜩䝼䞍⻊䥇䥺䥽䦂䦃䦅䦆䦟䦛䦷䦶龺𤇾䲣䲟䲠䲡䱷䲢䴓䴔䴕䴖䴗䴘䴙䶮龻"),
)

TABLE = {first + at: sign for first, signs in RUNS for at, sign in enumerate(signs)}
