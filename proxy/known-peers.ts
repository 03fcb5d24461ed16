import { lookup } from "node:dns/promises";
import type { DicomSettings, PacsSettings } from "./config/pacs-settings.ts";

/** Shortest time between two look-ups of the same names, in milliseconds. */
const LOOK_UP_AGAIN_MS = 60_000;

/** Addresses of a host, as text. */
export type AddressesOf = (host: string) => Promise<readonly string[]>;

/**
 * Who may associate with us: the AE titles of the settings, and whoever calls from the address of a configured PACS,
 * as many archives send under another AE title than the one that they are asked under.
 */
export class KnownPeers {
  readonly #titles: ReadonlySet<string>;
  readonly #hosts: readonly string[];
  readonly #addressesOf: AddressesOf;
  readonly #now: () => number;
  #addresses: ReadonlySet<string> = new Set();
  #lookedUpAt = Number.NEGATIVE_INFINITY;

  constructor(
    pacs: readonly PacsSettings[],
    { alsoFrom, inbox }: Pick<DicomSettings, "alsoFrom" | "inbox">,
    addressesOf: AddressesOf = allAddresses,
    now: () => number = Date.now,
  ) {
    const remotes = pacs.flatMap(({ remote, worklist }) => [
      remote,
      ...(worklist ? [worklist] : []),
    ]);
    this.#titles = new Set([
      ...remotes.map(({ aeTitle }) => aeTitle),
      ...alsoFrom,
      ...(inbox?.allowedAeTitles ?? []),
    ]);
    this.#hosts = [...new Set(remotes.map(({ host }) => host))];
    this.#addressesOf = addressesOf;
    this.#now = now;
  }

  /** Looks the addresses of all PACS up; names that are not known at the moment are left out. */
  async lookUp(): Promise<void> {
    this.#lookedUpAt = this.#now();
    const found = await Promise.all(
      this.#hosts.map((host) => this.#addressesOf(host).catch(() => [])),
    );
    this.#addresses = new Set(found.flat().map(plain));
  }

  /** Whether the AE may associate. Addresses that are not known are looked up for the next time. */
  readonly allows = (callingAeTitle: string, address: string): boolean => {
    if (this.#titles.has(callingAeTitle) || this.#addresses.has(plain(address))) return true;
    if (this.#now() - this.#lookedUpAt > LOOK_UP_AGAIN_MS) this.lookUp().catch(() => undefined);
    return false;
  };
}

async function allAddresses(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

/** IPv4 addresses look the same whether they came over an IPv6 socket or not. */
function plain(address: string): string {
  return address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, "");
}
