// What is kept in this browser: the learner's notebooks, copies of them, scores. Each save is whole or
// did not happen.
const NAME = `course ${new URL("./", import.meta.url).pathname}`; // sites of one origin share a store
const STORES = ["work", "copies", "scores"];
let opened;

const done = request => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const name of STORES) request.result.createObjectStore(name, { autoIncrement: name === "copies" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("another tab holds it"));
  });
  opened.catch(() => { opened = undefined; });
  return opened;
}

async function within(store, mode, act) {
  const transaction = (await database()).transaction(store, mode, { durability: "strict" });
  const asked = done(act(transaction.objectStore(store)));
  if (mode === "readonly") return asked;
  const whole = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error ?? new Error("it was given up"));
  });
  transaction.commit(); // now: a page that is left hears of no success, and would commit nothing
  return (await Promise.all([asked, whole]))[0];
}

export const get = (store, key) => within(store, "readonly", at => at.get(key));
export const all = store => within(store, "readonly", at => at.getAll());
export const put = (store, value, key) => within(store, "readwrite", at => at.put(value, key));
export const remove = (store, key) => within(store, "readwrite", at => at.delete(key));

let held = Promise.resolve(), letGo = () => {};
// One tab at a time edits an assignment. `lost` is called when another one takes over.
export async function hold(name, { steal = false, lost }) {
  if (!navigator.locks) return true;
  return new Promise(resolve => {
    const options = steal ? { steal: true } : { ifAvailable: true };
    held = navigator.locks.request(`${NAME} ${name}`, options, lock => {
      resolve(lock !== null);
      return lock && new Promise(release => { letGo = release; });
    }).catch(error => error.name === "AbortError" ? lost() : resolve(true)); // no locks here
  });
}
// Let the next one have it; done when it can.
export const release = () => { letGo(); return held; };
