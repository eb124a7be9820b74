// The page: which assignment is shown, what its buttons do, what is kept.
import { Grader, canGrade, fetched } from "./python.js";
import { Book } from "./book.js";
import * as notebooks from "./notebook.js";
import * as store from "./store.js";

const $ = id => document.getElementById(id);
const SAVE = 400; // milliseconds after the last key
const course = await fetched("./course.json", "json");
let grader, book, current, base, timer = 0, dirty = false, readOnly = false;

let said = [""];
const tell = (...words) => $("state").replaceChildren(...words);
const say = (...words) => tell(...said = words);
const element = (name, attributes = {}, ...inside) => {
  const made = Object.assign(document.createElement(name), attributes);
  made.append(...inside);
  return made;
};
const notice = (text, bad, ...more) => {
  const made = element("p", { className: bad ? "notice bad" : "notice" }, text, " ", ...more);
  $("notes").append(made);
  return made;
};
const button = (text, act, className = "") => element("button", { type: "button", textContent: text, className, onclick: act });
const ask = (question, yes) => new Promise(resolve => {
  $("question").textContent = question;
  $("yes").textContent = yes;
  $("ask").onclose = () => resolve($("ask").returnValue === "yes");
  $("ask").returnValue = "no";
  $("ask").showModal();
});

// --- what is kept ---------------------------------------------------------------------------------

const unsaved = new Map(); // assignment → work that is not stored yet, or cannot be
const unread = new Map(); // assignment → why what is stored could not be read, and is not replaced
let warning;

function cannotKeep(error) {
  const why = error.name === "QuotaExceededError" ? "its storage is full" : error.message || error.name;
  warning ??= notice(`This browser can't store your work: ${why}. What you write stays here while this page is open. Before you leave, save it: File, Save as notebook.`, true);
}

async function kept(act, instead) {
  try { return await act(); } catch (error) { cannotKeep(error); return instead; }
}

function changed() {
  dirty = true;
  clearTimeout(timer);
  timer = setTimeout(save, SAVE);
}

async function save() {
  clearTimeout(timer);
  if (dirty && current && !readOnly) unsaved.set(current.name, { notebook: book.notebook, changed: Date.now() });
  dirty = false;
  for (const [name, work] of unsaved) {
    try {
      if (unread.has(name)) throw unread.get(name);
      await store.put("work", work, name);
    } catch (error) { cannotKeep(error); continue; }
    if (unsaved.get(name) === work) unsaved.delete(name);
    if (unsaved.size) continue;
    warning?.remove();
    warning = undefined;
  }
}

async function stored(name) {
  if (unsaved.has(name)) return unsaved.get(name).notebook;
  try {
    const work = await store.get("work", name);
    unread.delete(name);
    return work?.notebook;
  } catch (error) {
    unread.set(name, error);
    cannotKeep(error);
  }
}

async function copy(why) {
  const made = { assignment: current.name, notebook: book.notebook, when: Date.now(), why };
  await store.put("copies", made);
  await showCopies();
}

async function showCopies() {
  const own = (await kept(() => store.all("copies"), [])).filter(each => each.assignment === current.name).slice(-5).reverse();
  const when = each => new Date(each.when).toLocaleString();
  const bring = each => async () => { if (await ask("Replace your current work with this copy? Your current work is kept as a copy.", "Replace")) replace(each.notebook, "before a copy came back"); };
  $("copies").replaceChildren(...own.length ? [element("p", { textContent: "Saved copies:" })] : [],
    ...own.map(each => button(`${when(each)}, ${each.why}`, bring(each))));
}

async function replace(notebook, why) {
  if (readOnly) return;
  $("more").open = false;
  try { await copy(why); } catch (error) {
    cannotKeep(error);
    if (!await ask("Your current work can't be saved as a copy and would be lost.", "Continue")) return;
  }
  book.end();
  show(notebook);
  changed();
  await save();
}

// --- one assignment -------------------------------------------------------------------------------

function show(notebook) {
  book = new Book($("main"), { notebook, assignment: current, says: course.says, plots: course.plots[current.name], readOnly, changed, grade,
    starts: on => tell(...on ? ["Python starts…"] : said), running: on => { $("stop").disabled = !on; } });
}

async function open(assignment) {
  current = assignment;
  document.title = `${assignment.title}: ${course.title}`;
  const module = assignment.files[0].module;
  base = notebooks.read(await fetched(`./assignments/${assignment.name}/${module}.ipynb`, "text"));
  readOnly = !await store.hold(assignment.name, { lost });
  if (readOnly) elsewhere();
  show(await stored(assignment.name) ?? base);
  for (const file of assignment.files.slice(1)) $("main").append(inTerminal(assignment, file));
  $("main").append(...beside(assignment));
  $("main").append(onwards(assignment));
  $("acts").hidden = false;
  await showCopies();
  scrollTo(0, 0);
}

// How to continue with a file that no browser can run.
function inTerminal(assignment, file) {
  const code = text => element("code", { textContent: text });
  return element("div", { className: "notice" },
    element("p", {}, "Part two, ", code(`${file.module}.py`), `, needs ${file.own_packages.join(" and ")}, which no browser has. You can go on with it in a terminal, on a computer with Python:`),
    element("ol", {},
      element("li", {}, "Get a copy of the course (a clone, or the folder that your instructor gave you), and set it up as its README says."),
      element("li", {}, "Here, choose ", element("em", { textContent: "File, Save as notebook" }), ", and put that file into its folder ", code(`assignments/${assignment.name}`), ": your work comes along."),
      element("li", {}, "In the terminal, run ", code(`grade ${assignment.name}`), `. It says how to install ${file.own_packages.join(" and ")}, and grades both parts.`)));
}

// The modules that the assignment imports, to read: there is no folder to open.
const beside = assignment => Object.entries(assignment.provided).map(([name, text]) =>
  element("details", { className: "beside" }, element("summary", {}, element("code", { textContent: name }), ", which this assignment imports"),
    element("pre", { textContent: text, tabIndex: 0 })));

function onwards(assignment) {
  const place = course.assignments.indexOf(assignment), links = [];
  for (const [at, text] of [[place - 1, "←"], [place + 1, "→"]]) {
    const other = course.assignments[at];
    links.push(other ? element("a", { href: `#${other.name}`, textContent: at < place ? `${text} ${other.title}` : `${other.title} ${text}` }) : "");
  }
  return element("nav", { className: "onwards", ariaLabel: "Other assignments" }, ...links);
}

function elsewhere() {
  const here = notice("This assignment is open in another tab, so it can only be read here.", false,
    button("Go on here", async () => {
      here.remove();
      readOnly = false;
      await store.hold(current.name, { steal: true, lost });
      const notebook = await stored(current.name) ?? base;
      book.end();
      show(notebook);
    }));
}

async function lost() {
  if (dirty || unsaved.has(current.name)) await kept(() => copy("from a tab that was left"));
  readOnly = true;
  dirty = false;
  unsaved.delete(current.name);
  const { notebook } = book;
  book.end();
  show(notebook);
  elsewhere();
}

// --- grading --------------------------------------------------------------------------------------

async function grade() {
  if ($("grade").disabled || !current) return;
  await save();
  const module = current.files[0].module, { name } = current, began = performance.now();
  $("grade").disabled = true;
  say("Grading: your file runs…");
  grader.onasked = count => say(`Grading: ${count} questions asked…`);
  try {
    const told = await grader.call("grade", { assignment: name, files: { [`${module}.ipynb`]: notebooks.written(book.notebook) }, name: `${module}.ipynb` });
    if (current?.name !== name) return;
    const { report } = told, seconds = ((performance.now() - began) / 1000).toFixed(1);
    book.judge(told);
    if (report.status !== "graded") return say("Your work can't be graded yet: see the report at the end.");
    const full = report.score === report.max_score;
    const next = book.open(), points = `${report.score} of ${report.max_score} points (${seconds} s)`;
    const later = report.judged_later ? `${report.judged_later} more are graded after you hand in.` : "";
    if (full) say(element("strong", { textContent: `${points}. ${later || "All done!"}` }));
    else say(`${points}${later && `; ${later}`} `, next ? button("Show what is next", () => { next.scrollIntoView(); next.focus({ preventScroll: true }); }) : "");
    const before = await kept(() => store.get("scores", name));
    await kept(() => store.put("scores", { score: report.score, most: report.max_score, best: Math.max(report.score, before?.best ?? 0) }, name));
  } catch (error) {
    say(`The grader failed, so there is no score: ${error.message}`);
  } finally { $("grade").disabled = false; }
}

function startGrader() {
  if (!canGrade) {
    notice("This browser can show the course but can't grade: it lacks JavaScript Promise Integration. Chrome and Edge have it from 137 on, Firefox from 153, Safari from 27.", true);
    return;
  }
  say("Loading Python. You can already read and type.");
  grader = new Grader();
  grader.ready.then(() => {
    $("grade").disabled = false;
    say("Ready to grade.");
    navigator.serviceWorker?.register("./sw.js").catch(() => {}); // without it there is a network to use
  }, error => {
    say("");
    notice(`Python doesn't start here: ${error.message}`, true, button("Try again", () => location.reload()));
  });
}

// --- files ----------------------------------------------------------------------------------------

function download(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/octet-stream" }));
  element("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

let trouble;
async function bring(file) {
  trouble?.remove();
  try {
    const text = await file.text();
    if (!text.trim()) throw new Error("It is empty.");
    let notebook;
    if (file.name.endsWith(".ipynb")) notebook = notebooks.read(text);
    else {
      if (!grader) throw new Error("Reading a script needs Python, which doesn't run in this browser.");
      notebook = notebooks.fromScript(await grader.call("cells", { text }), base);
    }
    await replace(notebook, `before ${file.name} was opened`);
    say(`${file.name} is here now.`);
  } catch (error) { trouble = notice(`${file.name} cannot be opened. ${error.message}`, true); }
}

$("save-notebook").onclick = () => download(`${current.files[0].module}.ipynb`, notebooks.written(book.notebook));
$("save-script").onclick = () => download(`${current.files[0].module}.py`, notebooks.script(book.notebook));
$("open").onclick = () => { $("file").value = ""; $("file").click(); };
$("file").onchange = () => bring($("file").files[0]);
$("reset").onclick = async () => {
  if (await ask("Start this assignment over? Your current work is kept as a copy.", "Start over")) await replace(structuredClone(base), "before you started over");
};
$("run-all").onclick = () => book.runAll();
$("stop").onclick = () => book.stop();
$("grade").onclick = grade;
document.addEventListener("keydown", event => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); grade(); }
  if (event.key === "Escape") $("more").open = false;
});
document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
addEventListener("pagehide", save);
addEventListener("beforeunload", event => { if (warning && (dirty || unsaved.size)) event.preventDefault(); });

// --- which page -----------------------------------------------------------------------------------

async function home() {
  current = undefined;
  document.title = course.title;
  $("acts").hidden = true;
  const scores = await Promise.all(course.assignments.map(each => kept(() => store.get("scores", each.name))));
  const rows = course.assignments.map((each, place) => {
    const score = scores[place], share = score ? Math.round(100 * score.best / score.most) : 0;
    const fill = element("div");
    fill.style.width = `${share}%`;
    return element("li", {}, element("a", { href: `#${each.name}` }, element("span", { textContent: `${place}. ${each.title}` }),
      element("span", { className: "score", textContent: score ? `${score.best} of ${score.most} points` : "not begun" }),
      element("div", { className: "bar", ariaHidden: "true" }, fill)));
  });
  $("main").replaceChildren(element("h1", { textContent: course.title }),
    element("p", { textContent: "Build an engine for automatic differentiation, step by step, here in the browser. Read, write Python in the cells, run them, and press Grade as often as you like." }),
    element("ol", { className: "list" }, ...rows),
    element("p", { className: "muted", textContent: "Your work stays in this browser. Save it as a file to keep it elsewhere: it is a notebook or script that the course's own grader accepts." }));
}

async function route() {
  await save();
  await store.release();
  book?.end();
  book = undefined;
  $("notes").replaceChildren(...warning ? [warning] : []);
  const name = decodeURIComponent(location.hash.slice(1));
  const assignment = course.assignments.find(each => each.name === name);
  $("which").value = assignment?.name ?? "";
  try { await (assignment ? open(assignment) : home()); } catch (error) { notice(`This cannot be shown: ${error.message}`, true); }
  if (!$("grade").disabled) say("Ready to grade.");
  document.documentElement.dataset.shown = assignment?.name ?? "home";
}

$("which").append(element("option", { value: "", textContent: "All of them" }), ...course.assignments.map((each, place) =>
  element("option", { value: each.name, textContent: `${place}. ${each.title}` })));
$("which").onchange = () => { location.hash = $("which").value; };
let routed = Promise.resolve(); // one after another: who clicks fast gets the last one
const follow = () => { routed = routed.then(route); return routed; };
addEventListener("hashchange", follow);
await follow();
startGrader();
