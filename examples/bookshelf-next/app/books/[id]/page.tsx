import { notFound } from "next/navigation";
import { review } from "@/app/actions";
import { bookId, findBook, listReviews } from "@/lib/books";
import { showPrice } from "@/lib/price";
import { currentReader } from "@/lib/reader";

type Props = { params: Promise<{ id: string }> };

export default async function BookPage({ params }: Props) {
  const id = bookId.safeParse((await params).id);
  const book = id.success ? await findBook(id.data) : undefined;
  if (!book) notFound();

  const [reviews, reader] = await Promise.all([
    listReviews(book.id),
    currentReader(),
  ]);
  return (
    <article>
      <h1>{book.title}</h1>
      <p>by {book.author}</p>
      {book.priceCents !== null && (
        <form action="/api/checkout" method="post">
          <input type="hidden" name="bookId" value={book.id} />
          <button>Buy for {showPrice(book.priceCents)}</button>
        </form>
      )}
      {reviews.map(({ id, reader, body }) => (
        <blockquote key={id}>
          {body} <cite>{reader}</cite>
        </blockquote>
      ))}
      {reader && (
        <form action={review}>
          <input type="hidden" name="bookId" value={book.id} />
          <textarea name="body" aria-label="Your review" required />
          <button>Add a review</button>
        </form>
      )}
    </article>
  );
}
