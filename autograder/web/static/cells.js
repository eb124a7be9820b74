// The Python in which cells run: started when the first one does, ended by Stop, started anew.
import { isolated, fetched, parts, worker } from "./python.js";

const MERCY = 800; // milliseconds for an interrupted cell to end by itself
const INTERRUPT = 2; // SIGINT

export class Cells {
  constructor(options) {
    this.options = options; // memoryMB, theirs, provided
    this.job = 0;
    this.running = null;
    this.queue = Promise.resolve();
    this.onstart = () => {};
  }
  start() {
    this.interrupt = isolated ? new SharedArrayBuffer(1) : undefined;
    this.worker = worker("./cells.worker.js");
    const mine = this.worker;
    this.ready = new Promise((resolve, reject) => {
      mine.onerror = event => reject(new Error(event.message || "Python does not start."));
      mine.onmessage = ({ data }) => this.hear(data, resolve, reject);
    });
    this.onstart();
    Promise.all([parts(), fetched("./cells.zip", "arrayBuffer")]).then(([{ module, stdlib }, zip]) =>
      mine.postMessage({ type: "boot", module, stdlib, zip, interrupt: this.interrupt, ...this.options }, [zip]),
    ).catch(error => mine.onmessage({ data: { type: "failed", error: error.message } }));
    return this.ready;
  }
  hear(data, resolve, reject) {
    if (data.type === "ready") return resolve();
    if (data.type === "failed") return reject(new Error(data.error));
    const cell = this.running;
    if (!cell || cell.job !== data.job && data.type !== "printed") return;
    if (data.type === "printed") return cell.print(data.text);
    this.running = null;
    if (data.type === "done") return cell.end(JSON.parse(data.answer));
    this.worker.terminate();
    this.worker = null;
    cell.end({ error: `Python ended here and restarts: ${data.error}`, anew: true });
  }
  // The answer: { text }, { html }, { svg }, { error } or nothing of these.
  run(source, where, print) {
    const mine = this.stopped = this.stopped ?? { is: false };
    return this.queue = this.queue.then(async () => {
      if (mine.is) return { error: "", left: true };
      try {
        if (!this.worker) await this.start();
        await this.ready;
      } catch (error) {
        this.worker = null;
        return { error: `Python does not start: ${error.message}` };
      }
      if (mine.is) return { error: "", left: true };
      return new Promise(end => {
        this.running = { job: ++this.job, print, end };
        this.worker.postMessage({ type: "cell", job: this.job, source, where });
      });
    });
  }
  stop() {
    if (this.stopped) this.stopped.is = true;
    this.stopped = undefined;
    const cell = this.running, mine = this.worker;
    if (!mine) return;
    const end = () => {
      if (this.worker !== mine || cell && this.running !== cell) return;
      mine.terminate();
      this.worker = this.running = null;
      cell?.end({ error: "Stopped. Python restarts with the next cell: first run the ones above it.", anew: true });
    };
    if (!cell || !this.interrupt) return end();
    new Uint8Array(this.interrupt)[0] = INTERRUPT;
    setTimeout(end, MERCY);
  }
}
