import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, it } from "vitest";

const bundled = async (names: string): Promise<string[]> => {
  const { metafile } = await build({
    stdin: {
      contents: `export { ${names} } from "../src/index.ts";`,
      resolveDir: fileURLToPath(new URL(".", import.meta.url)),
    },
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    external: ["dualize", "dualize/*"],
  });
  const [output] = Object.values(metafile.outputs);
  return Object.entries(output?.inputs ?? {})
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([file]) => file);
};

it("is in a bundle only as far as it is imported", async () => {
  const files = await bundled("erf");
  expect(files.some((file) => file.endsWith("src/erf.ts"))).toBe(true);
  expect(files.filter((file) => /gamma|bessel|beta|erfc|erfinv/.test(file))).toEqual([]);
});

it("brings no package where the values are its own", async () => {
  const files = await bundled("besselK");
  expect(files.filter((file) => file.includes("@stdlib"))).toEqual([]);
});
