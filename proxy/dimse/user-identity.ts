/** User identity (PS3.7 D.3.3.7). */
export type UserIdentity =
  | { readonly kind: "user"; readonly name: string; readonly passcode?: string }
  | { readonly kind: "kerberos" | "saml" | "jwt"; readonly token: Uint8Array };
