/**
 * What maps are asked for instead, while something asks a memo of a class for what it keeps by a number
 * that changes with an input: memos.ts fills it.
 */
export interface Asked {
  has?: ((map: object, key: unknown) => { readonly value: boolean } | undefined) | undefined;
  get?: ((map: object, key: unknown) => { readonly value: unknown } | undefined) | undefined;
  /** Sees what is put there. */
  set?: ((map: object, key: unknown, value: unknown) => void) | undefined;
  /** Sees that something is taken out, at all times. */
  forget?: (map: object) => void;
}

export const asked: Asked = {};
