/** The viewer closed its study and shows the list again. */
export class StudyClosedEvent extends Event {
  static readonly type = "negato-study-closed";

  constructor() {
    super(StudyClosedEvent.type, { bubbles: true, composed: true });
  }
}

/** The viewer opens nothing; `code` says why, the words are on the screen. */
export class LaunchRefusedEvent extends Event {
  static readonly type = "negato-launch-refused";
  readonly code: string;

  constructor(code: string) {
    super(LaunchRefusedEvent.type, { bubbles: true, composed: true });
    this.code = code;
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    "negato-study-closed": StudyClosedEvent;
    "negato-launch-refused": LaunchRefusedEvent;
  }
}
