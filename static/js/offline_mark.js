// What every page of the site may know of what lies on this device: by database, how much waits to be sent (`unsent`), what it is in
// words (`what`), and after which moment it has lain too long (`until`, null for never).

const NAME = "dongkou-kept"; // older than the words used here; devices hold it
export const ALL = "*"; // in place of a database's name: written when there was one of them only, and its name was known

export function marks() {
  try {
    const found = JSON.parse(localStorage.getItem(NAME)) || {};
    return typeof found.unsent === "number" ? { [ALL]: { what: "记录", ...found } } : found;
  } catch {
    return {};
  }
}

// Note what lies in one database; null when nothing does.
export function mark(database, said) {
  const { [ALL]: _older, [database]: _known, ...others } = marks();
  const all = said ? { ...others, [database]: said } : others;
  if (Object.keys(all).length) localStorage.setItem(NAME, JSON.stringify(all));
  else localStorage.removeItem(NAME);
}
