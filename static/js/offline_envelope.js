// What somebody carries who cannot read it: sealed for the server (a key pair made for this one envelope, P-256; what both agree on seals
// under AES-GCM), with a key inside under which its answer comes back.

const CURVE = { name: "ECDH", namedCurve: "P-256" };
const INFO = new TextEncoder().encode("dongkou envelope 1");
const NONCE = 12; // bytes

const bytes = (base64) => Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));

function base64(buffer) {
  const all = new Uint8Array(buffer);
  let text = "";
  for (let at = 0; at < all.length; at += 4096) text += String.fromCharCode(...all.subarray(at, at + 4096));
  return btoa(text);
}

async function sealed(key, content) {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE));
  const cipher = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(JSON.stringify(content))));
  const all = new Uint8Array(NONCE + cipher.length);
  all.set(iv);
  all.set(cipher, NONCE);
  return base64(all);
}

// A key for the answer, to be stored by whoever seals: 32 bytes in base64.
export const replyKey = () => base64(crypto.getRandomValues(new Uint8Array(32)));

// `to` is the server's {key, point}. The text of a file.
export async function seal(content, to, kind) {
  const own = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
  const theirs = await crypto.subtle.importKey("raw", bytes(to.point), CURVE, false, []);
  const bits = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, own.privateKey, 256);
  const secret = await crypto.subtle.importKey("raw", bits, "HKDF", false, ["deriveKey"]);
  const way = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: INFO };
  const key = await crypto.subtle.deriveKey(way, secret, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const point = base64(await crypto.subtle.exportKey("raw", own.publicKey));
  return JSON.stringify({ dongkou: kind, key: to.key, point, sealed: await sealed(key, content) });
}

// What an answer says that was sealed under one of these keys; null when it was under none, or is none of that kind.
export async function open(text, keys, kind) {
  const outside = parsed(text);
  if (!outside || outside.dongkou !== kind) return null;
  const all = bytes(outside.sealed);
  for (const each of keys) {
    const key = await crypto.subtle.importKey("raw", bytes(each), "AES-GCM", false, ["decrypt"]);
    const way = { name: "AES-GCM", iv: all.subarray(0, NONCE) };
    const clear = await crypto.subtle.decrypt(way, key, all.subarray(NONCE)).catch(() => null);
    if (clear) return JSON.parse(new TextDecoder().decode(clear));
  }
  return null;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
