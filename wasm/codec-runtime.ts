import { DicomError } from "#core/dicom/dicom-error.ts";
import { type CodecModule, createInstance, type GlueOptions } from "./codec-glue.ts";
import type { WasmBinary } from "./codec-source.ts";

/** An instance whose memory has grown beyond this is given up, as WebAssembly memory never shrinks. */
const MAXIMUM_HEAP_BYTES = 256 * 1024 * 1024;
/** An instance is given up after so many uses, in case it leaks. */
const MAXIMUM_USES = 500;
/** Errors that a codec printed of a frame, of which no more are kept. */
const MOST_ERRORS = 4;

/**
 * The one instance of a codec that a thread works with. It is made when it is needed, and given up after any failure
 * (its stack is not unwound), when its memory has grown too far, and now and then; making another takes 2 to 3 ms.
 */
export class CodecRuntime<Module extends CodecModule> {
  readonly #glue: (options: GlueOptions) => Promise<Module>;
  readonly #load: () => Promise<WasmBinary>;
  readonly #explain: (module: Module, thrown: unknown) => string | undefined;
  #binary: Promise<WasmBinary> | undefined;
  #module: Module | undefined;
  #uses = 0;
  #errors: string[] = [];

  /** `explain` says in words what a codec threw, where it can. */
  constructor(
    glue: (options: GlueOptions) => Promise<Module>,
    load: () => Promise<WasmBinary>,
    explain: (module: Module, thrown: unknown) => string | undefined = () => undefined,
  ) {
    this.#glue = glue;
    this.#load = load;
    this.#explain = explain;
  }

  /** Loads and compiles the codec and makes an instance, unless there is one. */
  async prepare(): Promise<Module> {
    if (this.#module !== undefined) return this.#module;
    this.#binary ??= this.#load();
    try {
      const module = await createInstance(this.#glue, await this.#binary, (text) => {
        if (/\berror\b/i.test(text) && this.#errors.length < MOST_ERRORS)
          this.#errors.push(text.trim());
      });
      this.#uses = 0;
      this.#module = module;
      return module;
    } catch (cause) {
      this.#binary = undefined;
      throw new DicomError("codec-failure", "The codec could not be loaded", { cause });
    }
  }

  /**
   * Calls `use` with an instance. Whatever is thrown becomes a DicomError and costs the instance.
   * @throws DicomError `codec-failure`, or what `use` throws as such.
   */
  async run<T>(use: (module: Module) => T): Promise<T> {
    const module = await this.prepare();
    this.#errors = [];
    try {
      const result = use(module);
      // Some go on after an error, and give part of a frame.
      if (this.#errors.length > 0) throw new DicomError("codec-failure", refusal(this.#said()));
      this.#uses += 1;
      if (this.#uses >= MAXIMUM_USES || module.HEAPU8.length > MAXIMUM_HEAP_BYTES)
        this.#module = undefined;
      return result;
    } catch (cause) {
      this.#module = undefined;
      if (cause instanceof DicomError) throw cause;
      // C++ exceptions arrive as numbers, which say nothing; the codec or its log may.
      const said = this.#explain(module, cause) ?? this.#said();
      throw new DicomError("codec-failure", refusal(said), { cause });
    }
  }

  /** What the codec printed of the last frame. */
  #said(): string {
    return this.#errors.join("; ");
  }
}

function refusal(said: string): string {
  return `The codec refused the frame${said && `: ${said}`}`;
}
