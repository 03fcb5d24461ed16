import { createAssociationPool } from "../../dimse/association-pool.ts";
import type { DimseSource, DimseSourceOptions } from "./dimse-source.ts";
import { ObjectReader } from "./object-reader.ts";
import { PacsArchive } from "./pacs-archive.ts";
import type { PacsServices } from "./pacs-connection.ts";
import { PacsSource } from "./pacs-source.ts";
import { pacsStore } from "./store-transaction.ts";
import { worklistSearch } from "./worklist-search.ts";

/** Associations with a worklist at a time. */
const WORKLIST_ASSOCIATIONS = { most: 2, perUser: 2 };

/** Opens a PACS as a source; nothing is asked of it before somebody asks the source. */
export async function openDimseSource(
  options: DimseSourceOptions,
  services?: PacsServices,
): Promise<DimseSource> {
  const { settings, pool, store, listener, observe, decoder } = options;
  const archive = new PacsArchive(options, services);
  const worklist =
    settings.worklist === undefined
      ? undefined
      : createAssociationPool(
          settings.worklist,
          { ...WORKLIST_ASSOCIATIONS, waitTimeoutMs: settings.worklist.silenceTimeoutMs },
          observe,
        );
  const storing = pacsStore({
    settings,
    pool,
    desk: listener,
    decoder,
    onStored: (selector) => archive.replaced(selector),
    onFailure: (error) => archive.connection.noteFailure(error),
  });
  return new PacsSource(
    {
      options,
      archive,
      reader: new ObjectReader(store),
      storing,
      searchWorkitems: worklist && worklistSearch(settings, worklist),
      close: async () => {
        archive.close();
        await worklist?.close();
      },
    },
    "",
  );
}
