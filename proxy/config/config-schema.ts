import type { DicomEntries } from "./pacs-entry.ts";
import { DICOM_PROPERTIES } from "./pacs-schema.ts";

/** JSON Schema (draft 7) of the file given by `--config`. */
export const CONFIG_SCHEMA = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "Configuration of the Negato companion",
  type: "object",
  additionalProperties: false,
  properties: {
    $schema: { type: "string" },
    dicom: {
      description: "Folders of DICOM files, each served as an archive. Relative to this file.",
      type: "array",
      items: {
        anyOf: [
          { type: "string", minLength: 1 },
          {
            type: "object",
            additionalProperties: false,
            required: ["path"],
            properties: {
              path: { type: "string", minLength: 1 },
              name: {
                description: "Name in addresses: /sources/{name}/dicom-web",
                type: "string",
                pattern: "^[a-z0-9][a-z0-9-]{0,39}$",
              },
            },
          },
        ],
      },
    },
    ...DICOM_PROPERTIES,
    dicomweb: { type: "array", items: { type: "string", pattern: "^https?://" } },
    host: { description: "Address to listen on.", type: "string", minLength: 1 },
    port: { type: "integer", minimum: 0, maximum: 65535 },
    data: { description: "Folder for index and received objects.", type: "string", minLength: 1 },
    open: { description: "Whether to open a browser.", type: "boolean" },
    auth: {
      type: "object",
      additionalProperties: false,
      required: ["type", "users"],
      properties: {
        type: { const: "basic" },
        users: {
          type: "array",
          minItems: 1,
          items: {
            type: "object",
            additionalProperties: false,
            required: ["name", "passwordHash"],
            properties: {
              name: { type: "string", pattern: "^[^:\\u0000-\\u001f]{1,128}$" },
              passwordHash: {
                description: "What `negato hash-password` prints.",
                type: "string",
                pattern: "^scrypt\\$[0-9]+\\$[0-9]+\\$[0-9]+\\$[A-Za-z0-9_-]+\\$[A-Za-z0-9_-]+$",
              },
              permissions: {
                description:
                  "What more than reading is allowed: diagnose (test a PACS, read its trace), forward (send studies to others), store.",
                type: "array",
                items: { enum: ["diagnose", "forward", "store"] },
              },
            },
          },
        },
      },
    },
    allowedHosts: {
      description: "Further names by which browsers reach the companion, without port.",
      type: "array",
      items: { type: "string", minLength: 1 },
    },
    publicUrl: {
      description: "Address under which browsers reach the companion behind a reverse proxy.",
      type: "string",
      pattern: "^https?://[^/]+/?$",
    },
    frameAncestors: {
      description: "Origins that may embed the viewer in a frame (CSP frame-ancestors).",
      type: "array",
      items: { type: "string", pattern: "^('self'|'none'|https?://[^\\s;,]+)$" },
    },
    maximumStoreBytes: {
      description: "Largest body of a store request.",
      type: "integer",
      minimum: 1,
    },
  },
} as const;

/** A user of HTTP Basic authentication. */
export interface UserSettings {
  readonly name: string;
  readonly passwordHash: string;
  readonly permissions?: readonly ("diagnose" | "forward" | "store")[];
}

/** The configuration file, as `CONFIG_SCHEMA` describes it. */
export interface ConfigFile extends DicomEntries {
  readonly dicom?: readonly (string | { readonly path: string; readonly name?: string })[];
  readonly dicomweb?: readonly string[];
  readonly host?: string;
  readonly port?: number;
  readonly data?: string;
  readonly open?: boolean;
  readonly auth?: { readonly type: "basic"; readonly users: readonly UserSettings[] };
  readonly allowedHosts?: readonly string[];
  readonly publicUrl?: string;
  readonly frameAncestors?: readonly string[];
  readonly maximumStoreBytes?: number;
}
