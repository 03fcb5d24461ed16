import type { Association } from "../association.ts";
import { COMMAND_FIELDS } from "../command-set.ts";
import { contextFor } from "./accepted-context.ts";
import { drained } from "./draining.ts";
import { failedStatus } from "./failed-status.ts";
import { runOperation } from "./operation.ts";

/** Verification SOP Class (PS3.4 A.4). */
export const VERIFICATION = "1.2.840.10008.1.1";

/** C-ECHO. @throws DimseError `no-context`, `failed-status`, `cancelled`, and those of the association's end */
export async function echo(association: Association, signal: AbortSignal): Promise<void> {
  const context = contextFor(association, VERIFICATION, "C-ECHO");
  await drained(association);
  const command = {
    commandField: COMMAND_FIELDS.cEcho,
    hasDataSet: false,
    messageId: association.nextMessageId(),
    affectedSopClassUid: VERIFICATION,
  };
  await runOperation<void>(
    {
      association,
      message: { contextId: context.id, command },
      name: "C-ECHO",
      response: (answer, operation) => {
        if (answer.status === 0) operation.finish();
        else operation.fail(failedStatus("C-ECHO", answer));
        return undefined;
      },
    },
    signal,
    "abort",
  );
}
