import { transformSync } from "@babel/core";
import { Effects } from "../../babel-plugin/src/analysis/effects.ts";
import { show } from "../../babel-plugin/src/analysis/kind.ts";
import { Kinds } from "../../babel-plugin/src/analysis/kinds.ts";
import { TypeKinds } from "../../babel-plugin/src/analysis/type-kinds.ts";
import { findMarks } from "../../babel-plugin/src/marks/marked-functions.ts";
import { nameOf } from "../../babel-plugin/src/marks/name-of.ts";
import { ModuleContext } from "../../babel-plugin/src/module-context.ts";
import { newest7, transformAlone } from "../../babel-plugin/test/support/compile.ts";

/** What the passes find out about a file, as text: what docs/architecture.md shows. */
export function inside(code: string): Record<"marks" | "kinds" | "effects", string> {
  let found = { marks: "", kinds: "", effects: "" };
  const look = ({ types: t }: { types: never }) => ({
    visitor: {
      Program(program: never) {
        const context = new ModuleContext(t, program, "example.ts");
        const marks = findMarks(context);
        const kinds = new Kinds(context, marks, new TypeKinds(context, context.types, undefined));
        const effects = new Effects(context, kinds);
        const functions = [...marks.functions.values()];
        const bindings = [...new Set(context.bindings.values())].filter(
          (b) =>
            b.scope.path.findParent((p) => marks.functions.has(p.node as never)) !== null ||
            marks.functions.has(b.scope.path.node as never),
        );
        const why = (f: never) => (marks.direct.has(f) ? "by its directive" : "by a caller");
        const change = (f: never) => (effects.changesOutside(f) ? "changes" : "does not change");
        const lines = (texts: string[]) => texts.map((text) => `${text}\n`).join("");
        found = {
          marks: lines(functions.map((f) => `${nameOf(f)}: marked ${why(f.node as never)}`)),
          kinds: lines(bindings.map((b) => `${b.identifier.name}: ${show(kinds.bindingKind(b))}`)),
          effects: lines(
            functions.map((f) => `${nameOf(f)} ${change(f.node as never)} its arguments`),
          ),
        };
      },
    },
  });
  transformSync(code, {
    configFile: false,
    babelrc: false,
    parserOpts: { plugins: ["typescript"] },
    plugins: [look as never],
  });
  return found;
}

/** The emitted code, or those of its statements at the top that declare or call a name. */
export function emitted(code: string, names: readonly string[]): string {
  const compiled = transformAlone({ code, file: "/example.ts" }).code;
  if (names.length === 0) return `${compiled}\n`;
  const ast = newest7.parseSync(compiled, {
    configFile: false,
    babelrc: false,
    parserOpts: { plugins: ["typescript"] },
  });
  const isWanted = (text: string) =>
    names.some((name) => new RegExp(`^(export )?(function )?${escaped(name)}\\(`).test(text));
  return (ast?.program.body ?? [])
    .map(({ start, end }) => compiled.slice(start as number, end as number))
    .filter(isWanted)
    .map((text) => `${text}\n`)
    .join("");
}

const escaped = (name: string) => name.replaceAll("$", "\\$");
