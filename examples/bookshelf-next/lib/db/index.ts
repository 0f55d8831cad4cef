import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import { Pool } from "pg";
import { databaseUrl } from "@/lib/env";
import * as schema from "./schema";

type Database = NodePgDatabase<typeof schema>;

// Kept on globalThis: the development server reloads this module on every
// change, and each reload would leave another pool of connections open.
const kept = globalThis as { database?: Database };

export function db(): Database {
  return (kept.database ??= drizzle(
    new Pool({ connectionString: databaseUrl() }),
    { schema },
  ));
}
