import { isNumber, isRecord } from "../tree.ts";
import type { AdjointCalls, Twin } from "../twins.ts";
import { combine, mapLeaves, rowsOf } from "./basis.ts";

/** Hessians by second-order code: one Hessian-vector product for each number of the first argument. */

// biome-ignore lint/suspicious/noExplicitAny: what it holds is found out as it is gone through
type Tree = any;

/** A place in one of the containers of a tree, which are counted as they are come upon. */
type Place = readonly [container: number, key: string | number];

/** Where the containers and the numbers of a tree stand, in order; the first container is a list of the tree alone. */
interface Layout {
  readonly containers: Place[];
  readonly numbers: Place[];
}

function layoutOf(tree: Tree): Layout {
  const layout: Layout = { containers: [], numbers: [] };
  const look = (container: Tree, at: number): void => {
    // The engine writes to a place of a list by a number far faster than by a text.
    for (const key of isRecord(container) ? Object.keys(container) : container.keys()) {
      const part = container[key];
      if (isNumber(part)) layout.numbers.push([at, key]);
      else if (part) {
        layout.containers.push([at, key]);
        look(part, layout.containers.length);
      }
    }
  };
  look([tree], 0);
  return layout;
}

function containersOf(tree: Tree, { containers }: Layout): Tree[] {
  const all: Tree[] = [[tree]];
  for (const [at, key] of containers) all.push(all[at][key]);
  return all;
}

/** The Hessian by the first argument, in its shape twice; undefined where second-order code does not take the arguments. */
export function hessianByAdjoint(
  hvp: AdjointCalls["hvp"],
  twin: Twin,
  args: readonly unknown[],
): unknown {
  if (isNumber(args[0])) return hvp(twin, args, 1);
  // One direction for all: a copy, which the engine keeps as it keeps the argument.
  const shape: Tree = mapLeaves(args[0], (x) => x);
  const layout = layoutOf(shape);
  const { numbers } = layout;
  const direction: Tree = mapLeaves(shape, () => 0);
  const along = containersOf(direction, layout);
  const columns: Tree[] = [];
  for (const [at, key] of numbers) {
    along[at][key] = 1;
    const column = hvp(twin, args, direction, columns.length < numbers.length - 1);
    along[at][key] = 0;
    if (column === undefined) return undefined;
    columns.push(column);
  }
  const all = columns.map((column) => containersOf(column, layout));
  // What stands in two places, or can't be changed, is written anew.
  if (all.some((made) => made.some(Object.isFrozen) || new Set(made).size < made.length))
    return rowsOf(columns, shape);
  const isList = !isRecord(shape) && layout.containers.length === 1;
  if (isList && shape.length === columns.length) return symmetric(columns);
  symmetricTrees(all, numbers);
  let i = 0;
  return combine([columns[0]], () => columns[i++]);
}

/** Numbers of a row that the processor fetches together. */
const WIDTH = 8;

/**
 * Writes the upper half of a matrix over the lower one, which is the same but for rounding: then its columns are
 * its rows. Some columns at a time, so that what is written to a row lies side by side; what is told twice is the
 * same by then.
 */
function symmetric(rows: number[][]): number[][] {
  const size = rows.length;
  for (let from = 0; from < size; from += WIDTH) {
    const end = Math.min(from + WIDTH, size);
    for (let i = 0; i < end; i++)
      for (let j = from; j < end; j++)
        (rows[i] as number[])[j] = (rows[j] as number[])[i] as number;
  }
  return rows;
}

/** The same where the columns are trees, of which `all` has the containers. */
function symmetricTrees(all: readonly Tree[][], numbers: readonly Place[]): void {
  numbers.forEach(([holder, name], i) => {
    const row = all[i] as Tree[];
    for (let j = i + 1; j < numbers.length; j++) {
      const [at, key] = numbers[j] as Place;
      row[at][key] = (all[j] as Tree[])[holder][name];
    }
  });
}
