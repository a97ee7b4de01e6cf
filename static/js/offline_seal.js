// Rows that say nothing to whoever finds the device: AES-GCM under a key that this browser holds for one person and hands to
// nobody, not even to this page. When the key is thrown away, what it sealed is gone.

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
    const known = await change.store.get(user);
    if (!known) await change.store.put({ user, key: fresh });
    await change.done;
    return new Seal(known ? known.key : fresh);
  }

  // `clear` names the fields that stay readable: what rows are found and thrown away by.
  async shut(row, clear) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const text = new TextEncoder().encode(JSON.stringify(row));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, this.key, text);
    const open = {};
    for (const name of clear) if (row[name] !== undefined) open[name] = row[name];
    if (row.op) open.op = { op_id: row.op.op_id };
    return { ...open, iv, sealed };
  }

  // The row as it was; null for one under a key that is gone.
  async open(row) {
    try {
      const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv }, this.key, row.sealed);
      return JSON.parse(new TextDecoder().decode(text));
    } catch {
      return null;
    }
  }
}
