// What was typed into an entry but not saved, by household and zero. It lies in the device's store, and here while the page is open.

export class Drafts {
  // `known` are those of the store when the page was opened.
  constructor(store, known) {
    Object.assign(this, { store, known: new Map(Object.entries(known)) });
  }

  get(code, zero) {
    return this.known.get(`${code} ${zero}`) || null;
  }

  put(code, zero, fields) {
    this.known.set(`${code} ${zero}`, fields);
    return this.note(this.store.storeDraft(`${code} ${zero}`, fields));
  }

  drop(code, zero) {
    if (!this.known.delete(`${code} ${zero}`)) return undefined;
    return this.note(this.store.dropDraft(`${code} ${zero}`));
  }

  // Without room nothing outlives the page.
  async note(change) {
    try {
      await change;
    } catch {
      // As above.
    }
  }
}
