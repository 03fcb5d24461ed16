import type { CodecModule, GlueOptions } from "./codec-glue.ts";
import { CodecRuntime } from "./codec-runtime.ts";
import type { CodecSource } from "./codec-source.ts";
import { kernelFailure } from "./kernel-failure.ts";
import { OK, OUT_OF_MEMORY } from "./kernels/kernel-status.ts";

/** Name and version of our own kernels, as a frame tells what decoded it. */
export const KERNELS = "negato kernels 1";

type KernelFunction = (...args: readonly number[]) => unknown;

/** An instance of our own kernels (wasm/kernels). Addresses are offsets in its memory. */
export class KernelModule implements CodecModule {
  readonly #exports: object;

  /** @throws TypeError for what is no instance of the kernels. */
  constructor(instance: object) {
    const exports: unknown = Reflect.get(instance, "exports");
    if (typeof exports !== "object" || exports === null)
      throw new TypeError("The kernels have no exports");
    this.#exports = exports;
  }

  get HEAPU8(): Uint8Array<ArrayBuffer> {
    const memory: unknown = Reflect.get(this.#exports, "memory");
    const buffer: unknown = Reflect.get(Object(memory), "buffer");
    if (!(buffer instanceof ArrayBuffer)) throw new TypeError("The kernels have no memory");
    return new Uint8Array(buffer);
  }

  /** What a kernel gives. @throws TypeError for one that there is not. */
  call(name: string, ...args: readonly number[]): number {
    const kernel: unknown = Reflect.get(this.#exports, name);
    if (!isFunction(kernel)) throw new TypeError(`There is no kernel ${name}`);
    return Number(kernel(...args));
  }

  /**
   * Puts encoded bytes where kernels read them, in place of the last frame. Gives their address.
   * @throws DicomError `limit-exceeded`.
   */
  putInput(encoded: Uint8Array): number {
    const address = this.call("reserveInput", encoded.length) >>> 0;
    if (address === 0) throw kernelFailure(OUT_OF_MEMORY);
    this.HEAPU8.set(encoded, address);
    return address;
  }

  /** Runs a kernel that answers with a status. @throws DicomError of every status but OK. */
  run(name: string, ...args: readonly number[]): void {
    const status = this.call(name, ...args);
    if (status !== OK) throw kernelFailure(status);
  }

  /** A copy of what stands at an address. */
  copyOut(address: number, byteLength: number): Uint8Array<ArrayBuffer> {
    const start = address >>> 0;
    return this.HEAPU8.slice(start, start + byteLength);
  }
}

/** The runtime that works with one instance of the kernels. */
export type KernelRuntime = CodecRuntime<KernelModule>;

const RUNTIMES = new WeakMap<CodecSource, KernelRuntime>();

/** The kernels of a source; all adapters that have the same one share an instance. */
export function kernelsOf(source: CodecSource): KernelRuntime {
  const existing = RUNTIMES.get(source);
  if (existing !== undefined) return existing;
  const runtime = new CodecRuntime(createKernels, () => source.load("kernels"));
  RUNTIMES.set(source, runtime);
  return runtime;
}

function createKernels({ instantiateWasm }: GlueOptions): Promise<KernelModule> {
  return new Promise((resolve, reject) => {
    instantiateWasm({}, (instance) => {
      try {
        resolve(new KernelModule(instance));
      } catch (cause) {
        reject(cause);
      }
    });
  });
}

function isFunction(value: unknown): value is KernelFunction {
  return typeof value === "function";
}
