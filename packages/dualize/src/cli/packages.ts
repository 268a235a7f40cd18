import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What a package.json says. */
export interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** @throws Error where the folder has no package.json */
export function manifestIn(folder: string): Manifest {
  const file = join(folder, "package.json");
  if (!existsSync(file)) throw new Error(`no package.json in ${folder}; make one: npm init`);
  return JSON.parse(readFileSync(file, "utf8"));
}

const managers = [
  { name: "pnpm", lock: "pnpm-lock.yaml", add: "add", dev: "--save-dev" },
  { name: "yarn", lock: "yarn.lock", add: "add", dev: "--dev" },
  { name: "bun", lock: "bun.lock", add: "add", dev: "--dev" },
  { name: "npm", lock: "package-lock.json", add: "install", dev: "--save-dev" },
] as const;

/** The commands that install what a project does not have yet. */
export function installCommands(
  folder: string,
  { dependencies = {}, devDependencies = {} }: Manifest,
  development: readonly string[],
): string[] {
  const known = { ...dependencies, ...devDependencies };
  const { name, add, dev } = managerOf(folder);
  const missing = development.filter((name) => !(name in known));
  return [
    ...("dualize" in known ? [] : [`${name} ${add} dualize`]),
    ...(missing.length > 0 ? [`${name} ${add} ${dev} ${missing.join(" ")}`] : []),
  ];
}

/** By the lock file, which in a workspace stands further up. */
function managerOf(folder: string): (typeof managers)[number] {
  const found = managers.find(({ lock }) => existsSync(join(folder, lock)));
  const parent = dirname(folder);
  return found ?? (parent === folder ? managers[3] : managerOf(parent));
}

/** @throws Error where a command fails */
export function run(command: string): void {
  const { status } = spawnSync(command, { shell: true, stdio: "inherit" });
  if (status !== 0) throw new Error(`failed: ${command}`);
}
