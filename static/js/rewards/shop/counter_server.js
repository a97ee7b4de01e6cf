// The counter's talk with the interface. Faults are SendFaults of ops.js: network (nobody answered), signed_out, rejected.

import { post, read } from "../../server.js";

const MOST = 10; // offline operations in one request: with their signatures well below what a request may hold

export class CounterServer {
  constructor({ packageUrl, redemptionsUrl, offlineUrl }) {
    Object.assign(this, { packageUrl, redemptionsUrl, offlineUrl });
  }

  // The village's package, or the same about one household.
  read(household = "") {
    return read(household ? `${this.packageUrl}?household=${household}` : this.packageUrl);
  }

  // Too many wrong PINs are an answer.
  post(url, content) {
    return post(url, content, [429]);
  }

  reserve(content) {
    return this.post(this.redemptionsUrl, content);
  }

  handOver(redemption, content) {
    return this.post(`${this.redemptionsUrl}${redemption}/hand-over/`, content);
  }

  // What the Queue of ops.js calls: answers {results: [{op_id, status, reason}]}, one for each that the server answered.
  async send(_base, ops) {
    const results = [];
    for (const op of ops.filter((one) => one.hand)) results.push(await this.sendHandOver(op));
    const others = ops.filter((one) => !one.hand);
    for (let at = 0; at < others.length; at += MOST) results.push(...(await this.record(others.slice(at, at + MOST))));
    return { results };
  }

  // A hand-over begun with a connection. Refused at once, nothing was given; but when its answer got lost the goods may be
  // gone, so then what happened is recorded.
  async sendHandOver(op) {
    const { op_id: opId, hand, redemption, signature, ...rest } = op;
    const { collected_by, relation, delivered_to_home } = rest;
    try {
      await this.handOver(redemption, { op_id: hand, signature, collected_by, relation, delivered_to_home });
      return { op_id: opId, status: "applied", reason: "" };
    } catch (fault) {
      if (fault.kind !== "rejected") {
        op.lost = true;
        throw fault;
      }
      if (op.lost) return (await this.record([op]))[0];
      return { op_id: opId, status: "refused", reason: fault.message };
    }
  }

  async record(ops) {
    try {
      const { results } = await this.post(this.offlineUrl, { ops: ops.map(plain) });
      return results.map((result) => (result.status === "recorded" ? { ...result, status: "applied" } : result));
    } catch (fault) {
      if (fault.kind !== "rejected") throw fault;
      if (ops.length === 1) return [{ op_id: ops[0].op_id, status: "refused", reason: fault.message }];
      const results = []; // one of them cannot be read: it must not hold up the rest
      for (const op of ops) results.push(...(await this.record([op])));
      return results;
    }
  }
}

// As the interface wants it: without what only this page needs.
function plain({ hand, lost, words, ...op }) {
  if (op.redemption) for (const name of ["household", "item", "quantity"]) delete op[name];
  else delete op.redemption;
  return op;
}
