/** Bytes of a line for each field, written as hexadecimal digits or as text in quotes; what follows `;` explains it. */
function bytesOf(lines: string): Uint8Array {
  const parts = lines.split("\n").map((line) => {
    const field = line.replace(/;.*$/, "").trim();
    const text = /^"(.*)"$/.exec(field)?.[1];
    return text === undefined
      ? Buffer.from(field.replaceAll(" ", ""), "hex")
      : Buffer.from(text, "latin1");
  });
  return Buffer.concat(parts);
}

/** A-ASSOCIATE-RQ (PS3.8 tables 9-11 to 9-16, PS3.7 D.3.3) with every item of user information that is written. */
export const REQUEST_BYTES = bytesOf(`
  01                            ; PDU type
  00                            ; reserved
  00 00 01 25                   ; PDU length: 293
  00 01                         ; protocol version 1
  00 00                         ; reserved
  "PACS            "            ; called AE title
  "NEGATO          "            ; calling AE title
  00000000000000000000000000000000 00000000000000000000000000000000 ; reserved
  10 00 00 15                   ; application context item, 21 bytes
  "1.2.840.10008.3.1.1.1"
  20 00 00 45                   ; presentation context item, 69 bytes
  01 00 00 00                   ; identifier 1, reserved
  30 00 00 11                   ; abstract syntax, 17 bytes
  "1.2.840.10008.1.1"
  40 00 00 11                   ; transfer syntax, 17 bytes
  "1.2.840.10008.1.2"
  40 00 00 13                   ; transfer syntax, 19 bytes
  "1.2.840.10008.1.2.1"
  50 00 00 7b                   ; user information item, 123 bytes
  51 00 00 04                   ; maximum length
  00 01 00 00                   ; 65536
  52 00 00 05                   ; implementation class UID
  "1.2.3"
  53 00 00 04                   ; asynchronous operations window
  00 04                         ; invoked
  00 01                         ; performed
  54 00 00 1d                   ; role selection, 29 bytes
  00 19                         ; UID length 25
  "1.2.840.10008.5.1.4.1.1.2"
  00                            ; SCU
  01                            ; SCP
  55 00 00 08                   ; implementation version name
  "NEGATO_1"
  56 00 00 20                   ; SOP class extended negotiation, 32 bytes
  00 1b                         ; UID length 27
  "1.2.840.10008.5.1.4.1.2.2.1"
  01 00 01                      ; relational queries, no date-time matching, fuzzy matching
  58 00 00 0d                   ; user identity, 13 bytes
  02                            ; user name and passcode
  01                            ; positive response requested
  00 03                         ; primary field
  "ana"
  00 04                         ; secondary field
  6f 6b c3 a9                   ; oké in UTF-8
`);

/** A-ASSOCIATE-AC (PS3.8 tables 9-17 and 9-18) with a context that is accepted and one that is not. */
export const ACCEPT_BYTES = bytesOf(`
  02                            ; PDU type
  00                            ; reserved
  00 00 00 a5                   ; PDU length: 165
  00 01                         ; protocol version 1
  00 00                         ; reserved
  "PACS            "            ; called AE title of the request
  "NEGATO          "            ; calling AE title of the request
  00000000000000000000000000000000 00000000000000000000000000000000 ; reserved
  10 00 00 15                   ; application context item
  "1.2.840.10008.3.1.1.1"
  21 00 00 1b                   ; presentation context item, 27 bytes
  01 00 00 00                   ; identifier 1, reserved, acceptance, reserved
  40 00 00 13                   ; transfer syntax
  "1.2.840.10008.1.2.1"
  21 00 00 08                   ; presentation context item, 8 bytes
  03 00 04 00                   ; identifier 3, reserved, transfer syntaxes not supported, reserved
  40 00 00 00                   ; transfer syntax, not significant
  50 00 00 19                   ; user information item, 25 bytes
  51 00 00 04                   ; maximum length
  00 00 00 00                   ; no limit
  52 00 00 05                   ; implementation class UID
  "1.2.3"
  59 00 00 04                   ; user identity response, 4 bytes
  00 02                         ; length of the response
  aa bb
`);

/** A-ASSOCIATE-RJ (PS3.8 table 9-21). */
export const REJECT_BYTES = bytesOf(`
  03                            ; PDU type
  00                            ; reserved
  00 00 00 04                   ; PDU length
  00                            ; reserved
  01                            ; result: rejected-permanent
  01                            ; source: service-user
  03                            ; reason: calling-AE-title-not-recognized
`);

/** A-RELEASE-RQ (PS3.8 table 9-24). */
export const RELEASE_REQUEST_BYTES = bytesOf(`
  05                            ; PDU type
  00                            ; reserved
  00 00 00 04                   ; PDU length
  00 00 00 00                   ; reserved
`);

/** A-RELEASE-RP (PS3.8 table 9-25). */
export const RELEASE_RESPONSE_BYTES = bytesOf(`
  06                            ; PDU type
  00                            ; reserved
  00 00 00 04                   ; PDU length
  00 00 00 00                   ; reserved
`);

/** A-ABORT (PS3.8 table 9-26). */
export const ABORT_BYTES = bytesOf(`
  07                            ; PDU type
  00                            ; reserved
  00 00 00 04                   ; PDU length
  00 00                         ; reserved
  02                            ; source: service-provider
  05                            ; reason: unexpected-PDU parameter
`);

/** A P-DATA-TF (PS3.8 table 9-22) with two PDVs: a C-ECHO-RQ (PS3.7 table 9.3-12) cut in two. */
export const ECHO_BYTES = bytesOf(`
  04                            ; PDU type
  00                            ; reserved
  00 00 00 50                   ; PDU length: 80
  00 00 00 22                   ; PDV length: 34
  01                            ; presentation context 1
  01                            ; control header: command, not last
  0000 0000 04000000            ; (0000,0000) group length, 4 bytes
  38000000                      ; 56
  0000 0200 12000000            ; (0000,0002) affected SOP class UID, 18 bytes
  "1.2.840.1000"                ; cut here
  00 00 00 26                   ; PDV length: 38
  01                            ; presentation context 1
  03                            ; control header: command, last
  "8.1.1"                       ; the rest of the UID
  00                            ; its padding
  0000 0001 02000000 3000       ; (0000,0100) command field: C-ECHO-RQ
  0000 1001 02000000 0700       ; (0000,0110) message ID: 7
  0000 0008 02000000 0101       ; (0000,0800) command data set type: none
`);
