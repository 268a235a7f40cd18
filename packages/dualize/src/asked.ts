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
  /** Sees what text is made of, at all times. */
  text?: (made: string, parts: readonly unknown[]) => void;
}

export const asked: Asked = {};

/** Text that a dual form makes of some values: a memo may be asked by it, far from here. */
export function told(made: string, ...parts: readonly unknown[]): string {
  asked.text?.(made, parts);
  return made;
}

/** A template: text`a${x}b`. */
export const text = (strings: TemplateStringsArray, ...parts: readonly unknown[]): string =>
  told(
    parts.reduce<string>((made, p, i) => `${made}${p}${strings[i + 1]}`, strings[0] as string),
    ...parts,
  );
