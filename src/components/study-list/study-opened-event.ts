/** A person chose a study. It bubbles and crosses shadow roots. */
export class StudyOpenedEvent extends Event {
  static readonly type = "negato-study-opened";
  readonly studyInstanceUid: string;

  constructor(studyInstanceUid: string) {
    super(StudyOpenedEvent.type, { bubbles: true, composed: true });
    this.studyInstanceUid = studyInstanceUid;
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    "negato-study-opened": StudyOpenedEvent;
  }
}
