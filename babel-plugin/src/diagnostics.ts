import type { NodePath, types } from "@babel/core";

export type Severity = "error" | "note";

/** What the plugin has to say about a place in the user's source. */
export interface Diagnostic {
  /** Stable; docs/errors.md has an entry for each. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

const severities = {
  DUAL001: "error",
  DUAL002: "error",
  DUAL003: "error",
  DUAL004: "error",
  DUAL005: "error",
  DUAL006: "error",
  DUAL007: "note",
  DUAL008: "note",
  DUAL009: "error",
} as const satisfies Record<string, Severity>;

export type Code = keyof typeof severities;

/** Collects notes, and throws errors with the code frame around the place. */
export class Diagnostics {
  readonly all: Diagnostic[] = [];

  constructor(private readonly program: NodePath<types.Program>) {}

  report(code: Code, node: types.Node, message: string): void {
    const severity = severities[code];
    const start = node.loc?.start;
    const diagnostic = {
      code,
      severity,
      message,
      line: start?.line,
      column: start === undefined ? undefined : start.column + 1,
    };
    if (severity === "error") throw this.error(node, `${code}: ${message}`);
    // The same function may be looked at twice (two forms); it is said once.
    if (
      !this.all.some(
        (d) => d.code === code && d.line === diagnostic.line && d.column === diagnostic.column,
      )
    ) {
      this.all.push(diagnostic);
    }
  }

  private error(node: types.Node, message: string): Error {
    const { hub } = this.program;
    return hub ? hub.buildError(node, message) : new SyntaxError(message);
  }
}
