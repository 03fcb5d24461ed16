/** A setting that the companion cannot start with; the message is a sentence that says what to change. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}
