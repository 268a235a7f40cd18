/** A table that finds what is in it, whatever a program does to the methods of the class it is of. */
export const lasting = <T extends Record<"get" | "has" | "set", unknown>>(table: T): T =>
  Object.assign(table, { get: table.get, has: table.has, set: table.set });
