// What a learner's worker answers and prints, on its way to the grader. In an isolated page it lies in
// shared memory, and the grader stops until something is there; elsewhere it comes through a port,
// and the grader waits by JavaScript Promise Integration.
const HEAD = 64, REPLIES = 9 * 2 ** 20; // bytes; twice the largest message, and more
const LOCK = 0, ENDED = 1, CHANGES = 2, REPLIED = 3, KEPT = 4, PRINTED = 5; // places in the head
const NOTHING = 0, SOMETHING = 1, OVER = 2;

class Shared {
  constructor(memory) {
    this.memory = memory;
    this.head = new Int32Array(memory, 0, HEAD / 4);
    this.bytes = new Uint8Array(memory);
  }
  locked(act) {
    while (Atomics.compareExchange(this.head, LOCK, 0, 1) !== 0);
    try { return act(this.head, this.bytes); } finally { Atomics.store(this.head, LOCK, 0); }
  }
}

class SharedReader extends Shared {
  state() {
    return Atomics.load(this.head, REPLIED) ? SOMETHING : Atomics.load(this.head, ENDED) ? OVER : NOTHING;
  }
  wait(milliseconds) {
    const seen = Atomics.load(this.head, CHANGES);
    if (this.state() === NOTHING) Atomics.wait(this.head, CHANGES, seen, milliseconds);
    return this.state();
  }
  take() {
    return this.locked((head, bytes) => {
      const found = bytes.slice(HEAD, HEAD + head[REPLIED]);
      head[REPLIED] = 0;
      return found;
    });
  }
  printed() {
    return this.locked((head, bytes) => {
      const at = HEAD + REPLIES, found = [bytes.slice(at, at + head[KEPT]), head[PRINTED]];
      head[KEPT] = head[PRINTED] = 0;
      return found;
    });
  }
}

class SharedWriter extends Shared {
  reply(data) {
    this.locked((head, bytes) => {
      if (head[REPLIED] + data.length > REPLIES) return; // an answer that is not whole is none
      bytes.set(data, HEAD + head[REPLIED]);
      head[REPLIED] += data.length;
    });
    this.tell();
  }
  print(data) {
    this.locked((head, bytes) => {
      const room = bytes.length - HEAD - REPLIES - head[KEPT], kept = data.subarray(0, room);
      bytes.set(kept, HEAD + REPLIES + head[KEPT]);
      head[KEPT] += kept.length;
      head[PRINTED] += data.length;
    });
  }
  end() {
    Atomics.store(this.head, ENDED, 1);
    this.tell();
  }
  tell() {
    Atomics.add(this.head, CHANGES, 1);
    Atomics.notify(this.head, CHANGES);
  }
}

class PortReader {
  constructor(port, most) {
    this.replies = [];
    this.forget();
    this.ended = false;
    this.wake = () => {};
    port.onmessage = ({ data }) => {
      if (data.printed) {
        this.total += data.printed;
        if (data.bytes && this.kept < most) { this.out.push(data.bytes); this.kept += data.bytes.length; }
        return;
      }
      if (data.bytes) this.replies.push(data.bytes); else this.ended = true;
      this.wake();
    };
  }
  forget() { this.out = []; this.kept = this.total = 0; }
  state() { return this.replies.length ? SOMETHING : this.ended ? OVER : NOTHING; }
  wait(milliseconds) {
    if (this.state() !== NOTHING) return this.state();
    return new Promise(resolve => {
      const go = () => { clearTimeout(timer); this.wake = () => {}; resolve(this.state()); };
      const timer = setTimeout(go, milliseconds);
      this.wake = go;
    });
  }
  take() { return joined(this.replies.splice(0)); }
  printed() {
    const found = [joined(this.out), this.total];
    this.forget();
    return found;
  }
}

class PortWriter {
  constructor(port, most) { this.port = port; this.room = most; this.unsaid = 0; }
  reply(data) {
    this.flush();
    this.port.postMessage({ bytes: data }, [data.buffer]);
  }
  print(data) { // a flood is counted here and not sent
    if (this.room <= 0) { this.unsaid += data.length; return; }
    const kept = data.slice(0, this.room);
    this.room -= kept.length;
    this.port.postMessage({ printed: data.length, bytes: kept });
  }
  refill(most) { this.room = most; }
  flush() {
    if (this.unsaid) this.port.postMessage({ printed: this.unsaid });
    this.unsaid = 0;
  }
  end() {
    this.flush();
    this.port.postMessage({});
  }
}

function joined(parts) {
  if (parts.length === 1) return parts[0];
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { all.set(part, at); at += part.length; }
  return all;
}

export const memory = most => new SharedArrayBuffer(HEAD + REPLIES + most);
export const reader = (port, shared, most) => shared ? new SharedReader(shared) : new PortReader(port, most);
export const writer = (port, shared, most) => shared ? new SharedWriter(shared) : new PortWriter(port, most);
