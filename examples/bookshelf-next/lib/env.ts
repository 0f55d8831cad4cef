// Read when asked for rather than on import, so that `next build`, which
// imports every route, needs none of them.

function required(name: string, value: string | undefined): string {
  if (!value) throw new Error(`${name} must be set`);
  return value;
}

export const databaseUrl = () =>
  required("DATABASE_URL", process.env.DATABASE_URL);

export function sessionSecret(): string {
  const secret = required("SESSION_SECRET", process.env.SESSION_SECRET);
  if (secret.length < 32) {
    throw new Error("SESSION_SECRET must have at least 32 characters");
  }
  return secret;
}

export const stripeSecretKey = () =>
  required("STRIPE_SECRET_KEY", process.env.STRIPE_SECRET_KEY);

export const siteName = process.env.NEXT_PUBLIC_SITE_NAME || "Bookshelf";
