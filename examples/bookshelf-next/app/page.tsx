import Link from "next/link";
import { listBooks } from "@/lib/books";

// The shelf changes with every new book, so it is never built ahead.
export const dynamic = "force-dynamic";

export default async function Shelf() {
  const books = await listBooks();
  if (books.length === 0) return <p>The shelf is empty.</p>;
  return (
    <ul>
      {books.map((book) => (
        <li key={book.id}>
          <Link href={`/books/${book.id}`}>{book.title}</Link> by {book.author}
        </li>
      ))}
    </ul>
  );
}
