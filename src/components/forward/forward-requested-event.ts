import type { ForwardTarget } from "../../viewer/companion/forwarding.ts";

/** A person wants to send a study, or a part of it, to another system. It bubbles and crosses shadow roots. */
export class ForwardRequestedEvent extends Event {
  static readonly type = "negato-forward-requested";
  readonly forwarded: ForwardTarget;

  constructor(target: ForwardTarget) {
    super(ForwardRequestedEvent.type, { bubbles: true, composed: true });
    this.forwarded = target;
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    "negato-forward-requested": ForwardRequestedEvent;
  }
}
