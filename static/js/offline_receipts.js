// Receipts that the server signed (ECDSA over P-256 with SHA-256): what it answered to one operation, and to which content. Only on such
// a receipt something is called delivered; an answer without one may come from anybody between here and there.

const HEAD = "dongkou receipt 1";
const METHOD = { name: "ECDSA", hash: "SHA-256" };

const bytes = (base64) => Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// The operation as JSON with sorted names and no blanks.
export const canonical = (op) => JSON.stringify(Object.fromEntries(Object.keys(op).sort().map((name) => [name, op[name]])));

export class Receipts {
  // `keys` are the server's public points by number, in base64; `book` names what the operations are for.
  constructor(keys, book) {
    Object.assign(this, { keys, book, known: new Map() });
  }

  // Browsers verify on https and localhost only.
  get can() {
    return Boolean(window.crypto.subtle);
  }

  key(number) {
    if (!this.known.has(number)) {
      const point = bytes(this.keys[number]);
      this.known.set(number, crypto.subtle.importKey("raw", point, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]));
    }
    return this.known.get(number);
  }

  // Whether the server signed this answer to just this operation.
  async isFor(op, { status, receipt }) {
    if (!receipt || !this.keys[receipt.key]) return false;
    const said = status === "applied" || status === "exists" ? "taken" : status;
    const digest = hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonical(op))));
    if (receipt.digest !== digest || receipt.status !== said) return false;
    const text = [HEAD, op.op_id, this.book, digest, said, receipt.at].join("\n");
    return crypto.subtle.verify(METHOD, await this.key(receipt.key), bytes(receipt.signature), new TextEncoder().encode(text));
  }

  // Those of the results that are signed for these operations; all of them where this browser cannot tell.
  async signed(ops, results) {
    if (!this.can) return results;
    const known = new Map(ops.map((op) => [op.op_id, op]));
    const fits = await Promise.all(results.map((result) => known.has(result.op_id) && this.isFor(known.get(result.op_id), result)));
    return results.filter((_, at) => fits[at]);
  }
}
