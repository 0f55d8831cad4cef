import { cookies } from "next/headers";
import { sessionSecret } from "@/lib/env";
import { seal, unseal } from "@/lib/session";

const COOKIE = "session";
const THIRTY_DAYS = 30 * 24 * 60 * 60;

/** Who is signed in, if anyone. */
export async function currentReader(): Promise<string | undefined> {
  const sealed = (await cookies()).get(COOKIE)?.value;
  return sealed && unseal(sealed, sessionSecret());
}

export async function signInAs(name: string): Promise<void> {
  (await cookies()).set(COOKIE, seal(name, sessionSecret()), {
    httpOnly: true,
    sameSite: "lax",
    secure: process.env.NODE_ENV === "production",
    maxAge: THIRTY_DAYS,
  });
}
