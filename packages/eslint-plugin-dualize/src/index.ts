import { readFileSync } from "node:fs";
import type { ESLint, Linter } from "eslint";
import { rules } from "./rules.ts";

const { name, version } = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
) as { name: string; version: string };

/** The plugin: rules, and the configurations that switch them on. */
export interface Plugin extends ESLint.Plugin {
  readonly rules: typeof rules;
  readonly configs: {
    /** Errors of the build as errors, its notes as warnings. */
    readonly recommended: Linter.Config;
  };
}

const base = { meta: { name, version, namespace: "dualize" }, rules };

/**
 * What babel-plugin-dualize has to say about a file, for ESLint and oxlint.
 *
 * @example
 * import dualize from "eslint-plugin-dualize";
 * export default [dualize.configs.recommended];
 */
const plugin: Plugin = {
  ...base,
  configs: {
    recommended: {
      name: "dualize/recommended",
      plugins: {
        get dualize() {
          return plugin;
        },
      },
      rules: { "dualize/errors": "error", "dualize/notes": "warn" },
    },
  },
};

export default plugin;
