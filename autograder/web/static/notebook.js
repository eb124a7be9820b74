// A learner's work as a notebook of Jupyter's, format 4, and as the script that `grade` takes too.
export const textOf = cell => [cell.source].flat().join("");
export const isDemo = cell => cell.metadata?.tags?.includes("demo") ?? false;
export const isAnswer = cell => cell.metadata?.nbgrader?.solution === true;

// A cell of ours that grades says so, and which part.
export function partOf(cell) {
  const marks = cell.metadata?.nbgrader;
  return marks?.grade && !marks.solution ? marks.grade_id.replace(/-hidden$/, "") : null;
}

export function read(text) {
  let notebook;
  try { notebook = JSON.parse(text); } catch { throw new Error("It is not a readable notebook."); }
  const cells = notebook?.cells, known = ["code", "markdown", "raw"];
  const right = cell => known.includes(cell?.cell_type)
    && [cell.source].flat().every(part => typeof part === "string");
  if (!Array.isArray(cells) || !cells.every(right)) throw new Error("It is not a readable notebook.");
  return notebook;
}

export const written = notebook => `${JSON.stringify(notebook, null, 1)}\n`;

export const codeCell = (source, tags = []) =>
  ({ cell_type: "code", execution_count: null, id: fresh(), metadata: tags.length ? { tags } : {}, outputs: [], source });

const fresh = () => `own-${Math.random().toString(36).slice(2, 10)}`;
const ASKED = "*Your answer:*";
// In a script there are no cells that grade, and no questions that nobody answered.
const inScript = cell => partOf(cell) === null && !(cell.metadata?.nbgrader?.grade && textOf(cell) === ASKED);

export function script(notebook) {
  const cells = notebook.cells.filter(inScript).map(cell => {
    const lines = textOf(cell).split("\n");
    if (cell.cell_type !== "code") return ["# %% [markdown]", ...lines.map(line => `# ${line}`.trimEnd())];
    const tags = cell.metadata?.tags ?? [];
    return [`# %%${tags.length ? ` tags=${JSON.stringify(tags)}` : ""}`, ...lines];
  });
  return `${cells.map(lines => lines.join("\n")).join("\n\n")}\n`;
}

// A script's cells, each { markdown, tags, source }, in the notebook that was handed out: its texts are
// found again, and cells that grade and questions stand where they stood.
export function fromScript(script, base) {
  const handed = structuredClone(base.cells), found = [];
  const isOurs = cell => Boolean(cell.metadata?.nbgrader?.grade);
  const upTo = place => { found.push(...handed.splice(0, place).filter(isOurs)); };
  for (const { markdown, tags, source } of script) {
    const at = markdown
      ? handed.findIndex(cell => cell.cell_type === "markdown" && !isOurs(cell) && textOf(cell) === source)
      : handed.findIndex(cell => !isOurs(cell));
    if (at >= 0 && (markdown || handed[at].cell_type === "code")) {
      upTo(at);
      found.push({ ...handed.shift(), source });
    } else if (markdown) found.push({ cell_type: "markdown", id: fresh(), metadata: {}, source });
    else found.push(codeCell(source, tags));
  }
  upTo(handed.length);
  return { ...structuredClone(base), cells: found };
}
