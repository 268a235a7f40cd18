/** The result of a kernel: a number, or a list of them. */
export type Result = number | number[];

export type KernelName =
  | "lotka-volterra"
  | "rosenbrock"
  | "black-scholes"
  | "gaussian-mixture"
  | "lu-solve"
  | "n-body"
  | "vec3"
  | "functional"
  | "imported"
  | "recursion"
  | "ray-march"
  | "neural-network"
  | "cubic-spline"
  | "newton";

/** What the benchmark needs to know about one kernel. */
export interface Kernel {
  /** Short name, the same for the file, the hand-written tangent code and the C++ function. */
  readonly name: KernelName;
  /** One line for the table in the documentation. */
  readonly title: string;
  /** The marked function, called as it stands for the plain column. */
  readonly f: (...args: never[]) => Result;
  /** The point of evaluation. */
  readonly args: readonly unknown[];
  /** The direction, in the shape of `args`. */
  readonly tangents: readonly unknown[];
  /** Constants of the kernel's module that the C++ version must see too, in the order it reads them. */
  readonly constants?: readonly unknown[];
  /**
   * True when the plain function allocates nothing: only scalars and typed arrays inside. Its
   * tangent form must allocate nothing either.
   */
  readonly allocationFree: boolean;
}

/** Checks a kernel's argument and tangent shapes against its function's parameters. */
export function defineKernel<A extends readonly unknown[]>(
  kernel: Omit<Kernel, "f" | "args" | "tangents"> & {
    readonly f: (...args: [...A]) => Result;
    readonly args: A;
    readonly tangents: NoInfer<A>;
  },
): Kernel {
  return kernel as unknown as Kernel;
}

/** All numbers in a tree of arrays, typed arrays and objects, in order of their keys. */
export function flatten(tree: unknown, into: number[] = []): number[] {
  if (typeof tree === "number") into.push(tree);
  else if (ArrayBuffer.isView(tree)) into.push(...(tree as Float64Array));
  else if (Array.isArray(tree)) for (const leaf of tree) flatten(leaf, into);
  else if (tree !== null && typeof tree === "object") {
    for (const key of Object.keys(tree)) flatten((tree as Record<string, unknown>)[key], into);
  }
  return into;
}

/** `tree + scale * direction`, as a new tree of the same shape. */
export function displace(tree: unknown, direction: unknown, scale: number): unknown {
  if (typeof tree === "number") return tree + scale * (direction as number);
  if (tree instanceof Float64Array) {
    return tree.map((x, i) => x + scale * (direction as Float64Array)[i]);
  }
  if (Array.isArray(tree))
    return tree.map((x, i) => displace(x, (direction as unknown[])[i], scale));
  const moved: Record<string, unknown> = {};
  for (const [key, x] of Object.entries(tree as Record<string, unknown>)) {
    moved[key] = displace(x, (direction as Record<string, unknown>)[key], scale);
  }
  return moved;
}
