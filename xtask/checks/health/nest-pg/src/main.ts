import "reflect-metadata";
import { Controller, Get, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { Pool } from "pg";
import { HealthModule } from "./health.module";

const pool = new Pool({ connectionString: process.env.DATABASE_URL });
pool.on("error", () => {});

@Controller()
class Pages {
  @Get()
  async one() {
    const { rows } = await pool.query("SELECT 1 AS one");
    return rows;
  }
}

@Module({ imports: [HealthModule], controllers: [Pages] })
class App {}

async function main() {
  const app = await NestFactory.create(App);
  await app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1");
}

void main();
