import { beforeEach, expect, test, vi } from "vitest";
import { GET, POST } from "@/app/api/books/route";
import { addBook, listBooks } from "@/lib/books";
import { currentReader } from "@/lib/reader";

// Only what would reach for the database or for a request's cookies is
// replaced; the checks on what a caller sends are the real ones.
vi.mock("@/lib/reader");
vi.mock("@/lib/books", async (original) => ({
  ...(await original<typeof import("@/lib/books")>()),
  addBook: vi.fn(),
  listBooks: vi.fn(),
}));

const book = {
  id: 1,
  title: "Emma",
  author: "Jane Austen",
  priceCents: 900,
  addedBy: "ann",
  addedAt: new Date(0),
};

function post(body: string): Promise<Response> {
  return POST(new Request("http://localhost/api/books", { method: "POST", body }));
}

beforeEach(() => {
  vi.resetAllMocks();
  vi.mocked(currentReader).mockResolvedValue("ann");
  vi.mocked(addBook).mockResolvedValue(book);
});

test("lists the shelf", async () => {
  vi.mocked(listBooks).mockResolvedValue([book]);
  expect(await (await GET()).json()).toMatchObject([{ title: "Emma" }]);
});

test("adds a book in the reader's name", async () => {
  const response = await post('{"title": " Emma ", "author": "Jane Austen"}');
  expect(response.status).toBe(201);
  expect(addBook).toHaveBeenCalledWith(
    { title: "Emma", author: "Jane Austen" },
    "ann",
  );
});

test("strangers add nothing", async () => {
  vi.mocked(currentReader).mockResolvedValue(undefined);
  expect((await post("{}")).status).toBe(401);
  expect(addBook).not.toHaveBeenCalled();
});

test.each([
  "not json",
  "{}",
  '{"title": "", "author": "x"}',
  '{"title": "x", "author": "y", "priceCents": -1}',
])("refuses %s", async (body) => {
  expect((await post(body)).status).toBe(400);
  expect(addBook).not.toHaveBeenCalled();
});
