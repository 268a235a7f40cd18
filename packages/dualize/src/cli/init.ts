import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadCompanion } from "../companion.ts";
import { closest } from "./closest.ts";
import { diff } from "./diff.ts";
import { installCommands, manifestIn, run } from "./packages.ts";
import { type Found, found, type Tool, tools, toolsIn } from "./tools.ts";

const usage = `usage: dualize init [options]

Sets up the project in this folder: finds its build tool, installs what is missing, adds the plugin to
the configuration, and shows what it changed.
  --tool NAME  where there are several: ${tools.map(({ name }) => name).join(", ")}, or node
  --dry-run    shows what it would do, and does nothing; what it needs must be installed`;

/** The plugin in a project without a bundler: nothing is configured. */
const node: Found = {
  tool: {
    name: "node",
    signs: [],
    dependency: "node",
    packages: ["unplugin-dualize"],
    files: [],
    module: undefined,
    use: "dualize()",
  },
  file: undefined,
};

type AddPlugin = (
  code: string,
  file: string,
  line: Pick<Tool, "module" | "use" | "path">,
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
  const chosen = choose(
    folder,
    { ...manifest.dependencies, ...manifest.devDependencies },
    values.tool,
  );
  const { tool, file } = chosen;
  console.log(`build tool: ${tool.name}${file ? ` (${file})` : ""}`);
  for (const command of installCommands(folder, manifest, tool.packages)) {
    console.log(`$ ${command}`);
    if (!values["dry-run"]) run(command);
  }
  const put = (name: string, before: string, after: string) => {
    console.log(diff(name, before, after));
    if (!values["dry-run"]) writeFileSync(join(folder, name), after);
  };
  if (tool.manifest) completeManifest(folder, tool.manifest, put);
  let code = await configure(chosen, put);
  for (const other of insteadOf(folder, chosen))
    code = Math.max(code, await configure({ tool, file: other }, put));
  if (tool.hint) console.log(`\n${tool.hint}`);
  return code;
}

/** Configurations beside the one that was found that say nothing of it: Vitest's own, which may merge Vite's. */
function insteadOf(folder: string, { tool, file }: Found): string[] {
  if (file === undefined) return [];
  const mentions = (other: string) =>
    readFileSync(join(folder, other), "utf8").includes(file.replace(/\.\w+$/, ""));
  return (tool.instead ?? []).filter(
    (other) => other !== file && existsSync(join(folder, other)) && !mentions(other),
  );
}

type Put = (name: string, before: string, after: string) => void;

function choose(folder: string, dependencies: object, wanted: string | undefined): Found {
  const all = [...toolsIn(folder, Object.keys(dependencies)), node];
  if (wanted === undefined) {
    const [first = node, ...others] = all;
    const names = others.filter((other) => other !== node).map(({ tool }) => tool.name);
    if (names.length > 0)
      console.log(`also found: ${names.join(", ")}; --tool NAME sets up that one`);
    return first;
  }
  if (wanted === "node") return node;
  const tool = tools.find(({ name }) => name === wanted);
  if (tool) return found(tool, folder);
  const meant = closest(wanted, ["node", ...tools.map(({ name }) => name)]);
  throw new Error(`unknown tool '${wanted}'${meant ? `; did you mean '${meant}'?` : ""}`);
}

/** Puts into package.json what a tool asks for there, unless it says something of it already. */
function completeManifest(
  folder: string,
  wanted: Readonly<Record<string, unknown>>,
  put: Put,
): void {
  const before = readFileSync(join(folder, "package.json"), "utf8");
  const manifest = JSON.parse(before) as Record<string, unknown>;
  if (Object.keys(wanted).every((key) => key in manifest)) return;
  const [indent = "  "] = /(?<=\n)[ \t]+(?=")/.exec(before) ?? [];
  put("package.json", before, `${JSON.stringify({ ...wanted, ...manifest }, null, indent)}\n`);
}

async function configure({ tool, file }: Found, put: Put): Promise<number> {
  if (tool.name === "node") {
    console.log(
      "nothing to configure; run your program with\n\n  node --import dualize/register main.ts",
    );
    return 0;
  }
  if (file === undefined) {
    if (tool.fresh === undefined) return byHand(tool, `no configuration of ${tool.name} found`);
    put(tool.fresh.file, "", tool.fresh.text);
    return 0;
  }
  const before = readFileSync(join(process.cwd(), file), "utf8");
  if (before.includes(tool.module ?? "dualize")) {
    console.log(`${file} has the plugin already`);
    return 0;
  }
  const module = await loadCompanion("babel-plugin-dualize/commands", "dualize init");
  const { addPlugin } = module as { addPlugin: AddPlugin };
  const after = addPlugin(before, file, tool);
  if (after === undefined)
    return byHand(tool, `${file} has no list of plugins that could be found`);
  put(file, before, after);
  return 0;
}

function byHand({ module, use, path = [] }: Tool, why: string): number {
  const list = path.reduceRight((inner, key) => `${key}: { ${inner} }`, `plugins: [${use}]`);
  const lines = [...(module ? [`import dualize from "${module}";`] : []), list];
  console.error(`${why}. Add to it:\n\n  ${lines.join("\n  ")}`);
  return 1;
}
