/// <reference lib="dom" />
import { javascript } from "@codemirror/lang-javascript";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { basicSetup } from "codemirror";
import type { Remark } from "../protocol.ts";

/** Colours by the page's own variables, so that they follow light and dark. */
const look: Extension = [
  EditorView.theme({
    "&": { backgroundColor: "transparent", color: "var(--ink)" },
    "&.cm-focused": { outline: "none" },
    ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55" },
    ".cm-content": { padding: "0.7rem 0", caretColor: "var(--ink)" },
    ".cm-cursor": { borderLeftColor: "var(--ink)" },
    ".cm-gutters": { backgroundColor: "transparent", color: "var(--quiet)", border: "none" },
    ".cm-lineNumbers .cm-gutterElement": { minWidth: "2.4em", opacity: "0.6" },
    ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
    "&.cm-focused .cm-activeLine": {
      backgroundColor: "color-mix(in srgb, var(--f) 6%, transparent)",
    },
    "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
      { backgroundColor: "color-mix(in srgb, var(--f) 24%, transparent)" },
    ".cm-selectionMatch, &.cm-focused .cm-matchingBracket": {
      backgroundColor: "color-mix(in srgb, var(--f) 18%, transparent)",
    },
    ".cm-tooltip": {
      backgroundColor: "var(--panel)",
      border: "1px solid var(--faint)",
      borderRadius: "7px",
      color: "var(--ink)",
    },
    ".cm-diagnostic": { padding: "0.4rem 0.7rem", maxWidth: "34rem", fontSize: "13px" },
    ".cm-diagnostic-error": { borderLeftColor: "var(--error)" },
    ".cm-diagnostic-warning": { borderLeftColor: "var(--note)" },
    ".cm-lintRange": { backgroundImage: "none", textDecoration: "underline wavy 1.5px" },
    ".cm-lintRange-error": { textDecorationColor: "var(--error)" },
    ".cm-lintRange-warning": { textDecorationColor: "var(--note)" },
    ".cm-panels": { backgroundColor: "var(--panel)", color: "var(--ink)" },
  }),
  syntaxHighlighting(
    HighlightStyle.define([
      { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--keyword)" },
      { tag: [tags.string, tags.special(tags.string)], color: "var(--text)" },
      { tag: [tags.number, tags.bool, tags.null], color: "var(--number)" },
      { tag: [tags.comment], color: "var(--quiet)", fontStyle: "italic" },
      { tag: [tags.typeName, tags.className], color: "var(--bend)" },
      {
        tag: [tags.function(tags.variableName), tags.function(tags.propertyName)],
        color: "var(--f)",
      },
    ]),
  ),
];

/** An editor of TypeScript; `changed` is told of all that is typed. */
export function sourceEditor(parent: HTMLElement, changed: (source: string) => void): EditorView {
  return new EditorView({
    parent,
    extensions: [
      basicSetup,
      javascript({ typescript: true }),
      look,
      lintGutter(),
      EditorView.contentAttributes.of({ "aria-label": "TypeScript" }),
      EditorView.updateListener.of(({ docChanged, state }) => {
        if (docChanged) changed(state.doc.toString());
      }),
    ],
  });
}

/** Code to read. */
export function reader(parent: HTMLElement): EditorView {
  return new EditorView({
    parent,
    extensions: [
      javascript({ typescript: true }),
      look,
      EditorState.readOnly.of(true),
      EditorView.editable.of(false),
      EditorView.contentAttributes.of({ "aria-label": "Emitted code", tabindex: "0" }),
    ],
  });
}

/** Replaces all of a text. */
export function setText(view: EditorView, text: string): void {
  if (view.state.doc.toString() === text) return;
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
}

/** Underlines what remarks are about. */
export function underline(view: EditorView, remarks: readonly Remark[]): void {
  view.dispatch(
    setDiagnostics(
      view.state,
      remarks.map((remark) => diagnosticOf(view, remark)),
    ),
  );
}

function diagnosticOf({ state }: EditorView, remark: Remark): Diagnostic {
  const from = positionOf(state, remark.line, remark.column);
  const { endLine, endColumn } = remark;
  const to =
    endLine !== undefined && endColumn !== undefined
      ? positionOf(state, endLine, endColumn)
      : (state.wordAt(from)?.to ?? from);
  return {
    from,
    to: Math.max(from, to),
    severity: remark.severity === "error" ? "error" : "warning",
    message: remark.code ? `${remark.code}: ${remark.message}` : remark.message,
  };
}

// The text may have become shorter since.
function positionOf({ doc }: EditorState, line: number, column: number): number {
  const { from, to } = doc.line(Math.min(Math.max(1, line), doc.lines));
  return Math.min(from + column - 1, to);
}
