/** The window of a viewport changed: by drag, key or menu. Values are modality values. */
export class WindowChangedEvent extends Event {
  static readonly type = "negato-window-changed";
  readonly windowCenter: number;
  readonly windowWidth: number;

  constructor(windowCenter: number, windowWidth: number) {
    super(WindowChangedEvent.type, { bubbles: true, composed: true });
    this.windowCenter = windowCenter;
    this.windowWidth = windowWidth;
  }
}

/** Another image came on the screen. */
export class ImageShownEvent extends Event {
  static readonly type = "negato-image-shown";
  readonly sopInstanceUid: string;
  /** From 1, within the instance. */
  readonly frameNumber: number;
  /** From 1, within what the viewport shows. */
  readonly imageNumber: number;

  constructor(sopInstanceUid: string, frameNumber: number, imageNumber: number) {
    super(ImageShownEvent.type, { bubbles: true, composed: true });
    this.sopInstanceUid = sopInstanceUid;
    this.frameNumber = frameNumber;
    this.imageNumber = imageNumber;
  }
}

/** An image could not be shown. `code` is stable; the words are on the screen. */
export class ImageFailedEvent extends Event {
  static readonly type = "negato-image-failed";
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly code: string;
  readonly message: string;
  readonly advice: string;

  constructor(
    address: { readonly sopInstanceUid: string; readonly seriesInstanceUid: string },
    failure: { readonly code: string; readonly message: string; readonly advice: string },
  ) {
    super(ImageFailedEvent.type, { bubbles: true, composed: true });
    this.sopInstanceUid = address.sopInstanceUid;
    this.seriesInstanceUid = address.seriesInstanceUid;
    this.code = failure.code;
    this.message = failure.message;
    this.advice = failure.advice;
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    "negato-window-changed": WindowChangedEvent;
    "negato-image-shown": ImageShownEvent;
    "negato-image-failed": ImageFailedEvent;
  }
}
