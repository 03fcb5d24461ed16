import type { DisplaySet } from "#core/study/display-set.ts";
import { isReferenced, readStateReferences } from "#core/study/presentation-references.ts";
import type { Workspace } from "../../viewer/workspace.ts";

/**
 * Shows the first image that a presentation state is about, by that state. What has no image among the opened studies
 * is shown as the object that it is.
 */
export function openPresentationState(workspace: Workspace, state: DisplaySet): void {
  const [instance] = state.instances;
  if (instance === undefined) return;
  const references = readStateReferences(instance.dataSet);
  const sets = [...workspace.opened.peek().values()].flatMap(({ displaySets }) =>
    displaySets.peek(),
  );
  for (const set of sets) {
    const index = set.frames.findIndex((frame) =>
      isReferenced(references, frame.instance.sopInstanceUid, frame.frameIndex + 1),
    );
    if (index < 0 || set.rejection !== undefined) continue;
    workspace.show(set, index);
    const { sopInstanceUid } = instance;
    workspace.viewport.state.choosePresentation({ kind: "state", sopInstanceUid });
    return;
  }
  workspace.show(state);
}
