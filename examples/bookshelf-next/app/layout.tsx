import type { Metadata } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import { siteName } from "@/lib/env";
import { currentReader } from "@/lib/reader";

export const metadata: Metadata = { title: siteName };

export default async function Layout({ children }: { children: ReactNode }) {
  const reader = await currentReader();
  return (
    <html lang="en">
      <body>
        <header>
          <Link href="/">{siteName}</Link>{" "}
          {reader ?? <Link href="/sign-in">Sign in</Link>}
        </header>
        <main>{children}</main>
      </body>
    </html>
  );
}
