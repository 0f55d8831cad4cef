"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { addReview, newReview } from "@/lib/books";
import { currentReader, signInAs } from "@/lib/reader";

const name = z.string().trim().min(1).max(50);

// An example's sign-in: a name is enough. A real shop would ask for more here.
export async function signIn(form: FormData): Promise<void> {
  await signInAs(name.parse(form.get("name")));
  redirect("/");
}

export async function review(form: FormData): Promise<void> {
  // The page hides the form from strangers, but anyone can call an action.
  const reader = await currentReader();
  if (!reader) redirect("/sign-in");
  const given = newReview.parse(Object.fromEntries(form));
  await addReview(given, reader);
  revalidatePath(`/books/${given.bookId}`);
}
