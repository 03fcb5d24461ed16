/** A person asks for an image by its place: `frameIndex` from 0. */
export class FrameRequestedEvent extends Event {
  static readonly type = "negato-frame-requested";
  readonly frameIndex: number;

  constructor(frameIndex: number) {
    super(FrameRequestedEvent.type, { bubbles: true, composed: true });
    this.frameIndex = frameIndex;
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    "negato-frame-requested": FrameRequestedEvent;
  }
}
