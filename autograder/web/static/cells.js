// The Python in which cells run: started when the first one does, ended by Stop, started anew.
import { isolated, parts, unpacked, worker } from "./python.js";

const MERCY = 800; // milliseconds for an interrupted cell to end by itself
const INTERRUPT = 2; // SIGINT
const STOPPED = "Stopped. Python restarts with the next cell: first run the ones above it.";

export class Cells {
  constructor(options) {
    this.options = options; // memoryMB, theirs, provided
    this.job = 0;
    this.running = null;
  }
  start() {
    this.interrupt = isolated ? new SharedArrayBuffer(1) : undefined;
    this.worker = worker("./cells.worker.js");
    const mine = this.worker;
    const started = new Promise((resolve, reject) => {
      this.giveUp = () => resolve(false);
      mine.onerror = event => reject(new Error(event.message || "Python does not start."));
      mine.onmessage = ({ data }) => this.hear(data, resolve, reject);
    });
    Promise.all([parts(), unpacked("./cells.bin")]).then(([{ module, stdlib }, zip]) =>
      mine.postMessage({ type: "boot", module, stdlib, zip, interrupt: this.interrupt, ...this.options }, [zip]),
    ).catch(error => mine.onmessage({ data: { type: "failed", error: error.message } }));
    return started; // whether it has, and was not stopped
  }
  hear(data, resolve, reject) {
    if (data.type === "ready") return resolve(true);
    if (data.type === "failed") return reject(new Error(data.error));
    const cell = this.running;
    if (!cell || cell.job !== data.job && data.type !== "printed") return;
    if (data.type === "printed") return cell.print(data.text);
    this.running = null;
    if (data.type === "done") return cell.end(JSON.parse(data.answer));
    this.worker.terminate();
    this.worker = null;
    cell.end({ error: `Python ended here and restarts: ${data.error}` });
  }
  // The answer: { text }, { html }, { svg }, { error } or nothing of these. One cell at a time.
  async run(source, where, print) {
    try {
      if (!this.worker && !await this.start()) return { error: STOPPED };
    } catch (error) {
      this.worker = null;
      return { error: `Python does not start: ${error.message}` };
    }
    return new Promise(end => {
      this.running = { job: ++this.job, print, end };
      this.worker.postMessage({ type: "cell", job: this.job, source, where });
    });
  }
  stop() {
    const cell = this.running, mine = this.worker;
    if (!mine) return;
    const end = () => {
      if (this.worker !== mine || cell && this.running !== cell) return;
      mine.terminate();
      this.worker = this.running = null;
      this.giveUp();
      cell?.end({ error: STOPPED });
    };
    if (!cell || !this.interrupt) return end();
    new Uint8Array(this.interrupt)[0] = INTERRUPT;
    setTimeout(end, MERCY);
  }
}
