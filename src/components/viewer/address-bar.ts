import { type Launch, parseLaunch, studyQuery } from "../../viewer/launch-parameters.ts";

/** What the entries of the history that this page made are marked with. */
const OPENED_HERE = "negato-opened";

/** Name of an archive of the companion; anything else in its place names none that exists. */
const SOURCE_NAME = /^[\w-]{1,64}$/;

/** Joins a viewer to the address of its page: launch addresses are followed, and each opened study is an entry of the history. */
export class AddressBar {
  readonly #follow: (launch: Launch) => void;

  constructor(follow: (launch: Launch) => void) {
    this.#follow = follow;
  }

  /** Name of the archive that the address chooses among those of the companion; undefined: the default one. */
  get source(): string | undefined {
    const name = new URL(location.href).searchParams.get("source");
    if (name === null || name === "") return undefined;
    return SOURCE_NAME.test(name) ? name : "-";
  }

  /** Whether the address asks for the diagnostics. */
  get asksForDiagnostics(): boolean {
    return new URL(location.href).searchParams.has("diagnostics");
  }

  /** Follows the address, now and whenever the person goes through the history. */
  enter(): void {
    window.addEventListener("popstate", this.#followAddress);
    this.#followAddress();
  }

  leave(): void {
    window.removeEventListener("popstate", this.#followAddress);
  }

  /** Address that opens the study in a page of its own. Nothing about the patient is in it (safety C30). */
  addressOf(studyInstanceUid: string): string {
    return this.#address(studyQuery([studyInstanceUid]), this.source);
  }

  /** Notes that a person went to another archive; undefined: the default one. */
  chose(source: string | undefined): void {
    history.pushState(null, "", this.#address("", source));
  }

  /** Takes the diagnostics out of the address when they are closed. */
  closedDiagnostics(): void {
    const address = new URL(location.href);
    address.searchParams.delete("diagnostics");
    history.replaceState(history.state, "", address);
  }

  /** Notes that a person opened a study from the list; files of this computer have no address. */
  opened(studyInstanceUid: string | undefined): void {
    const address =
      studyInstanceUid === undefined ? location.href : this.addressOf(studyInstanceUid);
    history.pushState(OPENED_HERE, "", address);
  }

  /** Notes that a person goes back to the list; gives whether the history leads there. */
  back(): boolean {
    if (history.state === OPENED_HERE) {
      history.back();
      return true;
    }
    history.replaceState(null, "", this.#address("", this.source));
    return false;
  }

  #address(query: string, source: string | undefined): string {
    const address = new URL(`./${query}`, location.href);
    if (source !== undefined) address.searchParams.append("source", source);
    return address.href;
  }

  readonly #followAddress = (): void => {
    this.#follow(parseLaunch(new URL(location.href)));
  };
}
