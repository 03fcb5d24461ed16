/** A person asks to try again what failed. */
export class RetryRequestedEvent extends Event {
  static readonly type = "negato-retry-requested";

  constructor() {
    super(RetryRequestedEvent.type, { bubbles: true, composed: true });
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    "negato-retry-requested": RetryRequestedEvent;
  }
}
