/** A person wants to see an object that a document refers to. */
export class InstanceRequestedEvent extends Event {
  static readonly type = "negato-instance-requested";
  readonly sopInstanceUid: string;
  /** From 1; undefined where no frame is named. */
  readonly frameNumber: number | undefined;

  constructor(sopInstanceUid: string, frameNumber?: number) {
    super(InstanceRequestedEvent.type, { bubbles: true, composed: true });
    this.sopInstanceUid = sopInstanceUid;
    this.frameNumber = frameNumber;
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    "negato-instance-requested": InstanceRequestedEvent;
  }
}
