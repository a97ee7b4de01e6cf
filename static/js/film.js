// A sealed file as a film: codes that a camera reads in any order, some of them twice, until it has them all. Each piece says of what
// kind the film is, which one, and the how manyeth of how many it is. What is sealed stays sealed: a film is only a way to carry it.

export const TASK = "T"; // what a device gives to be handed in
export const RECEIPTS = "R"; // what comes back
const ROOM = 300; // signs of the file in one piece: a code of 69 modules, which a telephone of 360 px shows four pixels wide each
const MOST = 999; // pieces; what is longer is carried as a file
const PIECE = /^DK([TR]) ([0-9a-f]{12}) ([0-9]{1,3})\/([0-9]{1,3}) ([^]+)$/;

async function markOf(text) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return [...digest.slice(0, 6)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// The codes of a file, none when it is too long.
export async function piecesOf(text, kind) {
  const mark = await markOf(text);
  const number = Math.ceil(text.length / ROOM);
  const all = Array.from({ length: number }, (_, at) => `DK${kind} ${mark} ${at + 1}/${number} ${text.slice(at * ROOM, (at + 1) * ROOM)}`);
  return number > MOST ? [] : all;
}

// What has been read of one film.
export class Reel {
  constructor(kind) {
    this.kind = kind;
    this.clear();
  }

  clear() {
    this.pieces = new Map();
    this.mark = "";
    this.of = 0;
  }

  // What a code was: "new", "again" (it is here already), "other" (of another film than the one begun), "turned" (one that goes the other
  // way) or "none" (no code of a film).
  take(code) {
    const [, kind, mark, at, of, text] = PIECE.exec(code) || [];
    if (!kind || Number(at) < 1 || Number(at) > Number(of)) return "none";
    if (kind !== this.kind) return "turned";
    if (!this.mark) [this.mark, this.of] = [mark, Number(of)];
    if (mark !== this.mark || Number(of) !== this.of) return "other";
    if (this.pieces.has(Number(at))) return "again";
    this.pieces.set(Number(at), text);
    return "new";
  }

  get missing() {
    return Array.from({ length: this.of }, (_, at) => at + 1).filter((at) => !this.pieces.has(at));
  }

  get isWhole() {
    return this.of > 0 && !this.missing.length;
  }

  // The file, null when its pieces do not make what they say.
  async text() {
    const text = Array.from({ length: this.of }, (_, at) => this.pieces.get(at + 1)).join("");
    return (await markOf(text)) === this.mark ? text : null;
  }
}

const NAMED = 8; // of the pieces that are missing

// How far one has come, in words.
export function progress(reel) {
  const { missing } = reel;
  const named = missing.slice(0, NAMED).join("、");
  return `读到 ${reel.pieces.size} 张，共 ${reel.of} 张，还差第 ${named}${missing.length > NAMED ? "……" : ""} 张。`;
}

// Why a code was not taken, in words; `there` says where one that goes the other way is read.
export function refusal(what, reel, there) {
  if (what === "other") return `这是另一份的码，没有收。这一份还差 ${reel.missing.length} 张；要读那一份，先收起摄像头再打开。`;
  return what === "turned" ? there : "这不是台账的码。";
}
