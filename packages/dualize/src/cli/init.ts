import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadCompanion } from "../companion.ts";
import { closest } from "./closest.ts";
import { diff } from "./diff.ts";
import { installCommands, manifestIn, run } from "./packages.ts";
import { type Found, type Tool, tools, toolsIn } from "./tools.ts";

const usage = `usage: dualize init [options]

Sets up the project in this folder: finds its build tool, installs what is missing, adds the plugin to
the configuration, and shows what it changed.
  --tool NAME  where there are several: ${tools.map(({ name }) => name).join(", ")}, or node
  --dry-run    shows what it would do, and does nothing; what it needs must be installed`;

/** The plugin in a project without a bundler: nothing is configured. */
const node: Found = {
  tool: { ...(tools[0] as Tool), name: "node", module: undefined },
  file: undefined,
};

type AddPlugin = (
  code: string,
  file: string,
  line: { module: string | undefined; use: string },
) => string | undefined;

/** Sets up a project; gives the exit code. */
export async function init(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      tool: { type: "string" },
      "dry-run": { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const folder = process.cwd();
  const manifest = manifestIn(folder);
  const found = choose(
    folder,
    { ...manifest.dependencies, ...manifest.devDependencies },
    values.tool,
  );
  console.log(`build tool: ${found.tool.name}${found.file ? ` (${found.file})` : ""}`);
  for (const command of installCommands(folder, manifest, found.tool.packages)) {
    console.log(`$ ${command}`);
    if (!values["dry-run"]) run(command);
  }
  return await configure(found, values["dry-run"]);
}

function choose(folder: string, dependencies: object, wanted: string | undefined): Found {
  const found = [...toolsIn(folder, Object.keys(dependencies)), node];
  if (wanted === undefined) {
    const [first = node, ...others] = found;
    const names = others.filter((other) => other !== node).map(({ tool }) => tool.name);
    if (names.length > 0)
      console.log(`also found: ${names.join(", ")}; --tool NAME sets up that one`);
    return first;
  }
  const known = found.find(({ tool }) => tool.name === wanted);
  const tool = tools.find(({ name }) => name === wanted);
  if (known || tool) return known ?? { tool: tool as Tool, file: undefined };
  const meant = closest(wanted, ["node", ...tools.map(({ name }) => name)]);
  throw new Error(`unknown tool '${wanted}'${meant ? `; did you mean '${meant}'?` : ""}`);
}

async function configure({ tool, file }: Found, isDry: boolean): Promise<number> {
  if (tool.name === "node") {
    console.log(
      "nothing to configure; run your program with\n\n  node --import dualize/register main.ts",
    );
    return 0;
  }
  if (file === undefined) return byHand(tool, `no configuration of ${tool.name} found`);
  const path = join(process.cwd(), file);
  const before = readFileSync(path, "utf8");
  if (before.includes(tool.module ?? "dualize")) {
    console.log(`${file} has the plugin already`);
    return 0;
  }
  const module = await loadCompanion("babel-plugin-dualize/commands", "dualize init");
  const { addPlugin } = module as { addPlugin: AddPlugin };
  const after = addPlugin(before, file, tool);
  if (after === undefined)
    return byHand(tool, `${file} has no list of plugins that could be found`);
  console.log(diff(file, before, after));
  if (!isDry) writeFileSync(path, after);
  return 0;
}

function byHand({ module, use }: Tool, why: string): number {
  const lines = [...(module ? [`import dualize from "${module}";`] : []), `plugins: [${use}]`];
  console.error(`${why}. Add to it:\n\n  ${lines.join("\n  ")}`);
  return 1;
}
