/** Statuses that we answer a C-STORE with (PS3.4 table B.2-1, PS3.7 annex C). */
export const STORAGE_STATUSES = {
  success: 0x0000,
  /** Another object has the UID. */
  duplicateInstance: 0x0111,
  invalidInstance: 0x0117,
  invalidClass: 0x0118,
  notAuthorized: 0x0124,
  /** There is no data set. */
  mistypedArgument: 0x0212,
  outOfResources: 0xa700,
  /** The data set says something else than the command. */
  doesNotMatch: 0xa900,
  cannotUnderstand: 0xc000,
} as const;
