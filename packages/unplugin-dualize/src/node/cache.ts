import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What is kept of a file on disk. */
interface Entry<R> {
  readonly key: string;
  /** The files whose types were read, by what was in them. */
  readonly dependencies: Readonly<Record<string, string>>;
  readonly result: R;
}

/** What was compiled, and from which other files. */
export interface Made<R> {
  readonly result: R;
  readonly dependencies: readonly string[];
}

/**
 * Results on disk, one for each source file: made anew where the file, the options, a version, or a
 * file whose types were read has changed. A cache that can't be written is none.
 */
export class Cache {
  readonly #folder: string | undefined;

  constructor(root: string) {
    const { DUALIZE_CACHE: chosen } = process.env;
    const modules = join(root, "node_modules");
    const usual = existsSync(modules) ? join(modules, ".cache") : tmpdir();
    this.#folder = chosen === "off" ? undefined : (chosen ?? join(usual, "dualize", "node"));
  }

  /** The result for a file under a key, made where it is not known. */
  get<R>(file: string, key: readonly unknown[], make: () => Made<R>): R {
    const place = this.#folder && join(this.#folder, `${hash(file)}.json`);
    const wanted = hash(JSON.stringify(key));
    const known = place && read<R>(place);
    if (known && known.key === wanted && isCurrent(known)) return known.result;
    const { result, dependencies } = make();
    const contents = dependencies.map((name) => [name, contentOf(name)]);
    if (place) write(place, { key: wanted, dependencies: Object.fromEntries(contents), result });
    return result;
  }
}

const isCurrent = ({ dependencies }: Entry<unknown>): boolean =>
  Object.entries(dependencies).every(([file, content]) => contentOf(file) === content);

const contentOf = (file: string): string =>
  existsSync(file) ? hash(readFileSync(file, "utf8")) : "";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");

function read<R>(place: string): Entry<R> | undefined {
  try {
    return JSON.parse(readFileSync(place, "utf8"));
  } catch {
    return undefined;
  }
}

function write(place: string, entry: Entry<unknown>): void {
  const unfinished = `${place}.${process.pid}`;
  try {
    mkdirSync(join(place, ".."), { recursive: true });
    writeFileSync(unfinished, JSON.stringify(entry));
    renameSync(unfinished, place);
  } catch {
    // Read-only file systems are common where programs are deployed.
  }
}
