// SHA-256 of a short ASCII text (FIPS 180-4). crypto.subtle would do, but browsers hide it on plain http, where a county's own
// network may run.

const primes = (count) => {
  const found = [];
  for (let n = 2; found.length < count; n += 1) if (found.every((p) => n % p)) found.push(n);
  return found;
};
const fraction = (x) => ((x - Math.floor(x)) * 2 ** 32) | 0;
const ROUNDS = primes(64).map((p) => fraction(Math.cbrt(p)));
const START = primes(8).map((p) => fraction(Math.sqrt(p)));
const turn = (x, by) => (x >>> by) | (x << (32 - by));

// The first `length` hexadecimal digits.
export function digest(text, length = 64) {
  const bytes = new TextEncoder().encode(text);
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 4, bytes.length * 8);
  const state = [...START];
  for (let at = 0; at < padded.length; at += 64) mix(state, view, at);
  return state.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("").slice(0, length);
}

function mix(state, view, at) {
  const words = [];
  for (let i = 0; i < 64; i += 1) words.push(i < 16 ? view.getInt32(at + i * 4) : spread(words, i));
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i += 1) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[i] + words[i]) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => { state[i] = (state[i] + word) | 0; });
}

function spread(words, i) {
  const [x, y] = [words[i - 15], words[i - 2]];
  const low = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
  const high = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10);
  return (words[i - 16] + low + words[i - 7] + high) | 0;
}
