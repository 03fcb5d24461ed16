import { EXPLICIT_VR_LITTLE_ENDIAN } from "#core/dicom/transfer-syntax.ts";
import { defineNegatoViewer } from "./components/viewer/negato-viewer.ts";
import { DecodePool } from "./decode/decode-pool.ts";
import { createDecodeWorker } from "./decode/worker.ts";
import { createFrameServices, type FrameServices, wipeKept } from "./frames/frame-services.ts";
import { registerServiceWorkerWhenIdle } from "./service-worker-start.ts";

/** Archives that are open on this page; what the workers keep of frames is told to them. */
const open = new Set<FrameServices>();

/** All viewers of the page share the workers: there are not more processors because there are more viewers. */
const pool = new DecodePool(createDecodeWorker, {
  onKept: (kept) => {
    for (const { frames } of open) frames.noteKept(kept);
  },
});

function keepTrack<T extends FrameServices>(services: T): T {
  open.add(services);
  return {
    ...services,
    close() {
      open.delete(services);
      services.close();
    },
  };
}

async function openCompanion(dicomwebUrl: string) {
  const { CompanionClient } = await import("./retrieve/companion-client.ts");
  return CompanionClient.above(new URL(dicomwebUrl, location.href).href);
}

defineNegatoViewer(() => ({
  version: import.meta.env.NEGATO_VERSION,
  openArchive(dicomwebUrl) {
    // A first worker starts while metadata and frame are on the wire.
    pool.warm(EXPLICIT_VR_LITTLE_ENDIAN);
    return {
      ...keepTrack(createFrameServices({ dicomwebUrl, decode: pool, cachePolicy: "session" })),
      openCompanion: () => openCompanion(dicomwebUrl),
    };
  },
  async openLocal() {
    const { createLocalServices } = await import("./frames/local-services.ts");
    return keepTrack(createLocalServices({ decode: pool }));
  },
  async wipeEverything() {
    await Promise.all([wipeKept(), ...[...open].map((services) => services.wipeCache())]);
  },
}));

// The service worker keeps our own page; it has no business on a page of another maker.
if (document.querySelector("negato-viewer[address-bar]") !== null)
  registerServiceWorkerWhenIdle({
    onUpdateReady(activate) {
      for (const viewer of document.querySelectorAll("negato-viewer")) viewer.offerUpdate(activate);
    },
  });
