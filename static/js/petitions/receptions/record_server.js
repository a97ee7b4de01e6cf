// The record page's talk with the interface. Faults are SendFaults of ops.js: network (nobody answered), signed_out, rejected.

import { post, read } from "../../server.js";

export class ReceptionServer {
  constructor({ packageUrl, recordsUrl }) {
    Object.assign(this, { packageUrl, recordsUrl });
  }

  // The list with its briefings.
  read() {
    return read(this.packageUrl);
  }

  // What the Queue of ops.js calls: one record at a time, in the order in which they were made. What the server refuses is refused
  // for good; the others of the batch go on.
  async send(_base, ops) {
    const results = [];
    for (const op of ops) results.push(await this.sendOne(op));
    return { results };
  }

  async sendOne({ words, ...op }) {
    try {
      const made = await post(this.recordsUrl, op);
      return { op_id: op.op_id, status: "applied", reason: "", number: made.number, code: made.code, state: made.state, listed: made.listed, movedOn: made.moved_on, promise: made.promise };
    } catch (fault) {
      if (fault.kind !== "rejected") throw fault;
      return { op_id: op.op_id, status: "refused", reason: fault.message };
    }
  }
}
