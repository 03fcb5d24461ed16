/** A person wants the film to play, stop or change its speed. */
export class CineCommandEvent extends Event {
  static readonly type = "negato-cine-command";
  readonly command: "cine-toggle" | "cine-faster" | "cine-slower";

  constructor(command: CineCommandEvent["command"]) {
    super(CineCommandEvent.type, { bubbles: true, composed: true });
    this.command = command;
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    "negato-cine-command": CineCommandEvent;
  }
}
