// The grader: Python, pytest, the kit. Workers for learners are made and ended by the page, as a
// grader that waits cannot.
import { loadPyodide } from "./pyodide/pyodide.mjs";
import { instance } from "./viz.js";
import { memory, reader } from "./mailbox.js";
import { compiledOnce } from "./compiled.js";

const SAID = 200; // milliseconds between two words about how far it is
let isolated, call, last = 0, asked = 0;
const boxes = new Map(), ports = new Map();
let count = 0;

const bridge = {
  spawn(mostPrinted, memoryMB) {
    const id = ++count, { port1, port2 } = new MessageChannel();
    const shared = isolated ? memory(mostPrinted) : undefined;
    boxes.set(id, reader(port1, shared, mostPrinted));
    ports.set(id, port1);
    postMessage({ type: "spawn", id, port: port2, shared, mostPrinted, memoryMB }, [port2]);
    return id;
  },
  send(id, data) {
    ports.get(id).postMessage(data);
    asked += 1;
    if (performance.now() > last + SAID) { last = performance.now(); postMessage({ type: "asked", asked }); }
  },
  wait: (id, milliseconds) => boxes.get(id).wait(milliseconds),
  take: id => boxes.get(id).take(),
  printed: id => boxes.get(id).printed(),
  kill(id) {
    ports.get(id).close();
    ports.delete(id);
    boxes.delete(id);
    postMessage({ type: "kill", id });
  },
};

async function boot({ module, stdlib, zips: [kit, packages], isolated: alone }) {
  isolated = alone;
  compiledOnce(module);
  const [python, drawer] = await Promise.all([
    loadPyodide({
      indexURL: new URL("./pyodide/", import.meta.url).href, stdLibURL: stdlib,
      env: { HOME: "/home/pyodide", PYTHONDONTWRITEBYTECODE: "1" },
    }),
    instance(),
  ]);
  python.unpackArchive(kit, "zip", { extractDir: "/course" });
  python.unpackArchive(packages, "zip", { extractDir: "/course/packages" });
  python.registerJsModule("page", { ...bridge, draw: dot => drawer.renderString(dot, { format: "svg" }) });
  call = python.runPython(`
import os, sys
sys.path[:0] = ["/course", "/course/packages"]
os.chdir("/course")
from autograder.web.grader import call
call`);
  postMessage({ type: "ready" });
}

async function run({ job, name, args }) {
  asked = 0;
  try {
    const text = JSON.stringify(args);
    const answer = isolated ? call(name, text) : await call.callPromising(name, text);
    postMessage({ type: "done", job, answer });
  } catch (error) { postMessage({ type: "done", job, error: String(error) }); }
}

onmessage = async ({ data }) => {
  if (data.type === "run") return run(data);
  try { await boot(data); } catch (error) { postMessage({ type: "failed", error: String(error) }); }
};
