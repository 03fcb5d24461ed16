import { QUIRK_NAMES } from "./pacs-address.ts";

const AE_TITLE = {
  type: "string",
  minLength: 1,
  maxLength: 16,
  pattern:
    "^[\\u0020-\\u005B\\u005D-\\u007E]*[!-\\u005B\\u005D-~][\\u0020-\\u005B\\u005D-\\u007E]*$",
} as const;

const NAME = { type: "string", pattern: "^[a-z0-9][a-z0-9-]{0,39}$" } as const;
const FILE = { type: "string", minLength: 1 } as const;
const PORT = { type: "integer", minimum: 1, maximum: 65_535 } as const;
const COUNT = { type: "integer", minimum: 1, maximum: 100 } as const;
const CHARACTER_SETS = {
  anyOf: [
    { type: "string", minLength: 1 },
    { type: "array", items: { type: "string" }, minItems: 1, maxItems: 16 },
  ],
} as const;

const TLS_FILES = {
  ca: {
    ...FILE,
    description: "PEM file of the certificates that are trusted; those of the system without it.",
  },
  certificate: {
    ...FILE,
    description: "PEM file of our own certificate, for mutual authentication.",
  },
  key: { ...FILE, description: "PEM file of the key of our own certificate." },
  profile: {
    description:
      "Profile of PS3.15: non-downgrading (B.12, the default) or extended (B.13: forward secrecy and AES-GCM only).",
    enum: ["non-downgrading", "extended"],
  },
} as const;

const CACHE = {
  description: "Limits of the objects that are kept of this source, encrypted, in the data folder.",
  type: "object",
  additionalProperties: false,
  properties: {
    maximumBytes: { description: "10 GB by default.", type: "integer", minimum: 16_777_216 },
    maximumAgeHours: { description: "72 by default.", type: "number", exclusiveMinimum: 0 },
  },
} as const;

const PACS_OBJECT = {
  type: "object",
  additionalProperties: false,
  required: ["aet", "host", "port"],
  properties: {
    aet: { ...AE_TITLE, description: "AE title of the PACS." },
    host: { description: "Name or address, IPv6 without brackets.", type: "string", minLength: 1 },
    port: PORT,
    name: {
      ...NAME,
      description: "Name in addresses: /sources/{name}/dicom-web; its AE title by default.",
    },
    callingAet: {
      ...AE_TITLE,
      description: "Our AE title towards this PACS; that of `aet` by default.",
    },
    retrieve: {
      description:
        "C-GET or C-MOVE; auto, the default: C-GET where it is offered and works, else C-MOVE.",
      enum: ["auto", "get", "move"],
    },
    quirks: {
      description:
        "Deviations: patient-root (offers no Study Root), no-image-find (no C-FIND at the IMAGE level), no-uid-lists (no lists of UIDs as keys), one-association (one at a time), slow-start (minutes of silence are no failure).",
      type: "array",
      items: { enum: QUIRK_NAMES },
    },
    tls: {
      description:
        "TLS towards this PACS; true: with the certificates of the system and none of our own.",
      anyOf: [
        { type: "boolean" },
        {
          type: "object",
          additionalProperties: false,
          properties: {
            ...TLS_FILES,
            serverName: {
              ...FILE,
              description: "Name that its certificate has to have; its host by default.",
            },
            anyServerName: {
              description: "Do not compare the name, for a PACS known by its address alone.",
              type: "boolean",
            },
          },
        },
      ],
    },
    associations: {
      description: "Associations at a time: all (10), of one retrieval (8), of one user (10).",
      type: "object",
      additionalProperties: false,
      properties: { most: COUNT, perRetrieval: COUNT, perUser: COUNT },
    },
    timeouts: {
      description:
        "Seconds: connect, for TCP and TLS (5); association, until it is answered (8); silence while an answer is due (12, with slow-start 120); operation as a whole (1800).",
      type: "object",
      additionalProperties: false,
      properties: {
        connect: { type: "number", exclusiveMinimum: 0, maximum: 600 },
        association: { type: "number", exclusiveMinimum: 0, maximum: 600 },
        silence: { type: "number", exclusiveMinimum: 0, maximum: 3600 },
        operation: { type: "number", exclusiveMinimum: 0, maximum: 86_400 },
      },
    },
    maximumPduLength: {
      description: "Length of PDUs that we offer to receive, in bytes; 65536 by default.",
      type: "integer",
      minimum: 4096,
      maximum: 1_048_576,
    },
    queryCharacterSet: {
      ...CHARACTER_SETS,
      description:
        "Specific Character Set that queries are written in; ISO_IR 192 (UTF-8) by default.",
    },
    fallbackCharacterSet: {
      ...CHARACTER_SETS,
      description:
        "Specific Character Set of answers and objects that declare none; ISO_IR 192 by default.",
    },
    worklist: {
      description:
        "Modality Worklist of this PACS, as AET@HOST:PORT, or true when the PACS itself answers it; UPS-RS searches are answered from it.",
      anyOf: [{ type: "string", minLength: 1 }, { const: true }],
    },
    store: {
      description:
        "Whether STOW-RS may store here (true by default); commitment: each store is confirmed by Storage Commitment.",
      anyOf: [
        { type: "boolean" },
        {
          type: "object",
          additionalProperties: false,
          properties: { commitment: { type: "boolean" } },
        },
      ],
    },
    forwardTo: {
      description:
        "AE titles known to the PACS that studies may be sent to (C-MOVE); none by default.",
      type: "array",
      items: AE_TITLE,
    },
    userIdentity: {
      description:
        "User identity for the association (PS3.7 D.3.3.7), where the PACS asks for one.",
      type: "object",
      additionalProperties: false,
      required: ["kind"],
      properties: {
        kind: { enum: ["user", "jwt", "saml", "kerberos"] },
        name: { description: "User name, of kind user.", type: "string", minLength: 1 },
        file: { ...FILE, description: "File with the passcode or the token." },
      },
    },
    cache: CACHE,
  },
} as const;

/** The parts of the JSON Schema that are about DIMSE. */
export const DICOM_PROPERTIES = {
  pacs: {
    description:
      "PACS that speak DIMSE: as AET@HOST:PORT?switch&switch, or as objects. The first is the default source.",
    type: "array",
    items: {
      anyOf: [{ type: "string", minLength: 1 }, PACS_OBJECT],
    },
  },
  aet: { ...AE_TITLE, description: "Our AE title; NEGATO by default." },
  dicomPort: { ...PORT, description: "Port on which a PACS reaches us; 11112 by default." },
  dicomHost: {
    description: "Address that the DICOM port listens on; all of the machine by default.",
    type: "string",
    minLength: 1,
  },
  dicomTls: {
    description: "A further DICOM port that speaks TLS.",
    type: "object",
    additionalProperties: false,
    required: ["certificate", "key"],
    properties: { port: { ...PORT, description: "2762 by default." }, ...TLS_FILES },
  },
  alsoFrom: {
    description: "Further AE titles from which a PACS sends what it was asked to move.",
    type: "array",
    items: AE_TITLE,
  },
  dicomAssociations: {
    description: "Associations that others may have open with us at a time; 20 by default.",
    type: "integer",
    minimum: 1,
    maximum: 1000,
  },
  inbox: {
    description:
      "Takes what modalities and PACS store here unasked (C-STORE), as a source; off by default.",
    type: "object",
    additionalProperties: false,
    required: ["from"],
    properties: {
      from: {
        description: "AE titles that may store here.",
        type: "array",
        minItems: 1,
        items: AE_TITLE,
      },
      name: { ...NAME, description: "Name in addresses; inbox by default." },
      forwardTo: {
        description: "Where its objects may be sent to, as AET@HOST:PORT; none by default.",
        type: "array",
        items: { type: "string", minLength: 1 },
      },
      cache: {
        ...CACHE,
        description: "Limits of what is kept; 100 GB and for ever by default.",
      },
    },
  },
  cacheKey: {
    description:
      "Key of the objects in the data folder: session (in memory; at the next start nothing can be read any more), or the folder of its file cache.key; the data folder by default, where it is made at the first start. The environment variable NEGATO_CACHE_KEY goes before it.",
    anyOf: [
      { const: "session" },
      {
        type: "object",
        additionalProperties: false,
        required: ["folder"],
        properties: { folder: FILE },
      },
    ],
  },
  trace: {
    description: "A file to which what happens on associations is written, without patient data.",
    anyOf: [
      FILE,
      {
        type: "object",
        additionalProperties: false,
        required: ["file"],
        properties: {
          file: FILE,
          maximumBytes: {
            description: "Then it becomes FILE.1 and a new one begins; 10 MB by default.",
            type: "integer",
            minimum: 65_536,
          },
        },
      },
    ],
  },
  limits: {
    description:
      "Limits of each user: requests at a time (256), and retrievals of studies and series at a time (16).",
    type: "object",
    additionalProperties: false,
    properties: {
      requestsPerUser: { type: "integer", minimum: 1 },
      retrievalsPerUser: { type: "integer", minimum: 1 },
    },
  },
} as const;
