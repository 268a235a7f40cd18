import { readFileSync, statSync } from "node:fs";
import type { types } from "@babel/core";
import { isClass } from "../ast.ts";
import { isMark } from "../marks/mark.ts";
import { locateCode, locateDeclarations, locateTypes } from "./locate.ts";
import type { Parse } from "./parsing.ts";

type Node = types.Node;

/** What a module declares and imports, as far as types are concerned. */
export interface TypeModule {
  /** Its absolute path; undefined for code that came without one. */
  readonly file: string | undefined;
  /** Aliases, interfaces, enums and classes, by their names. */
  readonly declared: ReadonlyMap<string, Node>;
  /** Functions, and variables that hold functions or say their type. */
  readonly functions: ReadonlyMap<string, Node>;
  /** The other declarations of an interface or function that is declared more than once. */
  readonly merged: ReadonlyMap<Node, readonly Node[]>;
  /** Local names of what is imported; `*` for all of a module. */
  readonly imported: ReadonlyMap<string, Import>;
  /** What is exported under another name, or from elsewhere. */
  readonly exported: ReadonlyMap<string, Import>;
  /** Modules all of which is exported. */
  readonly exportedAll: readonly string[];
  readonly body: readonly types.Statement[];
  /** Whether all of it is marked. */
  readonly isMarked: boolean;
}

interface Import {
  /** The module; undefined for this one. */
  readonly source: string | undefined;
  readonly name: string;
}

/** A declaration, and the module whose names it is written in. */
export interface Declared {
  readonly node: Node;
  readonly module: TypeModule;
}

const codeOfPackage = /[\\/]node_modules[\\/].*\.[cm]?jsx?$/;

const cache = new Map<string, { mtime: number; size: number; module: TypeModule | undefined }>();

/** The modules that a file takes its types from: read when they are needed, parsed once, never executed. */
export class TypeModules {
  /** The same of the code of modules: what declarations stand for, and not they themselves. */
  readonly code: TypeModules;
  readonly #declarations = new Map<string, TypeModule | undefined>();

  constructor(
    private readonly parse: Parse | undefined,
    /** Whether a file is marked as a whole without saying so. */
    private readonly isNamed: (file: string) => boolean = () => false,
    /** The files that were read: where one of them changes, the file is compiled anew. */
    readonly dependencies = new Set<string>(),
    private readonly locate?: (source: string, from: string) => string | undefined,
  ) {
    this.code = locate ? this : new TypeModules(parse, isNamed, dependencies, locateCode);
  }

  /** The declaration that a name means in a module, in whatever module it is written. */
  find(
    module: TypeModule,
    name: string,
    of: "declared" | "functions" = "declared",
    seen = new Set<string>(),
  ): Declared | undefined {
    const node = module[of].get(name);
    if (node) return { node, module };
    const imported = module.imported.get(name);
    return imported && imported.name !== "*"
      ? this.#from(module, imported.source as string, imported.name, of, seen)
      : undefined;
  }

  /** What the declarations beside a module of JavaScript say of what it calls by a name. */
  declarationOf(
    module: TypeModule,
    name: string,
    of: "declared" | "functions" = "declared",
  ): Declared | undefined {
    const typings = this.#declarationsOf(module);
    if (typings === undefined) return undefined;
    const as = outerNames(module).get(name) ?? name;
    // Somebody else has that name outside.
    const other = as === name ? module.exported.get(name) : undefined;
    if (other && (other.source !== undefined || other.name !== name)) return undefined;
    return this.#export(typings, as, of, new Set()) ?? this.find(typings, name, of);
  }

  #declarationsOf({ file }: TypeModule): TypeModule | undefined {
    if (file === undefined) return undefined;
    if (!this.#declarations.has(file)) {
      const found = locateDeclarations(file);
      this.#declarations.set(file, found === undefined ? undefined : this.#read(found));
    }
    return this.#declarations.get(file);
  }

  /** A type that is written somewhere else than in code. */
  typeOf(text: string): Node | undefined {
    const body = this.parse?.(`type T = ${text};`, "type.ts")?.program.body ?? [];
    const [alias] = body;
    return body.length === 1 && alias?.type === "TSTypeAliasDeclaration"
      ? alias.typeAnnotation
      : undefined;
  }

  /** The declaration that `Module.Name` means, for a module that was imported as a whole. */
  findIn(
    module: TypeModule,
    namespace: string,
    name: string,
    of: "declared" | "functions" = "declared",
  ): Declared | undefined {
    const other = this.namespace(module, namespace);
    return other && this.#export(other, name, of, new Set());
  }

  /** The declaration that `import("source").Name` means. */
  findFrom(module: TypeModule, source: string, name: string): Declared | undefined {
    return this.#from(module, source, name, "declared", new Set());
  }

  /** The module that a name stands for as a whole: `import * as name`, also where another one exports it so. */
  namespace(module: TypeModule, name: string, seen = new Set<string>()): TypeModule | undefined {
    const imported = module.imported.get(name);
    if (imported?.source === undefined) return undefined;
    const other = this.#load(module, imported.source);
    return imported.name === "*"
      ? other
      : other && this.#exportedNamespace(other, imported.name, seen);
  }

  #exportedNamespace(module: TypeModule, name: string, seen: Set<string>): TypeModule | undefined {
    const key = `${module.file} ${name}`;
    if (seen.has(key)) return undefined;
    seen.add(key);
    const exported = module.exported.get(name);
    if (exported) {
      if (exported.source === undefined) return this.namespace(module, exported.name, seen);
      const other = this.#load(module, exported.source);
      return exported.name === "*"
        ? other
        : other && this.#exportedNamespace(other, exported.name, seen);
    }
    for (const source of module.exportedAll) {
      const other = this.#load(module, source);
      const found = other && this.#exportedNamespace(other, name, seen);
      if (found) return found;
    }
    return undefined;
  }

  #from(
    module: TypeModule,
    source: string,
    name: string,
    of: "declared" | "functions",
    seen: Set<string>,
  ): Declared | undefined {
    const other = this.#load(module, source);
    return other && this.#export(other, name, of, seen);
  }

  #export(
    module: TypeModule,
    name: string,
    of: "declared" | "functions",
    seen: Set<string>,
  ): Declared | undefined {
    const key = `${module.file} ${name}`;
    if (seen.has(key)) return undefined;
    seen.add(key);
    const exported = module.exported.get(name);
    if (exported) {
      return exported.source === undefined
        ? this.find(module, exported.name, of, seen)
        : this.#from(module, exported.source, exported.name, of, seen);
    }
    const own = name === "default" ? undefined : this.find(module, name, of, seen);
    if (own) return own;
    for (const source of module.exportedAll) {
      const found = this.#from(module, source, name, of, seen);
      if (found) return found;
    }
    return undefined;
  }

  #load(from: TypeModule, source: string): TypeModule | undefined {
    if (this.parse === undefined || from.file === undefined) return undefined;
    const file = (this.locate ?? locateTypes)(source, from.file);
    return file === undefined ? undefined : this.#read(file);
  }

  #read(file: string): TypeModule | undefined {
    if (this.parse === undefined) return undefined;
    this.dependencies.add(file);
    const { mtimeMs, size } = statSync(file);
    const isNamed = this.isNamed(file);
    const key = `${isNamed ? "marked " : ""}${file}`;
    const known = cache.get(key);
    if (known && known.mtime === mtimeMs && known.size === size) return known.module;
    const text = readFileSync(file, "utf8");
    // A package without types or marks tells nothing, and may be large.
    const isSilent = !isNamed && codeOfPackage.test(file) && !/["']use dual["']/.test(text);
    const program = isSilent ? undefined : this.parse(text, file)?.program;
    const isMarked = program?.directives.some(isMark) === true || isNamed;
    const module = program && moduleOf(program.body, file, isMarked);
    cache.set(key, { mtime: mtimeMs, size, module });
    return module;
  }
}

const outer = new WeakMap<TypeModule, ReadonlyMap<string, string>>();

/** What others call what a module has, by the names that it has itself: asked for each function of a file. */
function outerNames(module: TypeModule): ReadonlyMap<string, string> {
  let names = outer.get(module);
  if (names === undefined) {
    const own = [...module.exported].filter(([, { source }]) => source === undefined);
    // The first of several, as they are written.
    names = new Map(own.reverse().map(([as, { name }]) => [name, as]));
    outer.set(module, names);
  }
  return names;
}

/** What a module says of types. */
export function moduleOf(
  body: readonly types.Statement[],
  file: string | undefined,
  isMarked = false,
): TypeModule {
  const declared = new Map<string, Node>();
  const merged = new Map<Node, Node[]>();
  const imported = new Map<string, Import>();
  const exported = new Map<string, Import>();
  const exportedAll: string[] = [];
  const functions = new Map<string, Node>();
  const add = (to: Map<string, Node>, name: string, node: Node): void => {
    const first = to.get(name);
    if (first === undefined) to.set(name, node);
    else merged.set(first, [...(merged.get(first) ?? []), node]);
  };
  const declare = (node: Node, isDefault: boolean): void => {
    if (node.type === "VariableDeclaration") {
      for (const declarator of node.declarations)
        if (declarator.id.type === "Identifier") add(functions, declarator.id.name, declarator);
      return;
    }
    const isNamedFunction =
      node.type === "FunctionDeclaration" || node.type === "TSDeclareFunction";
    const isType =
      node.type === "TSTypeAliasDeclaration" ||
      node.type === "TSInterfaceDeclaration" ||
      node.type === "TSEnumDeclaration" ||
      isClass(node);
    if (!(isType || isNamedFunction) || !node.id) return;
    const { name } = node.id as types.Identifier;
    add(isType ? declared : functions, name, node);
    if (isDefault) exported.set("default", { source: undefined, name });
  };
  for (const statement of body) {
    switch (statement.type) {
      case "ImportDeclaration":
        for (const s of statement.specifiers) {
          const name =
            s.type === "ImportDefaultSpecifier"
              ? "default"
              : s.type === "ImportNamespaceSpecifier"
                ? "*"
                : nameOf(s.imported);
          imported.set(s.local.name, { source: statement.source.value, name });
        }
        break;
      case "ExportAllDeclaration":
        exportedAll.push(statement.source.value);
        break;
      case "ExportNamedDeclaration":
        if (statement.declaration) declare(statement.declaration, false);
        for (const s of statement.specifiers) {
          if (s.type === "ExportNamespaceSpecifier")
            exported.set(s.exported.name, { source: statement.source?.value, name: "*" });
          if (s.type === "ExportSpecifier")
            exported.set(nameOf(s.exported), {
              source: statement.source?.value,
              name: nameOf(s.local),
            });
        }
        break;
      // What a file declares of several modules: their names are taken for those of one.
      case "TSModuleDeclaration":
        if (statement.id.type !== "StringLiteral" || statement.body.type !== "TSModuleBlock") break;
        for (const inner of statement.body.body)
          declare(
            inner.type === "ExportNamedDeclaration" ? (inner.declaration ?? inner) : inner,
            false,
          );
        break;
      case "ExportDefaultDeclaration":
        if (statement.declaration.type === "Identifier")
          exported.set("default", { source: undefined, name: statement.declaration.name });
        else declare(statement.declaration, true);
        break;
      default:
        declare(statement, false);
    }
  }
  return { file, declared, functions, merged, imported, exported, exportedAll, body, isMarked };
}

const nameOf = (id: types.Identifier | types.StringLiteral): string =>
  id.type === "Identifier" ? id.name : id.value;
