import { describe, expect, it } from "vitest";
import type { CodecModule, GlueOptions } from "./codec-glue.ts";
import { CodecRuntime } from "./codec-runtime.ts";

const MEGABYTE = 1024 * 1024;

interface CountedModule extends CodecModule {
  readonly number: number;
}

/** A runtime of a codec whose instances are numbered, and which prints and grows as the test says. */
function countedRuntime(options: { readonly heapBytes?: number; readonly failures?: number } = {}) {
  let instances = 0;
  let failures = options.failures ?? 0;
  let print: (text: string) => void = () => undefined;
  const glue = (glueOptions: GlueOptions): Promise<CountedModule> =>
    new Promise((resolve) => {
      print = glueOptions.printErr;
      glueOptions.instantiateWasm({}, () => {
        instances += 1;
        resolve({ number: instances, HEAPU8: new Uint8Array(options.heapBytes ?? 0) });
      });
    });
  const runtime = new CodecRuntime(glue, async () => {
    failures -= 1;
    if (failures >= 0) throw new TypeError("Failed to fetch");
    return { instantiate: async () => ({}) };
  });
  return { runtime, print: (text: string) => print(text) };
}

const instanceNumber = (module: CountedModule) => module.number;

describe("CodecRuntime", () => {
  it("works with one instance", async () => {
    const { runtime } = countedRuntime();
    expect([await runtime.run(instanceNumber), await runtime.run(instanceNumber)]).toEqual([1, 1]);
  });

  it("makes another instance after a failure, as the stack of the first is not unwound", async () => {
    const { runtime } = countedRuntime();
    const failing = runtime.run(() => {
      throw new Error("thrown by the codec");
    });
    await expect(failing).rejects.toMatchObject({ name: "DicomError", code: "codec-failure" });
    expect(await runtime.run(instanceNumber)).toBe(2);
  });

  it("tells what the codec printed when it threw a number, as C++ does", async () => {
    const { runtime, print } = countedRuntime();
    const failing = runtime.run(() => {
      print("[INFO] all is well\n");
      print("[ERROR] tile 7 is broken\n");
      const pointer: unknown = 5_246_976;
      throw pointer;
    });
    await expect(failing).rejects.toThrow("The codec refused the frame: [ERROR] tile 7 is broken");
  });

  it("takes a frame for refused when the codec printed an error and went on, and makes another instance", async () => {
    const { runtime, print } = countedRuntime();
    const partial = runtime.run(() => {
      print("ojph error 0x00050044: half of it is missing\n");
      return "part of a frame";
    });
    await expect(partial).rejects.toMatchObject({ code: "codec-failure" });
    expect(await runtime.run(instanceNumber)).toBe(2);
  });

  it("makes another instance when the memory of the first has grown beyond 256 MB", async () => {
    const { runtime } = countedRuntime({ heapBytes: 256 * MEGABYTE + 1 });
    expect([await runtime.run(instanceNumber), await runtime.run(instanceNumber)]).toEqual([1, 2]);
  });

  it("makes another instance after 500 frames", async () => {
    const { runtime } = countedRuntime();
    for (let count = 0; count < 500; count += 1) await runtime.run(instanceNumber);
    expect(await runtime.run(instanceNumber)).toBe(2);
  });

  it("tries to load the codec again after that failed", async () => {
    const { runtime } = countedRuntime({ failures: 1 });
    await expect(runtime.run(instanceNumber)).rejects.toMatchObject({ code: "codec-failure" });
    expect(await runtime.run(instanceNumber)).toBe(1);
  });
});
