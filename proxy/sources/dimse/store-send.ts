import {
  EXPLICIT_VR_LITTLE_ENDIAN,
  IMPLICIT_VR_LITTLE_ENDIAN,
} from "#core/dicom/transfer-syntax.ts";
import type { Association } from "../../dimse/association.ts";
import type { StoreAnswer, store } from "../../dimse/services/store.ts";
import { decodedLosslessly, isLosslesslyEncoded, type LosslessDecoder } from "./store-lossless.ts";
import type { ObjectBody } from "./store-object-body.ts";
import type { ObjectHead } from "./store-object-head.ts";
import { canReencode, reencode } from "./store-reencode.ts";

/** An answer to C-STORE, or why none was asked for. */
export type SendAnswer =
  | { readonly kind: "answered"; readonly answer: StoreAnswer }
  /** No context for the SOP class, or none for its syntax and those that it can be given in. */
  | { readonly kind: "refused"; readonly what: "class" }
  | { readonly kind: "refused"; readonly what: "syntax"; readonly why: string };

/** Uncompressed syntaxes in order of preference: explicit keeps the VRs of private attributes. */
const FALLBACKS = [EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN] as const;

/** Result/Reason of a context whose SOP class is known and whose syntaxes are not (PS3.8 table 9-18). */
const SYNTAXES_NOT_SUPPORTED = 4;

/** Services that sending works with. */
export interface SendParts {
  readonly service: typeof store;
  /** Decodes what is losslessly compressed for those that take nothing compressed; undefined: it is not sent. */
  readonly decoder: LosslessDecoder | undefined;
}

/**
 * Sends an object as it is, or in an uncompressed syntax where that changes no value and no sample and the PACS takes
 * nothing else.
 * @throws DimseError of the association, and what the body throws
 */
export async function sendObject(
  association: Association,
  head: ObjectHead,
  body: ObjectBody,
  { service, decoder }: SendParts,
  signal: AbortSignal,
): Promise<SendAnswer> {
  const { sopClassUid, sopInstanceUid, transferSyntaxUid } = head;
  const chosen = chooseSyntax(association, sopClassUid, transferSyntaxUid);
  if (typeof chosen !== "string") return chosen;
  const dataSet = await dataSetIn(chosen, head, body, decoder, signal);
  if (typeof dataSet === "string") return { kind: "refused", what: "syntax", why: dataSet };
  const answer = await service(
    association,
    { sopClassUid, sopInstanceUid, transferSyntaxUid: chosen, dataSet },
    signal,
  );
  return { kind: "answered", answer };
}

/** The data set in a syntax; a sentence why it cannot be given in it. */
async function dataSetIn(
  chosen: string,
  head: ObjectHead,
  body: ObjectBody,
  decoder: LosslessDecoder | undefined,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array> | string> {
  const own = head.transferSyntaxUid;
  if (chosen === own) return body.read();
  if (canReencode(own, chosen)) return reencode(body.read(), own, chosen);
  if (decoder === undefined) return "nothing here decodes it";
  const decoded = await decodedLosslessly(body.read(), head, decoder, signal);
  if (typeof decoded === "string" || chosen === EXPLICIT_VR_LITTLE_ENDIAN) return decoded;
  return reencode(decoded, EXPLICIT_VR_LITTLE_ENDIAN, chosen);
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
  const other = FALLBACKS.find((syntax) => accepted.includes(syntax));
  if (other !== undefined && (canReencode(own, other) || isLosslesslyEncoded(own))) return other;
  const isClassKnown =
    accepted.length > 0 ||
    refused.some(
      ({ abstractSyntaxUid, result }) =>
        abstractSyntaxUid === sopClassUid && result === SYNTAXES_NOT_SUPPORTED,
    );
  if (!isClassKnown) return { kind: "refused", what: "class" };
  const why = other === undefined ? "it takes none of ours" : "the encoding is not lossless";
  return { kind: "refused", what: "syntax", why };
}
