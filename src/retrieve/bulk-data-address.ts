import { RetrieveError } from "./study-source.ts";

/**
 * The address to fetch a bulk data URI from. Archives behind a proxy write their own inner name into it, so what
 * stands from `/studies/` on is taken below the service's address. Other addresses must be of the same origin:
 * metadata, which anyone may have made, does not decide where this browser sends requests.
 * @param service absolute address of the DICOMweb service, without a slash at its end
 * @throws RetrieveError `bad-response`
 */
export function bulkDataAddress(uri: string, service: string): string {
  const url = URL.canParse(uri, `${service}/`) ? new URL(uri, `${service}/`) : undefined;
  const resource = url?.pathname.match(/\/studies\/[^?#]*$/)?.[0];
  if (url !== undefined && resource !== undefined) return service + resource + url.search;
  if (url !== undefined && url.origin === new URL(service).origin) return url.href;
  throw new RetrieveError(
    "bad-response",
    "A value is stored at an address outside the archive and is not fetched from there.",
  );
}
