import { expect, test } from "vitest";
import { seal, unseal } from "@/lib/session";

const SECRET = "a-secret-that-only-tests-ever-use";

test("a sealed name comes back", () => {
  expect(unseal(seal("Zoë.B", SECRET), SECRET)).toBe("Zoë.B");
});

test("another secret's session is refused", () => {
  expect(unseal(seal("ann", "other"), SECRET)).toBeUndefined();
});

test("another name under the same signature is refused", () => {
  const [, signature] = seal("ann", SECRET).split(".");
  const forged = `${Buffer.from("bob").toString("base64url")}.${signature}`;
  expect(unseal(forged, SECRET)).toBeUndefined();
});

test.each(["", ".", "nonsense", "a.b.c"])("%j is refused", (value) => {
  expect(unseal(value, SECRET)).toBeUndefined();
});
