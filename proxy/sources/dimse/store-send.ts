import {
  EXPLICIT_VR_LITTLE_ENDIAN,
  IMPLICIT_VR_LITTLE_ENDIAN,
} from "#core/dicom/transfer-syntax.ts";
import type { Association } from "../../dimse/association.ts";
import type { StoreAnswer, store } from "../../dimse/services/store.ts";
import type { ObjectBody } from "./store-object-body.ts";
import type { ObjectHead } from "./store-object-head.ts";
import { canReencode, reencode } from "./store-reencode.ts";

/** An answer to C-STORE, or why none was asked for. */
export type SendAnswer =
  | { readonly kind: "answered"; readonly answer: StoreAnswer }
  /** No context for the SOP class, or none for its syntax and those that it can be given in. */
  | { readonly kind: "refused"; readonly what: "class" | "syntax" };

/** Uncompressed syntaxes in order of preference: explicit keeps the VRs of private attributes. */
const FALLBACKS = [EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN] as const;

/** Result/Reason of a context whose SOP class is known and whose syntaxes are not (PS3.8 table 9-18). */
const SYNTAXES_NOT_SUPPORTED = 4;

/**
 * Sends an object as it is, or in an uncompressed syntax where that changes no value and the PACS takes nothing else.
 * @throws DimseError of the association, and what the body throws
 */
export async function sendObject(
  association: Association,
  head: ObjectHead,
  body: ObjectBody,
  service: typeof store,
  signal: AbortSignal,
): Promise<SendAnswer> {
  const { sopClassUid, sopInstanceUid, transferSyntaxUid } = head;
  const chosen = chooseSyntax(association, sopClassUid, transferSyntaxUid);
  if (typeof chosen !== "string") return chosen;
  const dataSet =
    chosen === transferSyntaxUid ? body.read() : reencode(body.read(), transferSyntaxUid, chosen);
  const answer = await service(
    association,
    { sopClassUid, sopInstanceUid, transferSyntaxUid: chosen, dataSet },
    signal,
  );
  return { kind: "answered", answer };
}

function chooseSyntax(
  { contexts, refused }: Association,
  sopClassUid: string,
  own: string,
): string | SendAnswer {
  const accepted = contexts
    .filter((context) => context.abstractSyntaxUid === sopClassUid)
    .map((context) => context.transferSyntaxUid);
  if (accepted.includes(own)) return own;
  const other = FALLBACKS.find((syntax) => accepted.includes(syntax) && canReencode(own, syntax));
  if (other !== undefined) return other;
  const isClassKnown =
    accepted.length > 0 ||
    refused.some(
      ({ abstractSyntaxUid, result }) =>
        abstractSyntaxUid === sopClassUid && result === SYNTAXES_NOT_SUPPORTED,
    );
  return { kind: "refused", what: isClassKnown ? "syntax" : "class" };
}
