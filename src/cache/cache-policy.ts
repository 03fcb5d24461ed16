/**
 * What may be kept in the browser, set by the site. `off`: nothing. `session`: encrypted, under a key that lives
 * in memory only. `persistent`: encrypted, under a stored non-extractable key, with a time to live.
 */
export type CachePolicy = "off" | "session" | "persistent";

/** Whose data an entry is: entries of another archive or another person are never found. */
export interface CacheScope {
  /** Identity of the archive (`StudySource.id`). */
  readonly sourceId: string;
  /** Identity of the signed-in person at the site, empty where nobody signs in. */
  readonly subject: string;
}
