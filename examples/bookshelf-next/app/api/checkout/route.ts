import Stripe from "stripe";
import { bookId, findBook } from "@/lib/books";
import { stripeSecretKey } from "@/lib/env";
import { CURRENCY } from "@/lib/price";

/** The site as the buyer sees it: request.url names the host inside a proxy. */
function publicOrigin({ headers }: Request): string {
  // Next fills these in itself when there is no proxy to do so.
  const scheme = headers.get("x-forwarded-proto") ?? "http";
  return `${scheme}://${headers.get("x-forwarded-host") ?? headers.get("host")}`;
}

/** Sends a buyer on to Stripe's own payment page. */
export async function POST(request: Request): Promise<Response> {
  const id = bookId.safeParse((await request.formData()).get("bookId"));
  const book = id.success ? await findBook(id.data) : undefined;
  // The price comes from the database: what a form says could be made up.
  if (!book || book.priceCents === null) {
    return new Response("not for sale", { status: 404 });
  }

  const back = `${publicOrigin(request)}/books/${book.id}`;
  const session = await new Stripe(stripeSecretKey()).checkout.sessions.create({
    mode: "payment",
    success_url: back,
    cancel_url: back,
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: CURRENCY,
          unit_amount: book.priceCents,
          product_data: { name: book.title },
        },
      },
    ],
  });
  // 303: the browser must follow with a GET, not post the form again.
  return Response.redirect(session.url ?? back, 303);
}
