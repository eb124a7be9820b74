// A learner's process: a Python of its own, worker.py as it is, one submission at a time.
import { loadPyodide } from "./pyodide/pyodide.mjs";
import { writer } from "./mailbox.js";
import { compiledOnce, guarded, limited } from "./compiled.js";

const MOST_GROWTH = 64 * 2 ** 20; // bytes; beyond that another worker is cheaper than this one put back
const HOME = "/home/pyodide";
let python, hello, answer, kept, stack, box, port, most = 0, deadline = Infinity, mostMB = Infinity;

// What setitimer does elsewhere: Pyodide looks into this "buffer" every few steps.
const alarm = {
  get 0() { if (performance.now() < deadline) return 0; deadline = Infinity; return 14; }, // SIGALRM
  set 0(_) {},
};

async function boot({ module, stdlib, snapshot, start, texts }) {
  compiledOnce(module);
  limited(() => mostMB);
  const options = {
    indexURL: new URL("./pyodide/", import.meta.url).href, stdLibURL: stdlib,
    env: { PYTHONHASHSEED: "0", HOME },
  };
  python = await loadPyodide({ ...options, ...(snapshot ? { _loadSnapshot: snapshot } : { _makeSnapshot: true }) });
  let made;
  if (!snapshot) {
    python.runPython(start, { filename: "web.py" });
    python.globals.set("texts", JSON.stringify(texts));
    python.runPython("import json; load(json.loads(texts)); del texts, json");
    made = python.makeMemorySnapshot();
  }
  const print = { write(data) { box?.print(data.slice()); return data.length; }, isatty: false };
  python.setStdout(print);
  python.setStderr(print);
  python.setInterruptBuffer(alarm);
  const started = python.globals.get("start")(
    data => box.reply(data),
    seconds => { deadline = seconds ? performance.now() + seconds * 1000 : Infinity; },
  );
  [hello, answer] = started;
  guarded(python);
  stack = python._module.stackSave();
  kept = python._module.HEAPU8.slice();
  postMessage({ type: "ready", snapshot: made });
}

function begin({ port: opened, shared, mostPrinted, memoryMB }) {
  port = opened;
  most = mostPrinted;
  mostMB = memoryMB;
  box = writer(port, shared, most);
  port.onmessage = ({ data }) => {
    box.refill?.(most);
    try { answer(data); } catch (error) { // the interpreter is no more
      kept = null;
      box.end();
      console.info("A learner's interpreter ended:", String(error).split("\n")[0]);
    }
  };
  hello();
}

// A new process: the interpreter's memory is put back to how it was before anybody's file was there.
function rewind() {
  const C = python._module;
  port?.close();
  port = box = null;
  deadline = mostMB = Infinity;
  if (!kept || C.HEAPU8.length > kept.length + MOST_GROWTH) return postMessage({ type: "spent" });
  C.HEAPU8.set(kept);
  C.HEAPU8.fill(0, kept.length);
  C.stackRestore(stack);
  python.FS.streams.forEach((stream, number) => { if (stream && number > 2) try { python.FS.close(stream); } catch {} });
  python.FS.chdir("/");
  for (const folder of [HOME, "/tmp"]) empty(folder);
  python.FS.chdir(HOME);
  postMessage({ type: "rewound" });
}

function empty(folder) {
  for (const name of python.FS.readdir(folder)) {
    if (name === "." || name === "..") continue;
    const path = `${folder}/${name}`;
    if (python.FS.isDir(python.FS.lstat(path).mode)) { empty(path); python.FS.rmdir(path); } else python.FS.unlink(path);
  }
}

onmessage = ({ data }) => ({ boot, begin, rewind })[data.type](data);
