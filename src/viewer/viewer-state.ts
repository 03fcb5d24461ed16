import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { Launch, LaunchTarget } from "./launch-parameters.ts";
import type { LaunchOutcome, LaunchRefusal } from "./launch-resolution.ts";
import type { LocalFiles } from "./local-files.ts";
import type { StudyListEntry } from "./study-list-entry.ts";
import type { StudyListState } from "./study-list-state.ts";
import type { ArchiveServices, LocalFile, ViewerServices } from "./viewer-services.ts";
import { Workspace } from "./workspace.ts";

/** What a viewer shows. */
export type ViewerScreen =
  | { readonly kind: "list"; readonly list: StudyListState }
  /** A launch is being followed. */
  | { readonly kind: "resolving" }
  | { readonly kind: "study"; readonly workspace: Workspace }
  /** Several studies fit a launch. */
  | { readonly kind: "choose"; readonly entries: readonly StudyListEntry[] }
  | { readonly kind: "refused"; readonly reason: LaunchRefusal; readonly launch: Launch };

/** One viewer: an archive, its list of studies, what is open, and files of this computer beside it. */
export class ViewerState {
  readonly #services: ViewerServices;
  readonly #archive: ArchiveServices;
  #archiveList: StudyListState | undefined;
  readonly #screen = signal<ViewerScreen>({ kind: "resolving" });
  readonly #local = signal<LocalFiles | undefined>(undefined);
  #localList: StudyListState | undefined;
  #resolving = new AbortController();

  readonly screen: ReadonlySignal<ViewerScreen> = this.#screen;
  /** Files of this computer that are open. */
  readonly local: ReadonlySignal<LocalFiles | undefined> = this.#local;

  constructor(services: ViewerServices, dicomwebUrl: string) {
    this.#services = services;
    this.#archive = services.openArchive(dicomwebUrl);
  }

  /** Requests to the companion before the archive; absent where there is none. */
  get openCompanion(): ArchiveServices["openCompanion"] {
    return this.#archive.openCompanion;
  }

  /** The study that was asked for; undefined while none is open. */
  get openStudyInstanceUid(): string | undefined {
    const screen = this.#screen.peek();
    return screen.kind === "study" ? screen.workspace.studyInstanceUid : undefined;
  }

  /** Does what a launch asks for, in the archive. */
  async follow(launch: Launch): Promise<void> {
    const abort = this.#leave();
    if (launch.kind === "study-list") return this.showList();
    const plain = plainStudies(launch);
    if (plain === undefined) this.#screen.value = { kind: "resolving" };
    const outcome = plain ?? (await this.#resolve(launch, abort.signal));
    if (outcome === undefined || abort.signal.aborted) return;
    switch (outcome.kind) {
      case "list":
        return await this.showList();
      case "choose":
        this.#screen.value = outcome;
        return;
      case "refused":
        this.#screen.value = { kind: "refused", reason: outcome.reason, launch };
        return;
      case "open":
        this.#show(this.#archive, outcome.studyInstanceUid, outcome.target, outcome.others);
    }
  }

  /** Opens a study that a person chose: of the files of this computer where they are open, else of the archive. */
  openStudy(studyInstanceUid: string): void {
    this.#leave();
    const isChoice = this.#screen.peek().kind === "choose";
    const services = isChoice ? undefined : this.#local.peek()?.services;
    this.#show(services ?? this.#archive, studyInstanceUid, {}, []);
  }

  /** Shows the list of studies as it was left. */
  async showList(): Promise<void> {
    const { signal: abort } = this.#leave();
    const { StudyListState } = await import("./study-list-state.ts");
    if (abort.aborted) return;
    const source = this.#local.peek()?.services.source;
    if (source === undefined) this.#archiveList ??= new StudyListState(this.#archive.source);
    else this.#localList ??= new StudyListState(source);
    const list = this.#localList ?? this.#archiveList;
    if (list !== undefined) this.#screen.value = { kind: "list", list };
  }

  /** Opens files of this computer; a single study is shown at once. Gives its UID then. */
  async openLocal(
    files: readonly LocalFile[],
    unreadable: readonly string[],
  ): Promise<string | undefined> {
    const { LocalFiles } = await import("./local-files.ts");
    const local = this.#local.peek() ?? new LocalFiles(await this.#services.openLocal());
    this.#local.value = local;
    await this.showList();
    const studies = await local.open(files, unreadable);
    const [only, ...others] = studies;
    if (this.#local.peek() !== local) return undefined;
    if (only === undefined || others.length > 0) {
      void this.#localList?.search();
      return undefined;
    }
    return only;
  }

  /** Lets go of the files of this computer. */
  closeLocal(): void {
    this.#leave();
    this.#local.peek()?.close();
    this.#local.value = undefined;
    this.#localList?.dispose();
    this.#localList = undefined;
    void this.showList();
  }

  dispose(): void {
    this.#leave();
    this.#local.peek()?.close();
    this.#localList?.dispose();
    this.#archiveList?.dispose();
    this.#archive.close();
  }

  async #resolve(launch: Launch, signal: AbortSignal): Promise<LaunchOutcome | undefined> {
    try {
      const { resolveLaunch } = await import("./launch-resolution.ts");
      return await resolveLaunch(launch, this.#archive.source, signal);
    } catch (error) {
      if (signal.aborted) return undefined;
      const message = error instanceof Error ? error.message : "";
      const failure = { code: "unexpected", message };
      return { kind: "refused", reason: { kind: "failed", failure } };
    }
  }

  #show(
    services: ArchiveServices,
    studyInstanceUid: string,
    target: LaunchTarget,
    others: readonly string[],
  ): void {
    const workspace = new Workspace(services, { studyInstanceUid, target, others });
    this.#screen.value = { kind: "study", workspace };
  }

  /** Ends what the screen that is left was doing; gives what ends the next one. */
  #leave(): AbortController {
    this.#resolving.abort();
    this.#resolving = new AbortController();
    const screen = this.#screen.peek();
    if (screen.kind === "study") screen.workspace.dispose();
    return this.#resolving;
  }
}

/** What a launch that names studies and nothing that they must agree with leads to: they open at once. */
function plainStudies(launch: Launch): LaunchOutcome | undefined {
  if (launch.kind !== "studies" || Object.keys(launch.expectation).length > 0) return undefined;
  const [studyInstanceUid, ...others] = launch.studyInstanceUids;
  if (studyInstanceUid === undefined) return undefined;
  return { kind: "open", studyInstanceUid, others, target: launch.target };
}
