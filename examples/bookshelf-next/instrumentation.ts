import type { Instrumentation } from "next";

// Next calls register once when a server starts, and onRequestError for every
// error that a page or a route lets through.

export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === "nodejs" && process.env.SENTRY_DSN) {
    const Sentry = await import("@sentry/node");
    Sentry.init({ dsn: process.env.SENTRY_DSN });
  }
}

export const onRequestError: Instrumentation.onRequestError = async (
  error,
  request,
) => {
  if (process.env.NEXT_RUNTIME === "nodejs" && process.env.SENTRY_DSN) {
    const Sentry = await import("@sentry/node");
    Sentry.captureException(error, {
      // The path alone: headers would carry the session cookie along.
      extra: { path: request.path, method: request.method },
    });
  }
};
