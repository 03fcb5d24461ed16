/** Keys of the ARIA menu pattern: arrows go round, Home and End to the ends, a letter to the next item that begins with it. */
export function menuKeys(event: KeyboardEvent): void {
  if (!(event.currentTarget instanceof HTMLElement)) return;
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>(".menu-item")];
  const target = items[nextItem(event, items)];
  if (target === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  target.focus();
}

/** Index of the item that a key leads to; -1 where it leads nowhere. */
function nextItem(event: KeyboardEvent, items: readonly HTMLElement[]): number {
  const { key } = event;
  const at = items.findIndex((item) => item.matches(":focus"));
  const count = items.length;
  if (key === "ArrowDown") return (at + 1) % count;
  if (key === "ArrowUp") return (at - 1 + count) % count;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const isLetter = /^\p{L}$/u.test(key) && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!isLetter) return -1;
  const order = items.map((_, step) => (at + 1 + step) % count);
  return order.find((index) => beginsWith(items[index], key)) ?? -1;
}

function beginsWith(item: HTMLElement | undefined, letter: string): boolean {
  const name = item?.querySelector(".name")?.textContent?.trim() ?? "";
  return name.toLowerCase().startsWith(letter.toLowerCase());
}
