/** A panel beside the image is to be closed. */
export class PanelClosedEvent extends Event {
  static readonly type = "negato-panel-closed";

  constructor() {
    super(PanelClosedEvent.type, { bubbles: true, composed: true });
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    "negato-panel-closed": PanelClosedEvent;
  }
}
