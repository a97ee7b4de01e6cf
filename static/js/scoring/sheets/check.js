// What is wrong with an entry before it is stored: the server's own rules (scoring/sheets/ops.py and actions/entries.py), so that nothing is
// recorded without a line that is refused when there is one. Both are held to tests/scoring/sheets/entries.json.

const LONGEST = { note: 200, document_no: 60 };
const LABELS = { note: "说明", document_no: "文书号" };
// Control signs but tab and line end, signs that turn the direction of writing, halves of surrogate pairs.
// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ud800-\udfff]/u;
const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;

// `fields` are those of an "add" of the interface, `clause` the chosen one, `first` and `last` the days between which it may lie. Answers the
// field and the reason; null when nothing is wrong.
export function faultOf(fields, clause, { first, last }) {
  if (!clause) return ["clause", "请先选一条条款。"];
  if (!fields.date) return ["date", "请填日期。"];
  if (!DAY.test(fields.date)) return ["date", "日期要写成 2026-10-05 的样子。"];
  if (fields.date < first || fields.date > last) return ["date", `日期要在 ${first} 到 ${last} 之间。`];
  for (const name of Object.keys(LONGEST)) {
    const text = (fields[name] || "").trim();
    if ([...text].length > LONGEST[name]) return [name, `${LABELS[name]}最多 ${LONGEST[name]} 个字。`];
    if (CONTROL.test(text)) return [name, `${LABELS[name]}里有看不见的控制字符，请重新输入。`];
  }
  if (clause.document_required && !(fields.document_no || "").trim()) return ["document_no", "请填文书号，没有文书不能登记。"];
  return null;
}
