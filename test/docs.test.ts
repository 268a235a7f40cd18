import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { transformSync as strip } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { transformAlone } from "../babel-plugin/test/support/compile.ts";
import { Workspace } from "../babel-plugin/test/support/workspace.ts";
import { runExample } from "./support/examples.ts";
import { emitted, inside } from "./support/inside.ts";
import { anchors, type Fence, fences, pages, relativeLinks, root } from "./support/markdown.ts";
import { typeErrors } from "./support/type-check.ts";

/**
 * The code in the documentation is run. A fenced block says by the words behind its language what it is:
 *
 * - `ts run`: it runs, and `expression; // value` gives that value (see support/examples.ts)
 * - `ts error DUAL003`, `ts note DUAL007`: compiling it ends with that error, or makes that note;
 *   behind an error may stand the language proposals that Babel is to parse
 * - `ts throws DUAL101`: running it ends with that error
 * - `ts fault`: like `run`, of a known fault: it does not give that value yet
 * - `ts source NAME`: code that other blocks of the page are made from: `js emitted NAME`, or
 *   `js emitted NAME f f$dual` for some of its statements, and `text marks NAME`, `text kinds NAME`,
 *   `text effects NAME`. `UPDATE_DOCS=1 npx vitest run test/docs.test.ts` writes these anew.
 */

const read = (file: string) => readFileSync(join(root, file), "utf8");
const all = pages().map((page) => ({ page, text: read(page) }));
const blocks = all.flatMap(({ page, text }) => fences(text).map((fence) => ({ page, ...fence })));
const of = (...kinds: string[]) =>
  blocks
    .filter(({ words }) => kinds.includes(words[0] ?? ""))
    .map((block) => ({ ...block, where: `${block.page}:${block.line}` }));

let workspace: Workspace;
beforeAll(async () => {
  workspace = await Workspace.open("docs");
  await workspace.addSpecialFunctions();
});
afterAll(() => workspace?.close());

describe("an example in the documentation", () => {
  it("has no type errors", () => {
    expect(typeErrors(of("run", "throws", "note"))).toEqual([]);
  });

  it.each(of("run"))("gives what it says: $where", async ({ code, where }) => {
    expect(await runExample(workspace, code, where)).toBeGreaterThan(0);
  });

  it.each(of("fault"))("is still wrong; else its entry should go: $where", async (block) => {
    const run = runExample(workspace, block.code, block.where);
    await expect(run).rejects.toMatchObject({ name: "AssertionError" });
  });

  it.each(of("error"))("does not compile, as it says: $where", ({ code, words }) => {
    const script = code.includes("module.exports");
    const [, error, ...proposals] = words;
    const parserOpts = { plugins: ["typescript", ...proposals] };
    const compile = () =>
      transformAlone({ code, file: "/example.ts", script }, undefined, { parserOpts });
    expect(compile).toThrow(error);
  });

  it.each(of("note"))("compiles with the note that it says: $where", ({ code, words }) => {
    const { metadata } = transformAlone({ code, file: "/example.ts" });
    const report = metadata?.dualize as { diagnostics: { code: string }[] } | undefined;
    expect(report?.diagnostics.map((d) => d.code)).toEqual([words[1]]);
  });

  it.each(of("throws"))("ends with the error that it says: $where", async ({ code, words }) => {
    const compiled = transformAlone({ code, file: "/example.ts" }).code;
    const run = workspace.load(strip(compiled, { loader: "ts" }).code);
    await expect(run).rejects.toMatchObject({ code: words[1] });
  });

  it.each(of("emitted", "marks", "kinds", "effects"))(
    "shows what the plugin really makes: $where",
    (block) => {
      const made = remade(block);
      if (process.env.UPDATE_DOCS !== undefined) rewrite(block, made);
      else expect(block.code).toBe(made);
    },
  );
});

function remade({ page, words }: Fence & { page: string }): string {
  const [kind, name, ...names] = words;
  const source = blocks.find((b) => b.page === page && b.words.join(" ") === `source ${name}`);
  if (source === undefined) throw new Error(`${page} has no block "source ${name}"`);
  if (kind === "emitted") return emitted(source.code, names);
  return inside(source.code)[kind as "marks" | "kinds" | "effects"];
}

function rewrite({ page, language, words }: Fence & { page: string }, code: string): void {
  const fence = `\`\`\`${language} ${words.join(" ")}\n`;
  const [before, rest] = split(read(page), fence);
  const [, after] = split(rest, "```\n");
  writeFileSync(join(root, page), `${before}${fence}${code}\`\`\`\n${after}`);
}

function split(text: string, at: string): [string, string] {
  const i = text.indexOf(at);
  if (i < 0) throw new Error(`there is no ${at}`);
  return [text.slice(0, i), text.slice(i + at.length)];
}

describe("docs/errors.md", () => {
  const text = read("docs/errors.md");
  const entries = [...`${text}\n## end`.matchAll(/^### (DUAL\d+)(.*?)(?=^##)/gms)];
  const codes = ["babel-plugin/src/diagnostics.ts", "packages/dualize/src/errors.ts"].flatMap(
    (file) => read(file).match(/DUAL\d+/g) ?? [],
  );

  it("has an entry for each code, and for no other", () => {
    expect(entries.map(([, code]) => code).sort()).toEqual([...new Set(codes)].sort());
  });

  it.each(entries.map(([, code, body]) => ({ code, body })))(
    "shows what triggers $code, and a mend that runs",
    ({ code, body }) => {
      const kinds = fences(body as string).map(({ words }) => words.join(" "));
      expect(kinds.some((kind) => /^(error|note|throws) /.test(kind))).toBe(true);
      expect(
        kinds.filter((kind) => kind.includes("DUAL")).every((k) => k.includes(code as string)),
      ).toBe(true);
      expect(kinds).toContain("run");
    },
  );
});

describe("a link in the documentation", () => {
  const links = all.flatMap(({ page, text }) =>
    relativeLinks(text).map((target) => ({ page, target })),
  );
  it.each(links)("leads somewhere: $target in $page", ({ page, target }) => {
    const [path = "", anchor] = target.split("#");
    const file = path === "" ? join(root, page) : join(root, dirname(page), path);
    expect(existsSync(file), file).toBe(true);
    if (anchor !== undefined) expect(anchors(readFileSync(file, "utf8"))).toContain(anchor);
  });
});

it("has a page for each pass of the pipeline, in its order", () => {
  const listed = [...read("babel-plugin/src/pipeline.ts").matchAll(/docs\/passes\/(\S+\.md)/g)];
  const linked = [...read("docs/passes/README.md").matchAll(/\]\((\d\d-\S+\.md)\)/g)];
  const names = pages().flatMap((page) => /^docs\/passes\/(\d\d-.*)$/.exec(page)?.[1] ?? []);
  expect(linked.map(([, name]) => name)).toEqual(names.sort());
  for (const [, name] of listed) expect(names).toContain(name);
});
