// The sheet as values: lamps, counts, search, what changed. No page in here, so that all of it can be tried by itself.

import { compared } from "../../folding.js";

export const SIGNS = {
  grey: { mark: "–", words: "还没有申报" },
  none: { mark: "–", words: "没有登记" },
  kept: { mark: "✓", words: "守住" },
  broken: { mark: "✕", words: "没有守住" },
  reminded: { mark: "!", words: "有提醒，不扣分" },
  bonus: { mark: "+", words: "有加分" },
  pending: { mark: "?", words: "等第二人确认" },
};
const DIVISION_SUBJECTS = ["division", "both"];
const HOUSEHOLD_SUBJECTS = ["household", "both"];
export const HOUSEHOLD = 18;
export const VILLAGE = 12;

export class Sheet {
  constructor(data) {
    this.load(data);
  }

  load(data) {
    this.data = data;
    this.zeros = data.scheme.indicators;
    this.places = new Map();
    for (const group of data.groups) this.places.set(group.code, { ...group, division: true });
    for (const household of data.households) this.places.set(household.code, household);
    this.clauses = new Map();
    for (const zero of this.zeros) for (const clause of zero.clauses) this.clauses.set(clause.code, { ...clause, zero });
    this.sort(data.events);
    this.index = data.households.map(searchable);
  }

  sort(events) {
    this.events = new Map();
    for (const event of events) this.put(event);
  }

  // An event as the server has it now, in place of what was known of it.
  put(event) {
    const known = this.of(event.code).filter((other) => other.id !== event.id);
    this.events.set(event.code, [...known, event].sort((a, b) => a.id - b.id));
  }

  of(code) {
    return this.events.get(code) || [];
  }

  standing(code) {
    return this.of(code).filter((event) => event.state !== "withdrawn");
  }

  get all() {
    return [].concat(...this.events.values());
  }

  get declared() {
    return this.data.state !== "open";
  }

  name(code) {
    const place = this.places.get(code);
    if (place && place.division) return code.length === VILLAGE ? `全村（${place.name}）` : `全组（${place.name}）`;
    return place ? place.name : `${code}（本月不在册）`;
  }

  // Whether they live elsewhere now: told to the village's own cadre and leader alone.
  isAway(code) {
    const place = this.places.get(code);
    return Boolean(place && place.away);
  }

  // Clauses of a zero that can be recorded on this household or division.
  clausesFor(zero, code) {
    const subjects = code.length === HOUSEHOLD ? HOUSEHOLD_SUBJECTS : DIVISION_SUBJECTS;
    return zero.clauses.filter((clause) => subjects.includes(clause.subject));
  }

  lamp(code, zero) {
    const events = this.standing(code).filter((event) => event.indicator === zero.code);
    const has = (kind, state) => events.some((event) => event.kind === kind && event.state === state);
    let state = "grey";
    if (has("deduct", "confirmed")) state = "broken";
    else if (events.some((event) => event.state === "pending")) state = "pending";
    else if (has("remind", "confirmed")) state = "reminded";
    else if (has("bonus", "confirmed")) state = "bonus";
    else if (code.length !== HOUSEHOLD) state = "none";
    else if (this.declared) state = "kept";
    return { state, count: events.length, ...SIGNS[state] };
  }

  // Standing exceptions, households that have one, and the other households.
  counts() {
    let events = 0;
    let touched = 0;
    for (const [code] of this.events) {
      const number = this.standing(code).length;
      events += number;
      if (number && code.length === HOUSEHOLD && this.places.has(code)) touched += 1;
    }
    const households = this.data.households.length;
    return { events, households, exceptions: touched, sixZero: households - touched };
  }

  pending() {
    return this.all.filter((event) => event.state === "pending");
  }

  groups() {
    return this.data.groups.filter((group) => group.code.length !== VILLAGE);
  }

  inGroup(group) {
    return this.data.households.filter((household) => household.code.startsWith(group));
  }

  // Codes with a standing exception: divisions first, then households, then what is not on this month's list.
  exceptional() {
    const codes = [...this.events.keys()].filter((code) => this.standing(code).length);
    return codes.sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  }

  search(words) {
    const wanted = compared(words);
    if (!wanted) return [];
    const numbered = /^(\d{1,2})(?:组|-|－|\.|第)+(\d{1,4})号?$/.exec(wanted);
    const match = numbered ? byNumber(numbered) : /^\d+$/.test(wanted) ? byDigits(wanted) : byName(wanted);
    return this.index.filter(match).sort((a, b) => rank(a, wanted) - rank(b, wanted)).map((found) => found.code);
  }
}

function searchable(household) {
  const code = household.code;
  return {
    code,
    name: compared(household.name),
    initials: household.initials,
    group: Number(code.slice(12, 14)),
    number: String(Number(code.slice(14))),
    tail: code.slice(12),
  };
}

const byName = (wanted) => (row) => row.name.includes(wanted) || row.initials.startsWith(wanted) || (wanted.length > 1 && row.initials.includes(wanted));
const byNumber = ([, group, number]) => (row) => row.group === Number(group) && row.number === String(Number(number));
const byDigits = (wanted) => (row) =>
  row.number === String(Number(wanted)) || (wanted.length > 3 && (row.tail.includes(wanted) || row.code.startsWith(wanted) || row.code.endsWith(wanted)));

// Whole matches before beginnings before the rest; the order of codes within.
function rank(row, wanted) {
  if (row.name === wanted || row.initials === wanted || row.code === wanted) return 0;
  return row.name.startsWith(wanted) || row.initials.startsWith(wanted) ? 1 : 2;
}

// What another person changed between two readings: sentences.
export function changes(before, after, own) {
  const known = new Map(before.events.map((event) => [event.id, event]));
  const sheet = new Sheet(after);
  const told = [];
  for (const event of after.events) {
    const old = known.get(event.id);
    const what = `${sheet.name(event.code)}的${zeroName(sheet, event)}`;
    if (own.has(event.op_id) || own.has(event.id)) continue;
    if (!old && event.state !== "withdrawn") told.push(`${event.recorded_by.name}登记了${what}`);
    else if (old && old.state !== "withdrawn" && event.state === "withdrawn") told.push(`${what}被撤回（${event.withdraw_reason}）`);
    else if (old && old.state === "pending" && event.state === "confirmed") told.push(`${what}已有第二人确认`);
  }
  if (before.state !== after.state) told.push(after.state === "open" ? "台账又可以修改了" : after.lock_reason.replace(/。$/, ""));
  return told;
}

function zeroName(sheet, event) {
  const zero = sheet.zeros.find((each) => each.code === event.indicator);
  return zero ? zero.name : "";
}
