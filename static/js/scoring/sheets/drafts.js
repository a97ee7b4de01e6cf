// What was typed into an entry but not saved, by household and zero. It outlives a reload of the tab, not the tab.

export class Drafts {
  constructor(user, data) {
    this.prefix = `dongkou draft ${user} ${data.month} ${data.village.code}`;
  }

  name(code, zero) {
    return `${this.prefix} ${code} ${zero}`;
  }

  get(code, zero) {
    try {
      return JSON.parse(sessionStorage.getItem(this.name(code, zero)));
    } catch {
      return null;
    }
  }

  put(code, zero, fields) {
    try {
      sessionStorage.setItem(this.name(code, zero), JSON.stringify(fields));
    } catch {
      // No storage in private mode: then nothing outlives the dialog.
    }
  }

  drop(code, zero) {
    try {
      sessionStorage.removeItem(this.name(code, zero));
    } catch {
      // The same.
    }
  }
}
