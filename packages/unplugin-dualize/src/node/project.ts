import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { isNamed } from "babel-plugin-dualize/filter";

/** Options that the field `dualize` of the project's package.json may hold. */
export interface ProjectOptions {
  /** Files to mark as a whole, those of packages too: globs and names of packages. */
  readonly mark?: string | readonly string[];
}

/** What a process runs in: the workspace or package around its working directory. */
export interface Project {
  readonly root: string;
  readonly options: ProjectOptions;
}

interface Manifest {
  readonly type?: string;
  readonly workspaces?: unknown;
  readonly dualize?: ProjectOptions;
}

/** The project around a folder. A package of a workspace has that workspace for a root, and options of its own. */
export function findProject(folder: string): Project {
  const packages = foldersAbove(folder).filter((f) => existsSync(join(f, "package.json")));
  const [nearest = folder] = packages;
  return {
    root: packages.find(isWorkspace) ?? nearest,
    options: manifestIn(nearest).dualize ?? {},
  };
}

/** Whether a file is to be compiled: one of the project, or one that `mark` names. */
export function isOurs({ root, options }: Project, file: string): boolean {
  const path = relative(root, file);
  const isWithin = !path.startsWith("..") && !path.split(sep).includes("node_modules");
  const fromHere = relative(process.cwd(), file).replaceAll("\\", "/");
  return isWithin || isNamed(options.mark, file, fromHere);
}

/** The field `type` that holds for a file. */
export function packageTypeOf(file: string): string | undefined {
  const folder = foldersAbove(dirname(file)).find((f) => existsSync(join(f, "package.json")));
  return folder && manifestIn(folder).type;
}

const isWorkspace = (folder: string): boolean =>
  manifestIn(folder).workspaces !== undefined || existsSync(join(folder, "pnpm-workspace.yaml"));

function manifestIn(folder: string): Manifest {
  const file = join(folder, "package.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}

function foldersAbove(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...foldersAbove(parent)];
}
