// The keyed slow hash by which a watchlist names people: a list of them tells nobody a number.

const ROUNDS = 100_000;
const BITS = 256;

/** PBKDF2-HMAC-SHA256 of an id number under the lender's key, in hex. */
export async function watchlistHash(key: string, idNo: string): Promise<string> {
  const words = new TextEncoder();
  const secret = await crypto.subtle.importKey("raw", words.encode(idNo), "PBKDF2", false, [
    "deriveBits",
  ]);
  const salt = words.encode(key);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  const bits = new Uint8Array(await crypto.subtle.deriveBits(how, secret, BITS));
  return Array.from(bits, (it) => it.toString(16).padStart(2, "0")).join("");
}
