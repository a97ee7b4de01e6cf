// Rows that say nothing to whoever finds the device: AES-GCM under a key that this browser keeps for one person and hands to
// nobody, not even to this page. When the key is thrown away, what it sealed is gone.

const CLEAR = ["id", "made", "ended", "kept", "user", "reception"]; // what rows are found and thrown away by

// Browsers have it on https and localhost only.
export const canSeal = () => Boolean(window.crypto.subtle);

export class Seal {
  constructor(key) {
    this.key = key;
  }

  // The key of `user` in the store "keys", made the first time. Two tabs that begin at once end up with one key.
  static async of(db, user) {
    const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    const change = db.transaction("keys", "readwrite");
    const kept = await change.store.get(user);
    if (!kept) await change.store.put({ user, key: fresh });
    await change.done;
    return new Seal(kept ? kept.key : fresh);
  }

  async shut(row) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const text = new TextEncoder().encode(JSON.stringify(row));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, this.key, text);
    const clear = {};
    for (const name of CLEAR) if (row[name] !== undefined) clear[name] = row[name];
    if (row.op) clear.op = { op_id: row.op.op_id };
    return { ...clear, iv, sealed };
  }

  // The row as it was; null for one under a key that is gone.
  async open(row) {
    try {
      const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv }, this.key, row.sealed);
      return JSON.parse(new TextDecoder().decode(text));
    } catch (fault) {
      return null;
    }
  }
}
