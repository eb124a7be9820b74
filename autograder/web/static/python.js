// The page's Pythons: one that grades, and workers in which learners' code answers it.
const START_AGAIN = 250; // milliseconds that a worker has to put itself back; else it is ended
const MOST = 3; // workers that are kept

export const isolated = self.crossOriginIsolated === true;
export const canGrade = typeof WebAssembly === "object" && (isolated || "Suspending" in WebAssembly);

// From a blob, a worker has the page's policy: no connection beyond the site, no text run as code.
export function worker(name) {
  const text = `import ${JSON.stringify(new URL(name, import.meta.url).href)};`;
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  return new Worker(url, { type: "module" });
}

export const fetched = async (name, read) => {
  const answer = await fetch(new URL(name, import.meta.url));
  if (!answer.ok) throw new Error(`${name} cannot be fetched (${answer.status}).`);
  return answer[read]();
};

// A zip stored gzipped as a whole, since not every host compresses what it sends.
export const unpacked = async name =>
  new Response((await fetched(name, "blob")).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();

let shared;
// What all Pythons begin from, fetched and compiled once.
export function parts() {
  shared ??= Promise.all([
    WebAssembly.compileStreaming(fetch(new URL("./pyodide/pyodide.asm.wasm", import.meta.url))),
    unpacked("./pyodide/python_stdlib.bin"),
  ]).then(([module, zip]) => ({ module, stdlib: URL.createObjectURL(new Blob([zip])) }));
  shared.catch(() => { shared = undefined; });
  return shared;
}

// A worker for learners' code, and the next one in its place when that has ended.
class Seat {
  constructor(pool) {
    this.pool = pool;
    this.boot();
  }
  boot() {
    this.worker = worker("./learner.worker.js");
    this.pool.started += 1;
    this.ready = new Promise((resolve, reject) => {
      this.worker.onerror = event => reject(new Error(event.message || "A learner's worker does not start."));
      this.worker.onmessage = ({ data }) => {
        if (data.type !== "ready") return this.isBack?.(data.type);
        this.pool.snapshot ??= data.snapshot;
        resolve();
      };
    });
    parts().then(({ module, stdlib }) =>
      this.worker.postMessage({ type: "boot", module, stdlib, snapshot: this.pool.snapshot, ...this.pool.texts }));
  }
  begin(message) { this.worker.postMessage({ ...message, type: "begin" }, [message.port]); }
  clear() { // what a new process is elsewhere
    const before = this.ready;
    this.ready = (async () => {
      await before;
      const said = await new Promise(resolve => {
        this.isBack = resolve;
        setTimeout(() => resolve("late"), START_AGAIN);
        this.worker.postMessage({ type: "rewind" });
      });
      if (said === "rewound") return void (this.pool.rewound += 1);
      this.worker.terminate();
      this.boot();
      await this.ready;
    })();
  }
}

class Learners {
  constructor(texts) {
    this.texts = texts;
    this.warm = [];
    this.running = new Map();
    this.snapshot = undefined;
    this.started = this.rewound = 0;
    this.warm.push(new Seat(this));
  }
  async begin(message) {
    const seat = this.warm.shift() ?? new Seat(this);
    this.running.set(message.id, seat);
    await seat.ready;
    if (this.running.get(message.id) !== seat) return; // killed meanwhile
    seat.begin(message);
    if (!this.warm.length && this.running.size < MOST) this.warm.push(new Seat(this));
  }
  kill(id) {
    const seat = this.running.get(id);
    if (!seat) return;
    this.running.delete(id);
    seat.clear();
    this.warm.push(seat);
    while (this.warm.length > MOST) this.warm.pop().worker.terminate();
  }
}

export class Grader {
  constructor() {
    this.jobs = new Map();
    this.count = 0;
    this.onasked = () => {};
    this.ready = this.start();
  }
  async start() {
    const [{ module, stdlib }, texts, ...zips] = await Promise.all([
      parts(), fetched("./learner.json", "json"),
      unpacked("./kit.bin"), unpacked("./packages.bin"),
    ]);
    this.learners = new Learners(texts);
    this.worker = worker("./grader.worker.js");
    const ready = new Promise((resolve, reject) => {
      this.worker.onerror = event => reject(new Error(event.message || "The grader does not start."));
      this.worker.onmessage = ({ data }) => this.hear(data, resolve, reject);
    });
    this.worker.postMessage({ type: "boot", module, stdlib, zips, isolated }, zips);
    await Promise.all([ready, this.learners.warm[0].ready]);
    return this;
  }
  hear(data, resolve, reject) {
    if (data.type === "ready") resolve();
    else if (data.type === "failed") reject(new Error(data.error));
    else if (data.type === "spawn") this.learners.begin(data);
    else if (data.type === "kill") this.learners.kill(data.id);
    else if (data.type === "asked") this.onasked(data.asked);
    else {
      const { done, fail } = this.jobs.get(data.job);
      this.jobs.delete(data.job);
      if (data.error === undefined) done(JSON.parse(data.answer)); else fail(new Error(data.error));
    }
  }
  async call(name, args) {
    await this.ready;
    const job = ++this.count;
    return new Promise((done, fail) => {
      this.jobs.set(job, { done, fail });
      this.worker.postMessage({ type: "run", job, name, args });
    });
  }
}
