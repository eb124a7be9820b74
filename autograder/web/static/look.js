// Editors and outputs as the page has them: one look in light and dark, from the style sheet's colours.
import {
  basicSetup, EditorState, EditorView, HighlightStyle, indentUnit, indentWithTab, keymap, Prec, python,
  syntaxHighlighting, tags,
} from "./editor.js";
import { enliven } from "./player.js";

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.definitionKeyword], color: "var(--keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--number)" },
  { tag: tags.comment, color: "var(--comment)", fontStyle: "italic" },
  { tag: [tags.function(tags.variableName), tags.function(tags.definition(tags.variableName)), tags.className], color: "var(--name)" },
]);
const theme = EditorView.theme({
  "&": { color: "var(--text)", backgroundColor: "var(--back)" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
  ".cm-content": { caretColor: "var(--text)", fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace' },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-gutters": { backgroundColor: "var(--raised)", color: "var(--muted)", border: "0" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLineGutter": { color: "var(--text)" },
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": { backgroundColor: "color-mix(in srgb, var(--accent) 30%, transparent)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "color-mix(in srgb, var(--accent) 25%, transparent)", color: "inherit" },
  ".cm-tooltip, .cm-panels": { backgroundColor: "var(--raised)", color: "var(--text)", border: "1px solid var(--line)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--back)" },
  ".cm-foldPlaceholder": { backgroundColor: "var(--raised)", color: "var(--muted)", borderColor: "var(--line)" },
});

// An editor; Escape then Tab leaves it by keyboard, as CodeMirror has it.
export function editor(parent, { text, label, code, readOnly, changed, keys }) {
  return new EditorView({
    parent, doc: text,
    extensions: [
      Prec.highest(keymap.of(keys)), basicSetup, theme, syntaxHighlighting(colours), keymap.of([indentWithTab]),
      code ? [python(), indentUnit.of("    ")] : EditorView.lineWrapping,
      EditorState.readOnly.of(readOnly),
      EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0", spellcheck: code ? "false" : "true" }),
      EditorView.updateListener.of(update => { if (update.docChanged) changed(update.state.doc.toString()); }),
    ],
  });
}

const STYLES = ["report.css"].map(name => `<link rel="stylesheet" href="${new URL(name, import.meta.url)}">`).join("");
// What a cell shows comes from the learner's own code: in a frame of its own, in which nothing runs.
export function shown(parent, title, content) {
  const frame = document.createElement("iframe");
  frame.title = title;
  frame.setAttribute("sandbox", "allow-same-origin"); // no scripts; so that we may see how high it is
  const still = content.replace(/<script>[^]*?<\/script>/g, ""); // the page moves its figures
  frame.srcdoc = `<!doctype html><html lang="en"><meta name="color-scheme" content="light dark">${STYLES}`
    + `<style>body { margin: 0; overflow-x: auto } g.graph > polygon { fill: none }</style><body class="grade-report"><div class="graph">${still}</div></body></html>`;
  frame.onload = () => {
    const inside = frame.contentDocument;
    enliven(inside);
    const fit = () => { frame.style.height = `${inside.documentElement.scrollHeight + 4}px`; };
    new ResizeObserver(fit).observe(inside.body);
    fit();
  };
  parent.append(frame);
}

export { enliven };
