/** The camera: a ray for each sample of each pixel. */
import { PNG } from "pngjs";
import { march } from "./march.ts";
import { sky } from "./shade.ts";
import { cross, mixed, plus, scaled, unit, type Vector } from "./vector.ts";

const EYE = [1.7, 1.55, -3.3];
const LOOK_AT = [0.0, -0.08, 0];
const ZOOM = 2.35;
const FORWARD = unit(plus(LOOK_AT, -1, EYE));
const RIGHT = unit(cross([0, 1, 0], FORWARD));
const UP = cross(FORWARD, RIGHT);

export interface View {
  width: number;
  height: number;
  /** Samples across a pixel, and as many down. */
  samples: number;
}

/** What a surface looks like where a ray meets it, a number from 0 to 1 for red, green and blue. */
export type Shader = (p: Vector, direction: Vector) => Vector;

/** The direction of a ray through a place of the picture, -1 to 1 up and as much as fits across. */
export function ray(x: number, y: number): Vector {
  return unit(plus(plus(scaled(ZOOM, FORWARD), x, RIGHT), y, UP));
}

function colour(x: number, y: number, shader: Shader): Vector {
  const direction = ray(x, y);
  const distance = march(EYE, direction);
  if (distance === undefined) {
    return sky(direction);
  }
  const found = shader(plus(EYE, distance, direction), direction);
  return mixed(found, sky(direction), Math.min((distance / 13) ** 3, 1));
}

/**
 * The picture.
 *
 * @param onRow called after each row with the share of the work that is done
 */
export function render(
  { width, height, samples }: View,
  shader: Shader,
  onRow: (done: number) => void = () => {},
): PNG {
  const png = new PNG({ width, height });
  const place = (pixel: number, sample: number) => pixel + (sample + 0.5) / samples;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      let sum = [0, 0, 0];
      for (let i = 0; i < samples ** 2; i++) {
        const x = (2 * place(column, i % samples) - width) / height;
        const y = (height - 2 * place(row, Math.floor(i / samples))) / height;
        sum = plus(sum, 1 / samples ** 2, colour(x, y, shader));
      }
      const bytes = sum.map((c) => Math.round(255 * Math.min(Math.max(c, 0), 1) ** (1 / 2.2)));
      png.data.set([...bytes, 255], 4 * (row * width + column));
    }
    onRow((row + 1) / height);
  }
  return png;
}
