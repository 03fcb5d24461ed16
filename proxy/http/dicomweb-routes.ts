import type { FastifyInstance } from "fastify";
import { registerBulkDataRoutes } from "./bulkdata-routes.ts";
import { registerCapabilitiesRoutes } from "./capabilities-routes.ts";
import type { DicomwebContext } from "./dicomweb-request.ts";
import { registerFrameRoutes } from "./frame-routes.ts";
import { registerInstanceRoutes } from "./instance-routes.ts";
import { registerMetadataRoutes } from "./metadata-routes.ts";
import { registerRenderedRoutes } from "./rendered-routes.ts";
import { registerSearchRoutes } from "./search-routes.ts";
import { registerStoreRoutes } from "./store-routes.ts";
import { registerWorkitemRoutes } from "./workitem-routes.ts";

/** DICOMweb (PS3.18) of one archive, below the prefix of the context. */
export async function registerDicomwebRoutes(
  app: FastifyInstance,
  context: DicomwebContext,
): Promise<void> {
  await app.register(
    (scope, _options, done) => {
      registerCapabilitiesRoutes(scope, context);
      registerSearchRoutes(scope, context);
      registerInstanceRoutes(scope, context);
      registerMetadataRoutes(scope, context);
      registerFrameRoutes(scope, context);
      registerBulkDataRoutes(scope, context);
      registerRenderedRoutes(scope, context);
      registerStoreRoutes(scope, context);
      registerWorkitemRoutes(scope, context);
      done();
    },
    { prefix: context.prefix },
  );
}
