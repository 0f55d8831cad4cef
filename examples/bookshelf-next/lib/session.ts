import { createHmac, timingSafeEqual } from "node:crypto";

// A session is the reader's name and a signature over it, so the server keeps
// nothing and any number of copies of it can share the work.

function signature(name: string, secret: string): Buffer {
  return createHmac("sha256", secret).update(name).digest();
}

export function seal(name: string, secret: string): string {
  const encoded = Buffer.from(name).toString("base64url");
  return `${encoded}.${signature(name, secret).toString("base64url")}`;
}

/** The name in a sealed session, or undefined when it was tampered with. */
export function unseal(sealed: string, secret: string): string | undefined {
  const [encoded = "", given = ""] = sealed.split(".");
  const name = Buffer.from(encoded, "base64url").toString();
  const expected = signature(name, secret);
  const actual = Buffer.from(given, "base64url");
  // timingSafeEqual throws on a difference in length.
  const genuine =
    actual.length === expected.length && timingSafeEqual(actual, expected);
  return genuine ? name : undefined;
}
