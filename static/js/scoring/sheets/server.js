// The sheet's talk with the interface: read the month, send operations.

import { SendFault } from "../../ops.js";
import { ask, faultOf, json, sendJson } from "../../server.js";

export async function readSheet(url, fresh) {
  const response = await ask(url, fresh ? { cache: "no-store" } : {});
  const body = await json(response);
  if (response.ok) return body;
  throw faultOf(response, body);
}

// What the server is told of an operation; the rest is for this device.
export const plain = ({ words: _words, ...op }) => op;

// What the Queue of ops.js calls. What nobody signed is no answer: its operations stay, and are sent again later.
export function sender(url, receipts) {
  return async (baseVersion, items) => {
    const ops = items.map(plain);
    const response = await sendJson(url, { base_version: baseVersion, ops });
    const body = await json(response);
    if (!response.ok || !body || !Array.isArray(body.results)) throw faultOf(response, body);
    const results = await receipts.signed(ops, body.results);
    if (!results.length) throw new SendFault("network", "回答没有服务器的签名");
    return { ...body, results };
  };
}
