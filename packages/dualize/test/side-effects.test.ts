import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import manifest from "../package.json" with { type: "json" };

test("a module that is imported for its effects alone is told to bundlers, which drop others", () => {
  const src = new URL("../src/", import.meta.url);
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((f) =>
    f.endsWith(".ts"),
  );
  expect(files.length).toBeGreaterThan(50);
  const imported = files.flatMap((file) =>
    [
      ...readFileSync(new URL(file, src), "utf8").matchAll(
        /^import "\.{1,2}\/(?:.*\/)?([\w-]+)\.ts";$/gm,
      ),
    ].map(([, name]) => name),
  );
  const told = manifest.sideEffects.map((path) =>
    path.replace(/^.*\//, "").replace(/\.\w+$|\.\*$/, ""),
  );
  expect(imported).toContain("inspection");
  expect(imported.filter((name) => !told.includes(name as string))).toEqual([]);
});
