// The sheet's talk with the interface: read the month, send operations.

import { ask, faultOf, json, sendJson } from "../../server.js";

export async function readSheet(url, fresh) {
  const response = await ask(url, fresh ? { cache: "no-store" } : {});
  const body = await json(response);
  if (response.ok) return body;
  throw faultOf(response, body);
}

// What the Queue of ops.js calls.
export function sender(url) {
  return async (baseVersion, ops) => {
    const response = await sendJson(url, { base_version: baseVersion, ops });
    const body = await json(response);
    if (response.ok && body && Array.isArray(body.results)) return body;
    throw faultOf(response, body);
  };
}
