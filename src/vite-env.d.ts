/** What the build puts into the application. */
interface ImportMetaEnv {
  /** Version of the package. */
  readonly NEGATO_VERSION: string;
}
