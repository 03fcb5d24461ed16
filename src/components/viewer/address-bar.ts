import { type Launch, parseLaunch, studyQuery } from "../../viewer/launch-parameters.ts";

/** What the entries of the history that this page made are marked with. */
const OPENED_HERE = "negato-opened";

/** Joins a viewer to the address of its page: launch addresses are followed, and each opened study is an entry of the history. */
export class AddressBar {
  readonly #follow: (launch: Launch) => void;

  constructor(follow: (launch: Launch) => void) {
    this.#follow = follow;
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
    return new URL(`./${studyQuery([studyInstanceUid])}`, location.href).href;
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
    history.replaceState(null, "", new URL("./", location.href).href);
    return false;
  }

  readonly #followAddress = (): void => {
    this.#follow(parseLaunch(new URL(location.href)));
  };
}
