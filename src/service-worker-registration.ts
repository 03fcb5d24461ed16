/** What the page learns about its service worker. */
export interface ServiceWorkerOptions {
  /** A new version is ready; `activate` lets it take over and reloads the page. Call it at a safe moment. */
  onUpdateReady(activate: () => void): void;
}
