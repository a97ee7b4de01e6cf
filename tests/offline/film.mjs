// A film of codes before a careless camera: in any order, some twice, some of another film, some missing. By a seeded chance, 500 times.
import assert from "node:assert";
import { RECEIPTS, Reel, TASK, piecesOf, progress } from "../../static/js/film.js";

let state = Number(process.argv[2] || 1);
const chance = () => {
  state = (state * 1103515245 + 12345) % 2147483648;
  return state / 2147483648;
};
const pick = (all) => all[Math.floor(chance() * all.length)];
const text = (length) => Array.from({ length }, () => pick([..."{}\":,AZaz09+/="])).join("");

for (let round = 0; round < 500; round += 1) {
  const [ours, theirs] = [text(1 + Math.floor(chance() * 4000)), text(700)];
  const [pieces, others, turned] = [await piecesOf(ours, TASK), await piecesOf(theirs, TASK), await piecesOf(ours, RECEIPTS)];
  const reel = new Reel(TASK);
  assert.equal(reel.take(pick(pieces)), "new");
  while (!reel.isWhole) {
    const before = reel.pieces.size;
    const [kind, code] = pick([["ours", pick(pieces)], ["ours", pick(pieces)], ["other", pick(others)], ["turned", pick(turned)], ["none", text(40)]]);
    const what = reel.take(code);
    if (kind === "ours") assert.ok(["new", "again"].includes(what), what);
    else assert.equal(what, kind);
    assert.equal(reel.pieces.size, before + (what === "new" ? 1 : 0));
    assert.equal(reel.missing.length, pieces.length - reel.pieces.size);
    if (!reel.isWhole) assert.ok(progress(reel).includes(`第 ${reel.missing[0]}`), progress(reel));
  }
  assert.equal(await reel.text(), ours);
}

const [piece] = await piecesOf("x".repeat(200), TASK);
const reel = new Reel(TASK);
assert.equal(reel.take(piece.replace("xx", "xy")), "new");
assert.equal(await reel.text(), null); // read wrongly: its pieces do not make what they say
for (const wrong of ["", "DKT", piece.replace("1/1", "2/1"), piece.replace("1/1", "0/1"), piece.replace("DKT", "DKX"), "https://x/h/abc/"]) {
  assert.equal(new Reel(TASK).take(wrong), "none", wrong);
}
assert.deepEqual(await piecesOf("x".repeat(300 * 999 + 1), TASK), []);
console.log("whole");
