import { namedSopClassUids } from "#core/dicom/sop-class-names.ts";
import { type TransferSyntax, transferSyntaxOf } from "#core/dicom/transfer-syntax.ts";
import { isUid } from "#core/dicom/uid.ts";
import { CONTEXT_RESULTS, type ContextAnswer, type IncomingContext } from "../incoming-request.ts";
import { VERIFICATION } from "./echo.ts";
import { STORAGE_COMMITMENT_PUSH } from "./storage-commitment.ts";
import { STORAGE_ROOT, UNCOMPRESSED } from "./storage-syntaxes.ts";

const DICOM_ROOT = "1.2.840.10008.";

/** Services that are numbered among the storage classes: queries of protocols and inventories (PS3.4 II, JJ). */
const NO_STORAGE = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(200\.[4-6]|201\.[2-5])$/;

const NAMED: ReadonlySet<string> = new Set(namedSopClassUids());

/**
 * What the listener makes of a proposed context: C-ECHO, reports of Storage Commitment, and the storage of any object,
 * known or not. Other services are refused.
 */
export function acceptContext(proposed: IncomingContext): ContextAnswer {
  const { abstractSyntaxUid } = proposed;
  const isService =
    abstractSyntaxUid === VERIFICATION || abstractSyntaxUid === STORAGE_COMMITMENT_PUSH;
  if (!isService && !isStorage(abstractSyntaxUid))
    return { result: CONTEXT_RESULTS.abstractSyntaxNotSupported };
  const transferSyntaxUid = isService
    ? proposed.transferSyntaxUids.find((uid) => UNCOMPRESSED.includes(uid))
    : chosenSyntax(proposed.transferSyntaxUids);
  if (transferSyntaxUid === undefined)
    return { result: CONTEXT_RESULTS.transferSyntaxesNotSupported };
  return {
    transferSyntaxUid,
    ...(proposed.roles === undefined ? {} : { roles: proposed.roles }),
  };
}

/** Whether objects of the class can be taken: all storage classes of the standard, present and future, and private ones. */
export function isStorage(sopClassUid: string): boolean {
  if (!isUid(sopClassUid) || NO_STORAGE.test(sopClassUid)) return false;
  if (NAMED.has(sopClassUid) || sopClassUid.startsWith(STORAGE_ROOT)) return true;
  return !sopClassUid.startsWith(DICOM_ROOT);
}

/**
 * The syntax that the sender has to convert least for. A context with several leaves the choice to us: compressed
 * without loss first, as the object is likely to be stored so, then in the order of the proposal. One with loss is not
 * preferred to what stands before it, or a sender might compress what it has whole.
 */
function chosenSyntax(transferSyntaxUids: readonly string[]): string | undefined {
  const syntaxes = transferSyntaxUids.flatMap((uid) => transferSyntaxOf(uid) ?? []);
  return (syntaxes.find(isLosslessCompression) ?? syntaxes[0])?.uid;
}

function isLosslessCompression({ frameEncoding, loss }: TransferSyntax): boolean {
  return frameEncoding !== "native" && frameEncoding !== "reference" && loss === "never";
}
