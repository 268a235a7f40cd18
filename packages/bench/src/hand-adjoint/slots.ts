/** Where hand-written adjoint code leaves the cotangents of arguments that are numbers, by their place. */
export const slots = new Float64Array(8);
