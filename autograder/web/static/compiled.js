// What all workers do with Pyodide before and after it is loaded.
const STACK = 150 * 1024; // bytes of C's stack as Python counts them: then RecursionError, before the engine's ends
const PAGE = 64 * 1024;

// The page compiles Python once; each worker gets that and downloads nothing.
export function compiledOnce(module) {
  const fetched = self.fetch;
  self.fetch = (url, ...rest) => String(url.url || url).endsWith("pyodide.asm.wasm")
    ? Promise.resolve(new Response("", { headers: { "Content-Type": "application/wasm" } }))
    : fetched(url, ...rest);
  WebAssembly.instantiateStreaming = async (_, imports) =>
    ({ module, instance: await WebAssembly.instantiate(module, imports) });
}

// What RLIMIT_AS does elsewhere: memory does not grow beyond so many MB, and Python raises MemoryError.
export function limited(megabytes) {
  const grow = WebAssembly.Memory.prototype.grow;
  WebAssembly.Memory.prototype.grow = function (pages) {
    if (this.buffer.byteLength + pages * PAGE > megabytes() * 2 ** 20) throw new RangeError("the limit");
    return grow.call(this, pages);
  };
}

// Recursion to the bottom is a RecursionError, and not the interpreter's end.
export function guarded(python) {
  const C = python._module;
  C._PyUnstable_ThreadState_SetStackProtection(C._PyThreadState_Get(), C.stackSave() - STACK, STACK);
}
