/** The part of WebAssembly that the companion uses; the types of Node leave it out. */
declare namespace WebAssembly {
  type Module = object;
  type Instance = object;
  function compile(bytes: Uint8Array<ArrayBuffer>): Promise<Module>;
  function instantiate(module: Module, imports?: object): Promise<Instance>;
}
