// The Python in which learners run their cells. What it says is shown to them and counts for nothing.
import { loadPyodide } from "./pyodide/pyodide.mjs";
import { instance } from "./viz.js";
import { compiledOnce, guarded, limited } from "./compiled.js";

const MOST_PRINTED = 200_000, SOON = 60; // characters of a cell; milliseconds between two posts
let run, waiting = "", printed = 0, posted = 0;

function flush() {
  if (waiting) postMessage({ type: "printed", text: waiting });
  waiting = "";
  posted = performance.now();
}

function print(text) {
  printed += text.length;
  if (printed - text.length >= MOST_PRINTED) return;
  waiting += text;
  if (printed >= MOST_PRINTED) waiting += "\n… what is printed after this is not shown\n";
  if (performance.now() > posted + SOON) flush();
}

async function boot({ module, stdlib, zip, interrupt, memoryMB, theirs, provided }) {
  compiledOnce(module);
  limited(() => memoryMB);
  const [python, drawer] = await Promise.all([
    loadPyodide({
      indexURL: new URL("./pyodide/", import.meta.url).href, stdLibURL: stdlib, env: { HOME: "/home/pyodide" },
    }),
    instance(),
  ]);
  const decoder = new TextDecoder();
  const out = { write(data) { print(decoder.decode(data, { stream: true })); return data.length; }, isatty: false };
  python.setStdout(out);
  python.setStderr(out);
  python.setStdin({ error: true });
  if (interrupt) python.setInterruptBuffer(new Uint8Array(interrupt));
  python.unpackArchive(zip, "zip", { extractDir: "/kit" });
  python.registerJsModule("page", { draw: dot => drawer.renderString(dot, { format: "svg" }) });
  python.runPython(`import sys; sys.path.append("/kit")`);
  const cells = python.pyimport("autograder.web.cells");
  cells.setup(JSON.stringify(theirs), JSON.stringify(provided));
  guarded(python);
  run = cells.run;
  postMessage({ type: "ready" });
}

function cell({ job, source, where }) {
  printed = 0;
  try {
    const answer = run(source, where);
    flush();
    postMessage({ type: "done", job, answer });
  } catch (error) { // the interpreter is no more
    flush();
    postMessage({ type: "ended", job, error: String(error).split("\n")[0] });
  }
}

onmessage = async ({ data }) => {
  if (data.type === "cell") return cell(data);
  try { await boot(data); } catch (error) { postMessage({ type: "failed", error: String(error) }); }
};
