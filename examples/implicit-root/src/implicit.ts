/** Roots of systems, and gradients through them by one linear solve. */
import { customVjp, jacobian, vjp } from "dualize";
import { Matrix, solve as solveLinear } from "ml-matrix";

/** Equations in unknowns `u` and parameters `p`; a root is where all are 0. */
export type Equations = (u: number[], p: number[]) => number[];

/** The root by Newton's method from a start, with the exact Jacobian. */
export function newton(equations: Equations, start: number[], parameters: number[]): number[] {
  const byUnknowns = jacobian(equations);
  let u = start;
  for (let i = 0; i < 50; i++) {
    const rest = Matrix.columnVector(equations(u, parameters));
    const step = solveLinear(new Matrix(byUnknowns(u, parameters)), rest).to1DArray();
    u = u.map((x, k) => x - step[k]);
    if (Math.max(...step.map(Math.abs)) < 1e-13) {
      return u;
    }
  }
  throw new Error("Newton's method did not converge in 50 steps.");
}

/**
 * The root as a function of the parameters, with a derivative. Of `F(u(p), p) = 0` the implicit
 * function theorem says `∂F/∂u·du + ∂F/∂p·dp = 0`; on the way back a cotangent ū of the root becomes
 * `p̄ = -(∂F/∂p)ᵀ·λ`, where `(∂F/∂u)ᵀ·λ = ū`: one linear solve for any number of parameters.
 */
export function implicitRoot(
  equations: Equations,
  start: number[],
): (parameters: number[]) => number[] {
  const byUnknowns = jacobian(equations);
  return customVjp(
    (parameters: number[]) => newton(equations, start, parameters),
    (parameters) => {
      const root = newton(equations, start, parameters);
      return [root, { root, parameters }];
    },
    ({ root, parameters }, cotangent) => {
      const transposed = new Matrix(byUnknowns(root, parameters)).transpose();
      const lambda = solveLinear(transposed, Matrix.columnVector(cotangent)).to1DArray();
      const [, pullback] = vjp(equations, [root, parameters]);
      return [pullback(lambda.map((x) => -x))[1]];
    },
  );
}
