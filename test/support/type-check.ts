import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root } from "./markdown.ts";

/** What TypeScript says, as strict as it is here, of modules that import dualize: a line for each error. */
export function typeErrors(modules: readonly { where: string; code: string }[]): string[] {
  const folder = join(root, "node_modules/.cache/dualize", `types-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    const files = modules.map(({ code }, i) => {
      const file = join(folder, `example-${i}.ts`);
      // All are modules, so that their names do not meet.
      writeFileSync(file, `${code}\nexport {};\n`);
      return file;
    });
    const config = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile).config as object;
    const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, root);
    const program = ts.createProgram(files, options);
    return files.flatMap((file, i) => {
      const source = program.getSourceFile(file);
      return ts.getPreEmitDiagnostics(program, source).map(({ messageText, start }) => {
        const line = source && start ? source.getLineAndCharacterOfPosition(start).line : 0;
        return `${modules[i]?.where}+${line}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
      });
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
