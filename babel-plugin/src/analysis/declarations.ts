import type { types } from "@babel/core";
import { type FunctionNode, isClass, staticKey } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import type { TypeModule } from "../types/modules.ts";

type Node = types.Node;

/** A type, and the declarations that it is written in. */
interface Written {
  readonly type: Node;
  readonly module: TypeModule;
  /** Whether it is that of the whole function, and not of one of its parameters. */
  readonly isOfFunction?: boolean;
}

/**
 * What the declarations beside JavaScript (`a.d.ts` of `a.js`, or those of a package) say of its functions and
 * classes, by their names.
 */
export class Declarations {
  #classes: ReadonlyMap<Node, string> | undefined;

  constructor(
    private readonly context: ModuleContext,
    private readonly home: TypeModule,
    /** The classes of the program, by their names. */
    private readonly classes: ReadonlyMap<string, types.Class>,
  ) {}

  /** The type of a parameter. */
  parameter(f: FunctionNode, index: number): Written | undefined {
    const path = this.context.functionPaths.get(f);
    if (path === undefined) return undefined;
    const owner = path.parentPath?.parent;
    if (isClass(owner)) return this.#parameterOfMember(owner, f, index);
    if (path.scope.parent !== this.context.program.scope) return undefined;
    const { parent } = path;
    const id = parent.type === "VariableDeclarator" ? parent.id : (f as { id?: Node | null }).id;
    if (id?.type !== "Identifier") return undefined;
    const module = this.#moduleOf(f);
    const found = this.context.types.declarationOf(module, id.name, "functions");
    if (!found || found.module.merged.has(found.node)) return undefined;
    return typeOfParameter(found.node, index, found.module);
  }

  #parameterOfMember(owner: types.Class, f: FunctionNode, index: number): Written | undefined {
    const { kind, static: isStatic = false } = f as types.ClassMethod;
    const key = staticKey(f as never);
    const own = this.#membersOf(owner, key).filter(
      (m) =>
        (m as types.ClassMethod).kind === kind &&
        Boolean((m as types.ClassMethod).static) === isStatic,
    );
    const [only] = own;
    // Which of several signatures is meant depends on the arguments.
    const module = only && own.length === 1 ? this.#declarationOf(owner)?.module : undefined;
    return only && module && typeOfParameter(only, index, module);
  }

  /** The type of a field of instances. */
  field(owner: types.Class, key: string): Written | undefined {
    for (const m of this.#membersOf(owner, key)) {
      const type = m.type === "ClassProperty" && !m.static ? m.typeAnnotation : undefined;
      const module = type && this.#declarationOf(owner)?.module;
      if (type && module) return { type, module };
    }
    return undefined;
  }

  /** The class of the program that a declared one stands for. */
  classOf(declaration: Node): string | undefined {
    this.#classes ??= new Map(
      [...this.classes].flatMap(([name, node]) => {
        const of = this.#declarationOf(node);
        return of ? [[of.node, name] as const] : [];
      }),
    );
    return this.#classes.get(declaration);
  }

  #moduleOf(node: Node): TypeModule {
    return this.context.borrowed?.moduleOf(node) ?? this.home;
  }

  #declarationOf(owner: types.Class): ReturnType<ModuleContext["types"]["declarationOf"]> {
    const name = this.context.borrowed?.writtenNameOf(owner) ?? owner.id?.name;
    return name === undefined
      ? undefined
      : this.context.types.declarationOf(this.#moduleOf(owner), name);
  }

  #membersOf(owner: types.Class, key: string | undefined): readonly Node[] {
    const declared = key === undefined ? undefined : this.#declarationOf(owner)?.node;
    return isClass(declared)
      ? declared.body.body.filter((m) => "key" in m && staticKey(m as never) === key)
      : [];
  }
}

function typeOfParameter(declared: Node, index: number, module: TypeModule): Written | undefined {
  if (declared.type === "VariableDeclarator") {
    // `declare const f: (x: number) => number`
    const type = (declared.id as types.Identifier).typeAnnotation;
    return type ? { type, module, isOfFunction: true } : undefined;
  }
  const { params = [], typeParameters } = declared as types.TSDeclareFunction;
  const param: Node | undefined = params[index];
  return !typeParameters && param?.type === "Identifier" && param.typeAnnotation
    ? { type: param.typeAnnotation, module }
    : undefined;
}
