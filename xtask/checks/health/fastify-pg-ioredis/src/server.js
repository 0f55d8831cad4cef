import Fastify from "fastify";
import Redis from "ioredis";
import pg from "pg";
import { health } from "./health.js";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
pool.on("error", () => {});
const cache = new Redis(process.env.REDIS_URL);
cache.on("error", () => {});

const app = Fastify();
await app.register(health);
app.get("/", async () => {
  await cache.incr("visits");
  const { rows } = await pool.query("SELECT 1 AS one");
  return rows;
});

await app.listen({ port: Number(process.env.PORT ?? 3000), host: "127.0.0.1" });
