/** A person chose an archive of the companion by its name; undefined: the default one. It bubbles and crosses shadow roots. */
export class SourceChosenEvent extends Event {
  static readonly type = "negato-source-chosen";
  readonly source: string | undefined;

  constructor(source: string | undefined) {
    super(SourceChosenEvent.type, { bubbles: true, composed: true });
    this.source = source;
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    "negato-source-chosen": SourceChosenEvent;
  }
}
