import { EXPLICIT_VR_LITTLE_ENDIAN, transferSyntaxOf } from "#core/dicom/transfer-syntax.ts";
import { takes, type WantedRepresentation } from "#core/dicomweb/wanted-representation.ts";
import { canDecode } from "./decode-stored-frame.ts";
import { notAcceptable } from "./dicomweb-request.ts";

/** How frames are given. */
export interface FrameForm {
  readonly isMultipart: boolean;
  readonly isDecoded: boolean;
  /** Media type of a part, or of the body, with its transfer syntax. */
  readonly contentType: string;
}

const OCTETS = "application/octet-stream";

/**
 * The form of frames that are stored in a transfer syntax, by PS3.18 tables 8.7.3-4 and 8.7.3-5: bytes are decoded
 * unless a transfer syntax asks for what is stored; an image type is given as it is stored.
 * @throws HttpProblem 406
 */
export function chooseFrameForm(
  wantedList: readonly WantedRepresentation[],
  storedUid: string,
  frameCount: number,
): FrameForm {
  const storedType = transferSyntaxOf(storedUid)?.mediaType ?? OCTETS;
  for (const wanted of wantedList) {
    if (wanted.form === "single" && frameCount > 1) continue;
    const content = contentFor(wanted, storedUid, storedType);
    if (content !== undefined) return { isMultipart: wanted.form !== "single", ...content };
  }
  const stored = transferSyntaxOf(storedUid)?.name ?? storedUid;
  throw notAcceptable(`The frames are stored in ${stored}, and not given as the request asks`, [
    ...(canDecode(storedUid) ? [`${OCTETS}; transfer-syntax=${EXPLICIT_VR_LITTLE_ENDIAN}`] : []),
    `${storedType}; transfer-syntax=${storedUid}`,
  ]);
}

function contentFor(
  wanted: WantedRepresentation,
  storedUid: string,
  storedType: string,
): Pick<FrameForm, "isDecoded" | "contentType"> | undefined {
  const asked = wanted.transferSyntaxUid;
  const stored = (essence: string) => ({
    isDecoded: false,
    contentType: `${essence}; transfer-syntax=${storedUid}`,
  });
  const takesOctets = takes(wanted, OCTETS);
  const isDecodedAsked = asked === undefined || asked === EXPLICIT_VR_LITTLE_ENDIAN;
  if (takesOctets && isDecodedAsked && canDecode(storedUid)) {
    return {
      isDecoded: true,
      contentType: `${OCTETS}; transfer-syntax=${EXPLICIT_VR_LITTLE_ENDIAN}`,
    };
  }
  const isStoredAsked = asked === "*" || asked === storedUid;
  if (wanted.essence === OCTETS) return isStoredAsked ? stored(OCTETS) : undefined;
  const isAnyForm = isStoredAsked || asked === undefined;
  return isAnyForm && takes(wanted, storedType) ? stored(storedType) : undefined;
}
