// Checks a household's proof: its own rows, the way from each up to the village's root, and from there to the county's.
// The same sums as scoring/merkle.py (RFC 9162, 2.1.3.2); docs/ledger.md describes the file.

const LEAF = 0, NODE = 1;
const text = new TextEncoder();

export const canHash = () => Boolean(globalThis.crypto && globalThis.crypto.subtle);

async function sha256(...parts) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

export const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

function unhex(digits) {
  if (!/^([0-9a-f]{2})*$/.test(digits)) throw new Error("not hexadecimal");
  return Uint8Array.from(digits.match(/../g) || [], (pair) => parseInt(pair, 16));
}

export const leafOf = (line) => sha256([LEAF], text.encode(line));

// The root that a proof leads to, as hexadecimal; null when its length does not fit. Indexes count from 0.
export async function rootFromProof(leaf, index, size, path) {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return null;
  let at = index, last = size - 1, top = leaf;
  for (const step of path) {
    const beside = unhex(step);
    if (last === 0) return null;
    if (at % 2 || at === last) {
      top = await sha256([NODE], beside, top);
      while (at && at % 2 === 0) {
        at /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      top = await sha256([NODE], top, beside);
    }
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? hex(top) : null;
}

export const lineOf = (chain) => `${chain.chain}|${chain.size}|${chain.head}|${chain.root}`;

const COLUMNS = ["chain", "seq", "owner_kind", "owner", "kind", "month", "year", "amount", "held", "owed", "source_key", "text",
  "at", "salt"];

// The canonical line of a row, as scoring/ledger/chains.py writes it.
export function canonical(row) {
  const values = COLUMNS.map((name) => String(row[name] ?? ""));
  if (values.some((value) => /[\t\n]/.test(value))) throw new Error("a column holds a tab or a line break");
  return ["v1", ...values].join("\t");
}

// Ends the words that took the place of others, by law; the leaf of such a row is given, for the words it was made of are gone.
const WITHHELD = "（原文已依法不再公开）";
export const isWithheld = (row) => "leaf" in row && String(row.text).endsWith(WITHHELD);

const leafOfRow = (row) => (isWithheld(row) ? unhex(row.leaf) : leafOf(canonical(row)));

async function isProved(row, proof) {
  if (row.owner !== proof.owner || row.chain !== proof.line.chain) return false;
  const root = await rootFromProof(await leafOfRow(row), row.seq - 1, proof.line.size, row.path);
  return root === proof.line.root;
}

// What does not fit inside the proof itself: the rows that are not in the village's root, and whether that is in the county's.
export async function checkProof(proof) {
  const wrong = [];
  let before = 0; // a row told twice would be counted twice
  for (const row of proof.rows) {
    if (row.seq <= before || !(await isProved(row, proof))) wrong.push(row);
    before = row.seq;
  }
  const root = await rootFromProof(await leafOf(lineOf(proof.line)), proof.index, proof.lines, proof.path);
  return { wrong, inCounty: root === proof.root };
}

// Whether a published list says the same as the proof.
export function isPublished(proof, daily) {
  const line = daily.chains.find((chain) => chain.chain === proof.line.chain);
  return daily.county === proof.county && daily.day === proof.day && daily.root === proof.root
    && Boolean(line) && lineOf(line) === lineOf(proof.line);
}
