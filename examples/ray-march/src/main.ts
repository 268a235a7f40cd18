/** Renders the scene twice: lit, with exact normals, and coloured by its curvature. */
import { writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { PNG } from "pngjs";
import { render, type Shader, type View } from "./render.ts";
import { shade, shadeCurvature } from "./shade.ts";

const folder = process.argv[2] ?? fileURLToPath(new URL("..", import.meta.url));
const width = Number(process.argv[3] ?? 640);
await draw("scene.png", { ...size(width), samples: 2 }, shade);
await draw("curvature.png", { ...size(width / 2), samples: 1 }, shadeCurvature);

function size(width: number): { width: number; height: number } {
  return { width, height: Math.round(width / 1.6) };
}

async function draw(name: string, view: View, shader: Shader): Promise<void> {
  const begin = performance.now();
  const png = render(view, shader, (done) => {
    if (process.stderr.isTTY) {
      process.stderr.write(`\r${name} ${(100 * done).toFixed(0)} %${done === 1 ? "\r\x1b[K" : ""}`);
    }
  });
  const path = join(folder, name);
  await writeFile(path, PNG.sync.write(png, { colorType: 2 }));
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  console.log(
    `  wrote ${relative(process.cwd(), path)}: ${view.width} x ${view.height} pixels in ${seconds} s`,
  );
}
