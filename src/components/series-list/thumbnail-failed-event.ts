import type { Instance } from "#core/study/instance.ts";

/** The frame of a thumbnail cannot be shown; what is true of it is true of the image. */
export class ThumbnailFailedEvent extends Event {
  static readonly type = "negato-thumbnail-failed";
  readonly instance: Instance;
  readonly failure: { readonly code: string; readonly message: string; readonly advice: string };

  constructor(instance: Instance, failure: ThumbnailFailedEvent["failure"]) {
    super(ThumbnailFailedEvent.type);
    this.instance = instance;
    this.failure = failure;
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    "negato-thumbnail-failed": ThumbnailFailedEvent;
  }
}
