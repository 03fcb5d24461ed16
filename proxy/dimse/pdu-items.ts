/** Types of the items inside of A-ASSOCIATE-RQ and -AC (PS3.8 sections 9.3.2 and 9.3.3, PS3.7 section D.3.3). */
export const ITEM_TYPES = {
  applicationContext: 0x10,
  proposedContext: 0x20,
  contextResult: 0x21,
  abstractSyntax: 0x30,
  transferSyntax: 0x40,
  userInformation: 0x50,
  maximumLength: 0x51,
  implementationClassUid: 0x52,
  asynchronousOperations: 0x53,
  roleSelection: 0x54,
  implementationVersionName: 0x55,
  extendedNegotiation: 0x56,
  userIdentity: 0x58,
  userIdentityResponse: 0x59,
} as const;

/** User identity types (PS3.7 table D.3-14). */
export const IDENTITY_TYPES = {
  user: 1,
  userWithPasscode: 2,
  kerberos: 3,
  saml: 4,
  jwt: 5,
} as const;
