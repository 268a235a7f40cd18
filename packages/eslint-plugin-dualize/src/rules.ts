import type { Diagnostic } from "babel-plugin-dualize/compile";
import type { Mark } from "babel-plugin-dualize/filter";
import type { Rule } from "eslint";
import { diagnosticsOf } from "./analysis.ts";

interface Options {
  /** Codes that are not reported. */
  readonly ignore?: readonly string[];
}

interface Settings {
  readonly mark?: Mark;
}

/** A rule that reports the diagnostics of one severity. */
function rule(severity: Diagnostic["severity"], description: string): Rule.RuleModule {
  return {
    meta: {
      type: severity === "error" ? "problem" : "suggestion",
      docs: { description, recommended: true },
      messages: { diagnostic: "{{code}}: {{message}} More: npx dualize explain {{code}}" },
      schema: [
        {
          type: "object",
          properties: { ignore: { type: "array", items: { type: "string" }, uniqueItems: true } },
          additionalProperties: false,
        },
      ],
      defaultOptions: [{}],
    },
    create(context) {
      const [{ ignore = [] } = {}] = context.options as Options[];
      const { mark } = (context.settings.dualize ?? {}) as Settings;
      return {
        Program() {
          const { sourceCode, filename, cwd } = context;
          for (const d of diagnosticsOf(sourceCode, filename, cwd, mark)) {
            if (d.severity !== severity || ignore.includes(d.code)) continue;
            const { code, message } = d;
            context.report({
              loc: locationOf(d),
              messageId: "diagnostic",
              data: { code, message },
            });
          }
        },
      };
    },
  };
}

/** ESLint counts columns from 0. */
function locationOf({ line = 1, column = 1, endLine = line, endColumn = column }: Diagnostic) {
  return {
    start: { line, column: column - 1 },
    end: { line: endLine, column: endColumn - 1 },
  };
}

export const rules = {
  errors: rule("error", "Report what in marked functions cannot be differentiated"),
  notes: rule("note", "Report where the derivative may not be what one expects"),
};
