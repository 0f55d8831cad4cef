export const CURRENCY = "eur";

const format = new Intl.NumberFormat("en-IE", {
  style: "currency",
  currency: CURRENCY,
});

export function showPrice(cents: number): string {
  return format.format(cents / 100);
}
