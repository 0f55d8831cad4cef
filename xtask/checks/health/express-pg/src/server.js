import express from "express";
import pg from "pg";
import { health } from "./health.js";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
pool.on("error", () => {});

const app = express();
app.use(health);
app.get("/", async (_request, response) => {
  const { rows } = await pool.query("SELECT 1 AS one");
  response.json(rows);
});

app.listen(Number(process.env.PORT ?? 3000));
