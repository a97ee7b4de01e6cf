// One recorded exception inside the dialog: what it says, who recorded it, and withdrawing or confirming it.

import { h, onKey } from "../../dom.js";
import { HOUSEHOLD } from "./model.js";
import { day, moment, points, queued, state } from "./words.js";

export function eventCard(event, page) {
  const card = h(`article.sheet-event.sheet-event-${event.state}`, { tabindex: "-1" }, ...facts(event, page));
  const item = page.queue.items.find((each) => each.op.event === event.id);
  if (item) card.append(...onItsWay(item, page, event));
  else card.append(actions(event, page, card));
  return card;
}

function facts(event, page) {
  const clause = page.sheet.clauses.get(event.clause);
  const by = `${event.recorded_by.role_name} ${event.recorded_by.name}，${moment(event.recorded_at)}登记`;
  const second = event.confirmed_by;
  const confirmed = second ? `${second.role_name} ${second.name}，${moment(event.confirmed_at)}确认` : "";
  const details = [day(event.date), event.document_no ? `文书号 ${event.document_no}` : "", by, confirmed].filter(Boolean);
  return [
    h("p.sheet-event-text", {},
      h(`span.sheet-points.sheet-points-${event.kind}`, {}, points(event.kind, event.points, event.code.length !== HOUSEHOLD)),
      event.secret ? "零非访条款由信访局凭生效的文书登记，内容只有本户、信访局和县六零办能看。" : clause ? clause.text : event.clause),
    event.note ? h("p.sheet-event-note", {}, event.note) : null,
    h("p.sheet-event-by", {}, details.join(" · ")),
    h("p.sheet-event-state", {}, event.state === "withdrawn" ? `已撤回：${event.withdraw_reason}` : state(event)),
  ].filter(Boolean);
}

function onItsWay(item, page, event) {
  const what = item.op.type === "confirm" ? "确认" : "撤回";
  const said = h("p.sheet-event-queued", { role: "status" }, `${what}：${queued(item)}`);
  if (item.state !== "failed") return [said];
  const back = h("button.btn.btn-sm", { type: "button", on: { click: () => page.drop(item, [event.code]) } }, "知道了");
  return [said, back];
}

function actions(event, page, card) {
  const row = h("div.sheet-event-actions");
  if (event.state === "pending" && !event.can_confirm) row.append(h("small", {}, event.secret ? "要由信访局的另一个人确认，确认后才算。" : "要由另一个人确认（村干部、监督委员或乡镇），确认后才算。"));
  if (event.can_confirm) row.append(h("button.btn.btn-sm", { type: "button", on: { click: () => confirm(event, page) } }, "我核实过，确认"));
  if (!event.secret && (event.photos || event.can_withdraw)) row.append(photos(event, page));
  if (!event.secret && event.can_withdraw) row.append(h("a.btn.btn-sm", { href: page.root.dataset.eventUrl.replace("0/", `${event.id}/correct/`) }, "改"));
  if (event.can_withdraw) row.append(h("button.btn.btn-sm", { type: "button", on: { click: () => ask(event, page, card, row) } }, "撤回"));
  return row;
}

// Photos are added and looked at on the event's own page; the sheet stays as it is.
const photos = (event, page) =>
  h("a.btn.btn-sm", { href: page.root.dataset.eventUrl.replace("0/", `${event.id}/`), target: "_blank", rel: "noopener" }, event.photos ? `照片 ${event.photos} 张` : "加照片");

const confirm = (event, page) => page.operate({ type: "confirm", event: event.id }, [event.code]);

// The reason is asked in place of the buttons. The card is no form of its own: it stands inside the dialog's form.
function ask(event, page, card, row) {
  const id = `why-${event.id}`;
  const input = h("input.form-control", { id, maxlength: "200", autocomplete: "off", "aria-describedby": `${id}-fault` });
  const fault = h("p.field-fault", { id: `${id}-fault`, hidden: true }, "撤回要写明原因。");
  const go = () => {
    const reason = input.value.trim();
    fault.hidden = Boolean(reason);
    if (reason) page.operate({ type: "withdraw", event: event.id, reason }, [event.code]);
    else input.focus();
  };
  const stop = () => {
    asked.replaceWith(row);
    row.querySelector("button:last-of-type").focus();
  };
  onKey(input, (key) => {
    if (key.key === "Enter") [key.preventDefault(), go()];
    if (key.key === "Escape") [key.preventDefault(), key.stopPropagation(), stop()];
  });
  const asked = h("div.sheet-why", {}, h("label.form-label.required", { for: id }, "撤回的原因"), input, fault,
    h("div.sheet-event-actions", {},
      h("button.btn.btn-danger", { type: "button", on: { click: go } }, "确认撤回"),
      h("button.btn", { type: "button", on: { click: stop } }, "不撤回")));
  row.replaceWith(asked);
  input.focus();
}
