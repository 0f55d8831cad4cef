import { desc, eq } from "drizzle-orm";
import { z } from "zod";
import { db } from "@/lib/db";
import { books, reviews, type Book, type Review } from "@/lib/db/schema";

const line = z.string().trim().min(1).max(200);

export const newBook = z.object({
  title: line,
  author: line,
  priceCents: z.number().int().positive().nullish(),
});

export const newReview = z.object({
  // Forms send text. The bound is that of Postgres's integer.
  bookId: z.coerce.number().int().positive().max(2 ** 31 - 1),
  body: z.string().trim().min(1).max(5000),
});

export const bookId = newReview.shape.bookId;

export function listBooks(): Promise<Book[]> {
  return db().select().from(books).orderBy(desc(books.addedAt));
}

export async function findBook(id: number): Promise<Book | undefined> {
  const [book] = await db().select().from(books).where(eq(books.id, id));
  return book;
}

export async function addBook(
  book: z.infer<typeof newBook>,
  addedBy: string,
): Promise<Book> {
  const [added] = await db()
    .insert(books)
    .values({ ...book, addedBy })
    .returning();
  return added;
}

export function listReviews(id: number): Promise<Review[]> {
  return db()
    .select()
    .from(reviews)
    .where(eq(reviews.bookId, id))
    .orderBy(desc(reviews.writtenAt));
}

export async function addReview(
  review: z.infer<typeof newReview>,
  reader: string,
): Promise<void> {
  await db()
    .insert(reviews)
    .values({ ...review, reader });
}
