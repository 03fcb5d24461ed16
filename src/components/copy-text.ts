/** Puts text on the clipboard; false where the browser does not allow it, as on pages without https. */
export async function copyText(text: string): Promise<boolean> {
  try {
    const clipboard: Clipboard | undefined = navigator.clipboard;
    if (clipboard !== undefined) {
      await clipboard.writeText(text);
      return true;
    }
  } catch {
    // Refused: the older way may still be open.
  }
  return copyBySelection(text);
}

/** The way that needs no permission: a selected field and the command of the browser. */
function copyBySelection(text: string): boolean {
  const focused = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  field.readOnly = true;
  field.setAttribute("aria-hidden", "true");
  field.style.setProperty("position", "fixed");
  field.style.setProperty("opacity", "0");
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return isCopied;
}
