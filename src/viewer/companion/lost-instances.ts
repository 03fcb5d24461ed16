import type { InstanceProblem } from "../study-session.ts";
import type { OpenCompanion } from "../viewer-services.ts";
import { sourcePath } from "./companion-requests.ts";
import { currentSource, readProblems } from "./source-report.ts";

/** More than this is not read; the archive's count says how much is missing in all. */
const MOST = 500;

/**
 * Objects of a study that the companion could not get from its archive, and why. None where it does not say, or there is
 * no companion.
 */
export async function lostInstances(
  openCompanion: OpenCompanion,
  studyInstanceUid: string,
  signal: AbortSignal,
): Promise<readonly InstanceProblem[]> {
  const requests = await openCompanion();
  if (requests === undefined) return [];
  const source = await currentSource(requests, signal);
  if (source === undefined) return [];
  const answer = await requests.json(sourcePath(source.name, "problems"), signal);
  return readProblems(answer)
    .flatMap(({ where, message }) => {
      const [study, seriesInstanceUid, sopInstanceUid] = where.split("/");
      if (study !== studyInstanceUid || sopInstanceUid === undefined) return [];
      const failure = {
        code: "not-retrieved",
        message: `The archive could not give this: ${message.replace(/\.+$/, "")}.`,
        advice: "Try again; if it stays so, tell the administrator of the archive.",
      };
      return [{ sopInstanceUid, failure, ...(seriesInstanceUid ? { seriesInstanceUid } : {}) }];
    })
    .slice(0, MOST);
}
