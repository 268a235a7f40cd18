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
  /** Where the construct ends: the column behind its last letter. */
  readonly endLine: number | undefined;
  readonly endColumn: number | undefined;
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
  DUAL010: "note",
  DUAL011: "note",
  DUAL012: "note",
} as const satisfies Record<string, Severity>;

export type Code = keyof typeof severities;

/** Where an error or note has its entry, as behind an error of the library. */
export const linkTo = (code: string): string => `  more: npx dualize explain ${code}`;

/** Why a function cannot be differentiated, where that is no reason to stop. */
export class Refusal {
  constructor(
    readonly diagnostic: Diagnostic,
    readonly node: types.Node,
  ) {}
}

/** Collects notes, and throws errors with the code frame around the place. */
export class Diagnostics {
  readonly all: Diagnostic[] = [];
  /** Whether errors are collected like notes, for showing them all: what is emitted then is of no use. */
  collects = false;
  #isTrying = false;

  constructor(
    private readonly program: NodePath<types.Program>,
    /** Whether code is of another file: what is to be said of it is said there. */
    private readonly isOfAnother: (node: types.Node) => boolean = () => false,
  ) {}

  report(code: Code, node: types.Node, message: string): void {
    const severity = severities[code];
    const { start, end } = node.loc ?? {};
    const diagnostic = {
      code,
      severity,
      message,
      line: start?.line,
      column: start && start.column + 1,
      endLine: end?.line,
      endColumn: end && end.column + 1,
    };
    if (severity === "error" && (this.#isTrying || !this.collects)) {
      throw this.#isTrying
        ? new Refusal(diagnostic, node)
        : Object.assign(this.error(node, `${code}: ${message}\n${linkTo(code)}`), { diagnostic });
    }
    if (!this.isOfAnother(node)) this.#note(diagnostic);
  }

  /** What `write` gives, or the error that it reports. */
  attempt<R>(write: () => R): R | Refusal {
    const outer = this.#isTrying;
    this.#isTrying = true;
    try {
      return write();
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    } finally {
      this.#isTrying = outer;
    }
  }

  /** Says of a function of a file that is marked as a whole that it has no derivative. */
  noteRefusal({ diagnostic }: Refusal): void {
    const message = `${diagnostic.message} A derivative that reaches it ends with this error.`;
    this.#note({ ...diagnostic, severity: "note", message });
  }

  #note(diagnostic: Diagnostic): void {
    const { code } = diagnostic;
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
