import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { FrameServices, LocalFile } from "../frames/frame-services.ts";
import type { Launch, LaunchTarget } from "./launch-parameters.ts";
import { type LaunchRefusal, resolveLaunch } from "./launch-resolution.ts";
import { LocalFiles } from "./local-files.ts";
import type { StudyListEntry } from "./study-list-entry.ts";
import { StudyListState } from "./study-list-state.ts";
import type { ViewerServices } from "./viewer-services.ts";
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
  readonly #archive: FrameServices;
  readonly #archiveList: StudyListState;
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
    this.#archiveList = new StudyListState(this.#archive.source);
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
    const isPlain = launch.kind === "studies" && Object.keys(launch.expectation).length === 0;
    if (!isPlain) this.#screen.value = { kind: "resolving" };
    const outcome = await resolveLaunch(launch, this.#archive.source, abort.signal).catch(
      (error: unknown) => {
        if (abort.signal.aborted) return undefined;
        throw error;
      },
    );
    if (outcome === undefined || abort.signal.aborted) return;
    switch (outcome.kind) {
      case "list":
        return this.showList();
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
  showList(): void {
    this.#leave();
    this.#screen.value = { kind: "list", list: this.#localList ?? this.#archiveList };
  }

  /** Opens files of this computer; a single study is shown at once. Gives its UID then. */
  async openLocal(
    files: readonly LocalFile[],
    unreadable: readonly string[],
  ): Promise<string | undefined> {
    const local = this.#local.peek() ?? new LocalFiles(await this.#services.openLocal());
    this.#local.value = local;
    this.#localList ??= new StudyListState(local.services.source);
    this.showList();
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
    this.showList();
  }

  dispose(): void {
    this.#leave();
    this.#local.peek()?.close();
    this.#localList?.dispose();
    this.#archiveList.dispose();
    this.#archive.close();
  }

  #show(
    services: FrameServices,
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
