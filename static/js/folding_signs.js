// Signs that stand for another one: the same lines as in households/words/signs.py, where they are explained.

const RUNS = [
  [0x2e81, "厂乛乚乙亻冂"],
  [0x2e88, "刀刂卜㔾小小兀尣尢"],
  [0x2e92, "巳幺彑"],
  [0x2e96, "忄㣺扌攵"],
  [0x2e9b, "旡日月歺"],
  [0x2ea0, "民氵氺灬爫爫丬牛犭王"],
  [0x2eab, "目示礻"],
  [0x2eaf, "糹纟罓罒㓁冗"],
  [0x2eb6, "羊"],
  [0x2eb9, "耂肀聿肉"],
  [0x2ebe, "艹艹艹虎衤覀西见角"],
  [0x2ec8, "讠贝"],
  [0x2ecb, "车辶辶辶邑钅長镸长门"],
  [0x2ed6, "阝雨青韦页风飞食"],
  [0x2edf, "飠饣"],
  [0x2ee2, "马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀"],
  [0xe5e5, "\u3000"],
  [0xe78d, "︐︒︑︓︔︕︖︗︘︙"],
  [0xe7c7, "ḿǹ"],
  [0xe815, "厂𠂇𠂉𠃌乙㑳㑇刀㔾龴㖞㘚㘎小㣺㥮㤘龵㧏㧟㩳㧐龶龷㭎㱮㳠牛𡗗龸⺪䁖䅟⺮䌷㓁羊⺷𢦏䎱"],
  [0xe83d, "䎬聿䏝䓖䙡䙌龹䜣䜩䝼䞍⻊䥇䥺䥽䦂䦃䦅䦆䦟䦛䦷䦶龺𤇾䲣䲟䲠䲡䱷䲢䴓䴔䴕䴖䴗䴘䴙䶮龻"],
];

export const SIGNS = new Map(
  RUNS.flatMap(([first, signs]) => [...signs].map((sign, at) => [String.fromCodePoint(first + at), sign])),
);
