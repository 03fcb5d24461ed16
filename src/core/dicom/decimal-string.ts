/** A number as a decimal string of at most 16 characters (PS3.5 section 6.2, DS), as exact as that allows. */
export function formatDecimal(value: number | bigint): string {
  const text = String(value);
  if (text.length <= 16 || typeof value === "bigint") return text;
  for (let digits = 15; digits > 0; digits--) {
    const shorter = String(Number(value.toPrecision(digits)));
    if (shorter.length <= 16) return shorter;
  }
  return text;
}
