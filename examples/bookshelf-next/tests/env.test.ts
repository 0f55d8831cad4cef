import { afterEach, expect, test, vi } from "vitest";
import { databaseUrl, sessionSecret } from "@/lib/env";
import { showPrice } from "@/lib/price";

afterEach(() => vi.unstubAllEnvs());

test("names the variable that is missing", () => {
  vi.stubEnv("DATABASE_URL", "");
  expect(databaseUrl).toThrow("DATABASE_URL must be set");
});

test("refuses a short session secret", () => {
  vi.stubEnv("SESSION_SECRET", "short");
  expect(sessionSecret).toThrow("32 characters");
});

test("shows cents as euros", () => {
  expect(showPrice(905)).toBe("€9.05");
});
