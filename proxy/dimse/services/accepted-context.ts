import type { Association } from "../association.ts";
import { DimseError } from "../dimse-error.ts";
import type { AcceptedContext } from "../presentation-context.ts";

/** The context accepted for the SOP class, in the syntax where one is given. @throws DimseError `no-context` */
export function contextFor(
  association: Association,
  abstractSyntaxUid: string,
  service: string,
  transferSyntaxUid?: string,
): AcceptedContext {
  const context = association.contexts.find(
    (accepted) =>
      accepted.abstractSyntaxUid === abstractSyntaxUid &&
      (transferSyntaxUid === undefined || accepted.transferSyntaxUid === transferSyntaxUid),
  );
  if (context !== undefined) return context;
  throw new DimseError(
    "no-context",
    `${association.calledAeTitle} accepted the association without a presentation context for ${service}: ${reasonOf(association, abstractSyntaxUid)}`,
  );
}

/** The accepted context of the identifier. @throws DimseError `protocol-violation` */
export function contextOfId(association: Association, contextId: number): AcceptedContext {
  const context = association.contexts.find(({ id }) => id === contextId);
  if (context !== undefined) return context;
  throw new DimseError(
    "protocol-violation",
    `A message came on presentation context ${contextId}, which was not accepted`,
  );
}

/** Result/Reason of PS3.8 table 9-18, in words. */
const REFUSALS: Readonly<Record<number, string>> = {
  1: "it refused it to our AE title; look at what its settings allow us",
  2: "it refused it without a reason; look at what its settings allow us",
  3: "it does not offer this SOP class",
  4: "it takes none of the transfer syntaxes that were proposed",
};

function reasonOf(association: Association, abstractSyntaxUid: string): string {
  const refused = association.refused.find((one) => one.abstractSyntaxUid === abstractSyntaxUid);
  if (refused === undefined)
    return "it took none in this transfer syntax, or none was proposed (SOP class and syntax)";
  return REFUSALS[refused.result] ?? `result ${refused.result}`;
}
