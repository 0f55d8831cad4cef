import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "postgresql",
  schema: "./lib/db/schema.ts",
  out: "./drizzle",
  // Empty for `generate`, which only compares files and opens no connection.
  dbCredentials: { url: process.env.DATABASE_URL ?? "" },
});
