import {
  index,
  integer,
  pgTable,
  serial,
  text,
  timestamp,
} from "drizzle-orm/pg-core";

export const books = pgTable("books", {
  id: serial().primaryKey(),
  title: text().notNull(),
  author: text().notNull(),
  // In cents; null for a book that is not for sale.
  priceCents: integer("price_cents"),
  addedBy: text("added_by").notNull(),
  addedAt: timestamp("added_at", { withTimezone: true }).notNull().defaultNow(),
});

export const reviews = pgTable(
  "reviews",
  {
    id: serial().primaryKey(),
    bookId: integer("book_id")
      .notNull()
      .references(() => books.id, { onDelete: "cascade" }),
    reader: text().notNull(),
    body: text().notNull(),
    writtenAt: timestamp("written_at", { withTimezone: true })
      .notNull()
      .defaultNow(),
  },
  (table) => [index("reviews_book_id_idx").on(table.bookId)],
);

export type Book = typeof books.$inferSelect;
export type Review = typeof reviews.$inferSelect;
