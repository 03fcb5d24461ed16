import { openObjectStore } from "../open-object-store.ts";
import { bytesOfNumber } from "./numbered-bytes.ts";
import { factsOf } from "./store-fixture.ts";

/*
 * A process that fills the store of a folder until it is killed. Each object says by its UID what its bytes are. For each
 * received object that the store answered for, a line tells its number.
 */

const [folder = "", key = "", start = "0"] = process.argv.slice(2);

async function fill(): Promise<void> {
  const store = await openObjectStore({
    folder,
    key: new Uint8Array(Buffer.from(key, "hex")),
    maximumBytes: 40_000_000,
    maximumAgeMs: 3_600_000,
    memoryBytes: 2 ** 21,
  });
  for (let number = Number(start); ; number += 1) {
    const isReceived = number % 4 === 0;
    const place = `${isReceived ? 9 : number % 3}/1/${number}`;
    const writer = store.begin(factsOf(place, isReceived ? "received" : "retrieved"));
    await writer.write(bytesOfNumber(number));
    const committed = writer.commit();
    if (isReceived) void committed.then(() => process.stdout.write(`${number}\n`));
    else await committed;
    if (number % 7 === 0) await store.remove(factsOf(`${number % 3}`).studyInstanceUid);
    // What was received is forwarded at some time.
    if (number % 50 === 49) await committed;
  }
}

await fill();
