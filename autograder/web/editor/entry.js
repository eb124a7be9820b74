// What the page takes of CodeMirror and markdown-it. `npm ci && npm run build` in this folder makes
// ../static/editor.js of it, the same bytes every time.
export { basicSetup } from "codemirror";
export { EditorView, keymap } from "@codemirror/view";
export { Compartment, EditorState, Prec } from "@codemirror/state";
export { python } from "@codemirror/lang-python";
export { HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
export { indentWithTab } from "@codemirror/commands";
export { tags } from "@lezer/highlight";
export { default as markdownIt } from "markdown-it";
