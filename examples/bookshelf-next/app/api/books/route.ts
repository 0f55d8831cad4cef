import { addBook, listBooks, newBook } from "@/lib/books";
import { currentReader } from "@/lib/reader";

export const dynamic = "force-dynamic";

export async function GET(): Promise<Response> {
  return Response.json(await listBooks());
}

export async function POST(request: Request): Promise<Response> {
  const reader = await currentReader();
  if (!reader) return Response.json({ error: "sign in first" }, { status: 401 });

  const given = newBook.safeParse(await request.json().catch(() => undefined));
  if (!given.success) {
    return Response.json({ error: given.error.issues }, { status: 400 });
  }
  return Response.json(await addBook(given.data, reader), { status: 201 });
}
