// An assignment's cells: editors, what they print, and the report beside the cells that it is about.
import { markdownIt } from "./editor.js";
import { Cells } from "./cells.js";
import { editor, enliven, shown } from "./look.js";
import { codeCell, isAnswer, isDemo, partOf, textOf } from "./notebook.js";

const MEMORY = 1024; // MB, as the grader's workers have
const PLOTS = /^[^#\n]*\bplt\.show\(/m;
const markdown = markdownIt({ html: false, linkify: false });
const element = (name, className = "", text = "") => {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
};
const button = (text, label, act) => {
  const made = element("button", "", text);
  made.type = "button";
  if (label) made.setAttribute("aria-label", label);
  made.onclick = act;
  return made;
};

export class Book {
  constructor(place, options) {
    Object.assign(this, options); // notebook, assignment, says, plots, readOnly, changed, grade, starts, running
    this.place = place;
    this.notebook = structuredClone(options.notebook);
    const packages = new Set(this.assignment.files.flatMap(file => file.packages));
    this.python = new Cells({ memoryMB: MEMORY, theirs: [...packages], provided: this.assignment.provided });
    this.views = new Map(); // cell → what is on the page of it
    this.slots = new Map(); // part → element
    this.turn = Promise.resolve(); // done when all cells have run that were asked for
    this.stops = 0;
    place.replaceChildren(...this.notebook.cells.map(cell => this.draw(cell)).filter(Boolean), this.report = element("section"));
    this.report.setAttribute("aria-label", "Report");
    this.number();
  }
  end() { this.python.stop(); this.python.worker?.terminate(); }

  // --- cells ---
  draw(cell) {
    const part = partOf(cell);
    if (part !== null) return this.slot(part, textOf(cell));
    if (cell.cell_type === "code") return this.code(cell);
    if (isAnswer(cell)) return this.answer(cell);
    const text = element("div", "text");
    text.innerHTML = markdown.render(this.says[textOf(cell)] ?? textOf(cell)); // markdown-it lets no HTML through
    for (const link of text.querySelectorAll("a[href^=http]")) { link.target = "_blank"; link.rel = "noopener"; }
    for (const block of text.querySelectorAll("pre, table")) block.tabIndex = 0;
    return text;
  }
  edited(cell, text) {
    cell.source = text;
    this.changed();
  }
  code(cell) {
    const box = element("div", isAnswer(cell) ? "cell answer" : "cell"), bar = element("div", "bar-of-cell");
    const label = element("span", "label"), output = element("div", "output-of-cell");
    output.setAttribute("aria-live", "polite");
    const view = { box, label, output, buttons: [button("Run", "", () => this.run(cell)), button("Run above", "", () => this.runAbove(cell))] };
    bar.append(label, ...view.buttons);
    box.append(bar);
    view.editor = editor(box, {
      text: textOf(cell), label: "code", code: true, readOnly: this.readOnly, changed: text => this.edited(cell, text),
      keys: [
        { key: "Shift-Enter", run: () => (this.run(cell), this.next(cell), true) },
        { key: "Mod-Enter", run: () => (this.run(cell), true) },
      ],
    });
    box.append(output);
    this.views.set(cell, view);
    return box;
  }
  answer(cell) {
    const box = element("div", "cell answer"), bar = element("div", "bar-of-cell");
    bar.append(element("span", "label", "Your answer, in words"));
    box.append(bar);
    editor(box, { text: textOf(cell), label: "Your answer", code: false, readOnly: this.readOnly, changed: text => this.edited(cell, text), keys: [] });
    return box;
  }
  number() { // as reports and tracebacks call them
    this.notebook.cells.forEach((cell, place) => {
      const view = this.views.get(cell);
      if (!view) return;
      view.where = `cell ${place + 1}`;
      view.label.textContent = isAnswer(cell) ? `${view.where}, yours to fill in` : view.where;
      view.editor.contentDOM.setAttribute("aria-label", `code of ${view.where}`);
      view.buttons[0].setAttribute("aria-label", `Run ${view.where}`);
      view.buttons[1].setAttribute("aria-label", `Run all cells above ${view.where}`);
    });
  }
  next(cell) {
    const all = [...this.views.keys()], after = this.ordered()[this.ordered().indexOf(cell) + 1];
    if (all.length && after) this.views.get(after).editor.focus();
  }
  ordered() { return this.notebook.cells.filter(cell => this.views.has(cell)); }

  // --- running ---
  run(cell) { return this.runEach([cell]); }
  runEach(cells) { // after what was asked before, unless that was stopped
    const asked = this.stops;
    return this.turn = this.turn.then(async () => {
      for (const cell of cells) if (this.stops !== asked || !await this.runNow(cell)) return false;
      return true;
    });
  }
  async runNow(cell) {
    const { output, where } = this.views.get(cell);
    output.replaceChildren();
    let pre;
    const print = text => {
      pre ??= output.appendChild(element("pre"));
      pre.tabIndex = 0;
      pre.append(text);
    };
    this.running(this.busy = (this.busy ?? 0) + 1);
    const starts = !this.python.worker;
    if (starts) this.starts(true);
    const answer = await this.python.run(textOf(cell), where, print);
    this.running(this.busy -= 1);
    if (starts) this.starts(false);
    if (answer.error) {
      const error = output.appendChild(element("pre", "error", answer.error));
      error.tabIndex = 0;
      if (/^NameError/m.test(answer.error)) output.append(element("p", "muted", "Did you run the cells above? “Run above” does that."));
    }
    if (answer.text !== undefined) print(`${answer.text}\n`);
    for (const kind of ["svg", "html"]) if (answer[kind] !== undefined) shown(output, `What ${where} shows`, answer[kind]);
    if (!answer.error && PLOTS.test(textOf(cell))) this.plot(cell, output);
    return !answer.error;
  }
  plot(cell, output) { // there is no matplotlib here
    const drawn = this.plots[cell.id] ?? [];
    output.append(...drawn.map(({ file, alt }) => Object.assign(new Image(), { src: `./${file}`, alt })), element("p", "muted", drawn.length
      ? "A browser has no matplotlib, so this is the course's own picture, drawn with its solution."
      : "A browser has no matplotlib, so this cell's plots are not drawn here. In a terminal they are."));
  }
  runAbove(cell) { return this.runEach(this.ordered().slice(0, this.ordered().indexOf(cell))); }
  runAll() { return this.runEach(this.ordered()); }
  stop() {
    this.stops += 1;
    this.python.stop();
  }

  // --- the report ---
  slot(part, source) {
    if (this.slots.has(part)) return null;
    const slot = element("section", "slot"), known = this.assignment.parts[part], head = element("p");
    const title = known?.title ?? source.match(/# (.+), [\d.]+ more points?:/)?.[1] ?? part;
    slot.tabIndex = -1;
    slot.setAttribute("aria-label", `Result: ${title}`);
    head.append(element("strong", "", title), element("span", "worth", known ? `${known.points} points` : "graded after you hand in"));
    if (known) head.append(button("Grade", `Grade, and show ${title}`, () => this.grade()));
    slot.append(head);
    this.slots.set(part, slot);
    return slot;
  }
  judge({ report, whole, parts }) {
    for (const [part, slot] of this.slots) {
      while (slot.children.length > 1) slot.lastChild.remove();
      const told = parts[part], right = told && told.score === told.most;
      slot.className = `slot${told ? right ? " right" : " open" : ""}`;
      if (!told) continue;
      slot.querySelector(".worth").textContent = `${told.score} of ${told.most} points${right ? " ✓" : ""}`;
      if (right) continue;
      const piece = element("div");
      piece.innerHTML = told.html; // our templates escape all that a learner's code said
      for (const section of piece.querySelectorAll("section")) section.removeAttribute("aria-labelledby"); // the slot is one
      slot.append(piece);
      this.hints(slot, told.hints);
      this.examples(piece, slot, part);
      this.moving(slot);
    }
    this.report.innerHTML = whole;
    if (report.score < report.max_score) this.report.querySelector(".next")?.remove(); // it speaks of commands
    const beside = report.tests.every(test => test.score === test.max_score || this.slots.has(test.part));
    if (beside) this.report.querySelector("[aria-labelledby$=-wrong]")?.remove(); // it stands beside the cells
    const heading = element("h2", "", "Report");
    this.report.prepend(heading);
    this.moving(this.report);
    if (report.status !== "graded") this.report.scrollIntoView();
  }
  open() { return this.place.querySelector(".slot.open"); } // the first part that is not right yet
  moving(within) {
    for (const script of within.querySelectorAll("script")) script.remove();
    for (const style of within.querySelectorAll("style")) style.remove(); // the page has it
    enliven(document);
  }
  hints(slot, ladder) {
    let shownSoFar = 0;
    const more = button("Hint", "", () => {
      const last = shownSoFar === ladder.length - 1;
      const hint = element(last ? "pre" : "p", "hint", last ? ladder[shownSoFar] : ladder[shownSoFar].replace(/\s+/g, " "));
      if (last) hint.tabIndex = 0;
      more.before(hint);
      shownSoFar += 1;
      more.textContent = last ? "That was the last hint" : "One more hint";
      more.disabled = last;
    });
    slot.append(more);
  }
  examples(piece, slot, part) {
    for (const figure of piece.querySelectorAll(".example figure")) {
      figure.querySelector("figcaption").textContent = "This shows it:";
      const lines = figure.querySelector("pre").textContent;
      if (!this.readOnly) figure.append(button("Insert below and run", "", () => this.insert(lines, slot, part)));
    }
  }
  async insert(lines, slot, part) {
    const cell = codeCell(lines, ["demo"]);
    const place = this.notebook.cells.findLastIndex(each => partOf(each) === part);
    this.notebook.cells.splice(place + 1, 0, cell);
    slot.after(this.code(cell));
    this.number();
    this.changed();
    await this.runEach(this.ordered().slice(0, this.ordered().indexOf(cell)).filter(each => !isDemo(each)));
    await this.run(cell);
    this.views.get(cell).box.scrollIntoView({ block: "nearest" });
  }
}
