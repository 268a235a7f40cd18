import type { NodePath, types } from "@babel/core";
import { type FunctionNode, isClass, isFunction, staticKey, unwrap } from "../ast.ts";
import { globalClass } from "../language/globals.ts";
import type { ModuleContext } from "../module-context.ts";
import { type Declared, moduleOf, type TypeModule, type TypeModules } from "../types/modules.ts";
import { membersOf } from "./class-members.ts";
import { Declarations } from "./declarations.ts";
import { defaultsOf } from "./defaults.ts";
import { fieldByUse } from "./fields-by-use.ts";
import {
  BOTTOM,
  elementKind,
  fieldKind,
  INERT,
  join,
  type Kind,
  NUM,
  NUMBERS,
  type ObjectKind,
  OTHERS,
  oneOf,
  unknown,
  whyPartlyUnknown,
  whyUnknown,
} from "./kind.ts";
import { commentsBefore, typeInComment } from "./kinds/comments.ts";
import { prototypeMark } from "./prototype-marks.ts";
import { isWord } from "./syntax.ts";
import { kindAsWritten } from "./written-types.ts";

type Node = types.Node;

/** Where a type is written: what its names mean there, and what its type parameters stand for. */
interface Place {
  readonly module: TypeModule;
  readonly given?: ReadonlyMap<string, Kind>;
}

const SELF = "a type that contains itself";

/** The kinds that TypeScript's annotations stand for, with what other files declare. */
export class TypeKinds {
  readonly classes = new Map<string, types.Class>();
  /** Classes whose methods may not be those that are written in them. */
  readonly #changed = new Set<string>();
  readonly #home: TypeModule;
  /** Names that stand for other types or classes inside some function, block or namespace of the file. */
  readonly #hidden: ReadonlySet<string>;
  readonly #known = new Map<Node, Kind>();
  readonly #declarations: Declarations;
  /** Generic types that are being read. */
  readonly #open = new Set<Node>();
  /** What the type parameters of functions and classes are constrained to, by where they are used. */
  readonly #constraints = new Map<Node, types.TSTypeParameter>();

  /** What names of types mean that are declared inside functions and blocks, by where they stand. */
  readonly #inner = new Map<Node, Node>();

  /** The classes of the file whose instances the type `this` means. */
  readonly #owners = new Map<Node, types.Class>();

  constructor(
    private readonly context: ModuleContext,
    private readonly modules: TypeModules,
    file: string | undefined,
  ) {
    this.#home = moduleOf(context.program.node.body, file);
    this.#hidden = hiddenNames(context);
    this.#declarations = new Declarations(context, this.#home, this.classes);
    for (const [name, node] of this.#home.declared)
      if (isClass(node) && !this.#hidden.has(name)) this.classes.set(name, node);
    this.#findChanged(context);
    if (this.#hidden.size > 0) this.#findInner(context);
    for (const definition of this.classes.values())
      context.t.traverseFast(definition, (node) => {
        if (node.type === "TSThisType") this.#owners.set(node, definition);
      });
    context.each({
      TSTypeParameterDeclaration: (path) => {
        const owner = path.parentPath;
        if (!owner || !(isFunction(owner.node) || isClass(owner.node))) return;
        const byName = new Map(path.node.params.map((p) => [parameterName(p), p]));
        // Inner ones come later, and hide outer ones.
        owner.traverse({
          TSTypeReference: ({ node }) => {
            if (node.typeName.type !== "Identifier") return;
            const parameter = byName.get(node.typeName.name);
            if (parameter) this.#constraints.set(node, parameter);
          },
        });
      },
    });
  }

  /** Types of functions and blocks: what is declared in the nearest one around. */
  #findInner(context: ModuleContext): void {
    context.program.traverse({
      TSTypeReference: (path) => {
        const { typeName } = path.node;
        if (typeName.type !== "Identifier" || !this.#hidden.has(typeName.name)) return;
        const found = declaredAround(path, typeName.name);
        if (found) this.#inner.set(path.node, found);
      },
    });
  }

  #findChanged(context: ModuleContext): void {
    if (this.classes.size === 0) return;
    const { scope } = context.program;
    for (const name of this.classes.keys())
      if (scope.getOwnBinding(name)?.constant === false) this.#changed.add(name);
    const all = () => {
      for (const name of this.classes.keys()) this.#changed.add(name);
    };
    for (const [name, node] of this.classes)
      if (membersOf(node).hasNameless.own) this.#changed.add(name);
    // What is a constant under a name that the class has not hides nothing.
    const harmless = new Set<Node>();
    for (const definition of this.classes.values())
      for (const member of definition.body.body) {
        if (member.type !== "StaticBlock") continue;
        for (const statement of member.body) {
          if (statement.type !== "ExpressionStatement") continue;
          const { expression } = statement;
          const owner = prototypeMark(expression, definition, (o) => o.type === "ThisExpression");
          if (owner) harmless.add(owner);
        }
      }
    context.t.traverseFast(context.program.node, (node) => {
      const owner = prototypeMark(node, undefined, (o) => o.type === "Identifier");
      if (owner) {
        const { name } = owner.object as types.Identifier;
        const definition = this.classes.get(name);
        if (definition && prototypeMark(node, definition, () => true)) harmless.add(owner);
      }
      if (node.type !== "MemberExpression") return;
      const { object, property, computed } = node;
      const key = staticKey({ key: property, computed });
      if (key === "__proto__" || key === "setPrototypeOf") all();
      if (key !== "prototype" || harmless.has(node)) return;
      // Those of functions and of the language are none of the file's classes.
      if (object.type !== "Identifier") all();
      else if (this.classes.has(object.name)) this.#changed.add(object.name);
    });
  }

  /** The file itself; another one for code that was borrowed from there. */
  #placeOf(node: Node): Place {
    return { module: this.context.borrowed?.moduleOf(node) ?? this.#home };
  }

  /** The kind of an annotation `: type`, or of a type itself, written in the file. */
  of(annotation: Node | null | undefined): Kind | undefined {
    if (annotation == null || annotation.type === "Noop") return undefined;
    return this.#kind(annotation, this.#placeOf(annotation));
  }

  /** The kind of a type as documentation comments write it: `Array.<number>`, `?number`, `number=`. */
  ofComment(text: string, at: Node): Kind | undefined {
    const { module } = this.#placeOf(at);
    const written = this.#written.get(module) ?? new Map<string, Kind>();
    this.#written.set(module, written);
    let kind = written.get(text);
    if (kind === undefined) {
      const type = this.modules.typeOf(inTypeScript(text));
      kind = type ? this.#kind(type, { module }) : unknown("a type in a comment");
      written.set(text, kind);
    }
    return kind.k === "unknown" ? undefined : kind;
  }
  readonly #written = new Map<TypeModule, Map<string, Kind>>();

  /** What the declarations beside JavaScript say of a parameter. */
  ofDeclaredParameter(f: FunctionNode, index: number): Kind | undefined {
    const written = this.#declarations.parameter(f, index);
    if (written === undefined) return undefined;
    const { type, module, isOfFunction } = written;
    const of = this.#of(type, { module });
    const kind = isOfFunction ? of.k === "fn" && of.params[index] : of;
    return kind && kind.k !== "unknown" ? kind : undefined;
  }

  /** Whether an imported name stands for a module as a whole. */
  isNamespace(name: string): boolean {
    return this.modules.namespace(this.#home, name) !== undefined;
  }

  /** Whether an imported name is that of a number, by how it is declared or what it is made of. */
  isNumberOfOthers(name: string): boolean {
    const { node, module } = this.modules.find(this.#home, name, "functions") ?? {};
    if (node?.type !== "VariableDeclarator" || module === undefined) return false;
    const { typeAnnotation } = node.id as types.Identifier;
    if (typeAnnotation?.type === "TSTypeAnnotation")
      return typeAnnotation.typeAnnotation.type === "TSNumberKeyword";
    // Of what may be written to later nothing is told by what it began with.
    const isConstant = module.body.some((s) => {
      const declaration = s.type === "ExportNamedDeclaration" ? s.declaration : s;
      return (
        declaration?.type === "VariableDeclaration" &&
        declaration.kind === "const" &&
        declaration.declarations.includes(node)
      );
    });
    return isConstant && isNumber(node.init);
  }

  /** What a constant of another file is, by its type or the class that it is an instance of. */
  constantOfOthers(name: string): Kind | undefined {
    const { node, module } = this.modules.find(this.#home, name, "functions") ?? {};
    if (node?.type !== "VariableDeclarator" || module === undefined) return undefined;
    const made = node.init ? unwrap(node.init) : undefined;
    if (made?.type !== "NewExpression" || made.callee.type !== "Identifier") return undefined;
    const { typeAnnotation } = node.id as types.Identifier;
    if (typeAnnotation?.type === "TSTypeAnnotation") return this.#of(typeAnnotation, { module });
    const { t } = this.context;
    return this.#of(t.tsTypeReference(t.identifier(made.callee.name)), { module });
  }

  /** What an imported function gives, where its declaration says so. */
  resultOf(callee: Node): Kind | undefined {
    const id = unwrap(callee);
    const found =
      id.type === "Identifier"
        ? this.modules.find(this.#home, id.name, "functions")
        : id.type === "MemberExpression" && id.object.type === "Identifier" && !id.computed
          ? this.modules.findIn(
              this.#home,
              id.object.name,
              (id.property as types.Identifier).name,
              "functions",
            )
          : undefined;
    if (found === undefined || found.module === this.#home) return undefined;
    const { node, module } = found;
    // Which of several signatures is meant depends on the arguments: what runs has one of its own.
    const others = module.merged.get(node) ?? [];
    const written = [node, ...others].find((n) => n.type === "FunctionDeclaration");
    if (others.length > 0 && written === undefined) return undefined;
    const kind = this.#resultOf(written ?? node, { module });
    if (others.length > 0 && kind?.k === "union") return undefined;
    return kind && whyPartlyUnknown(kind) === undefined ? kind : undefined;
  }

  /** What the declaration of a function, or of a method of what a variable is declared to be, asks of an argument. */
  parameterOf(callee: Node, index: number): Kind | undefined {
    const id = unwrap(callee);
    const kind =
      id.type === "MemberExpression" && id.object.type === "Identifier" && !id.computed
        ? this.#methodParameter(id.object.name, (id.property as types.Identifier).name, index)
        : id.type === "Identifier"
          ? this.#parameterOfFunction(id.name, index)
          : undefined;
    return kind && whyPartlyUnknown(kind) === undefined ? kind : undefined;
  }

  /** What a function of another file asks of an argument. */
  #parameterOfFunction(name: string, index: number): Kind | undefined {
    const found = this.modules.find(this.#home, name, "functions");
    if (found === undefined || found.module === this.#home) return undefined;
    const { node, module } = found;
    if (module.merged.has(node)) return undefined;
    const { typeAnnotation } =
      node.type === "VariableDeclarator" ? (node.id as types.Identifier) : {};
    if (typeAnnotation?.type === "TSTypeAnnotation") {
      const kind = this.#of(typeAnnotation, { module });
      return kind.k === "fn" ? kind.params[index] : undefined;
    }
    const f =
      node.type === "VariableDeclarator" && node.init && isFunction(node.init) ? node.init : node;
    if (!isFunction(f) || parametersOf(f).length > 0) return undefined;
    const param = f.params[index];
    return param?.type === "Identifier" && param.typeAnnotation
      ? this.#of(param.typeAnnotation, { module })
      : undefined;
  }

  #methodParameter(variable: string, method: string, index: number): Kind | undefined {
    const found = this.modules.find(this.#home, variable, "functions");
    if (found?.node.type !== "VariableDeclarator") return undefined;
    const { typeAnnotation } = found.node.id as types.Identifier;
    return typeAnnotation?.type === "TSTypeAnnotation"
      ? this.#parameterIn(typeAnnotation.typeAnnotation, method, index, { module: found.module })
      : undefined;
  }

  /** What a method of an object type asks of an argument. */
  #parameterIn(type: Node, method: string, index: number, place: Place): Kind | undefined {
    const inParent = (parent: Node) => this.#parameterIn(parent, method, index, place);
    switch (type.type) {
      case "TSIntersectionType":
        return firstOf(type.types, inParent);
      case "TSTypeLiteral":
        return this.#parameterAmong(type.members, method, index, place);
      case "TSInterfaceDeclaration":
        return (
          this.#parameterAmong(type.body.body, method, index, place) ??
          firstOf((type.extends ?? []) as readonly Node[], inParent)
        );
      case "TSTypeReference":
      // Babel 8 calls it otherwise.
      case "TSInterfaceHeritage" as never:
      case "TSExpressionWithTypeArguments": {
        const reference = type as types.TSTypeReference | types.TSExpressionWithTypeArguments;
        const id = "typeName" in reference ? reference.typeName : reference.expression;
        const found =
          id.type === "Identifier" ? this.modules.find(place.module, id.name) : undefined;
        if (!found || this.#open.has(found.node)) return undefined;
        const { node, module } = found;
        const given = this.#given(parametersOf(node), argumentsOf(type), place, module);
        const inner = given.size > 0 ? { module, given } : { module };
        this.#open.add(node);
        const kind = this.#parameterIn(
          node.type === "TSTypeAliasDeclaration" ? node.typeAnnotation : node,
          method,
          index,
          inner,
        );
        this.#open.delete(node);
        return kind;
      }
      default:
        return undefined;
    }
  }

  #parameterAmong(
    members: readonly Node[],
    method: string,
    index: number,
    place: Place,
  ): Kind | undefined {
    const own = members.filter((m) => "key" in m && staticKey(m as never) === method);
    const [only] = own;
    // Which of several signatures is meant depends on the arguments.
    if (own.length !== 1 || only?.type !== "TSMethodSignature" || parametersOf(only).length > 0)
      return undefined;
    const signature = only as { parameters?: Node[]; params?: Node[] };
    const param = (signature.parameters ?? signature.params ?? [])[index];
    return param?.type === "Identifier" && param.typeAnnotation
      ? this.#of(param.typeAnnotation, place)
      : undefined;
  }

  #resultOf(node: Node, { module }: Place): Kind | undefined {
    if (node.type === "VariableDeclarator") {
      const annotation = (node.id as types.Identifier).typeAnnotation;
      if (annotation && annotation.type !== "Noop") {
        const kind = this.#of(annotation, { module });
        return kind.k === "fn" ? kind.returns : undefined;
      }
      return node.init && isFunction(node.init) ? this.#resultOf(node.init, { module }) : undefined;
    }
    const { returnType, async, generator } = node as types.FunctionDeclaration;
    if (!returnType || async || generator) return undefined;
    const given = new Map<string, Kind>();
    const place = { module, given };
    for (const p of parametersOf(node)) {
      const name = parameterName(p);
      given.set(
        name,
        p.constraint ? this.#of(p.constraint, place) : unknown(`the type parameter '${name}'`),
      );
    }
    return this.#of(returnType, given.size > 0 ? place : { module });
  }

  #of(annotation: Node | null | undefined, place: Place): Kind {
    return annotation == null || annotation.type === "Noop"
      ? unknown("a part without a type")
      : this.#kind(annotation, place);
  }

  #kind(annotation: Node, place: Place): Kind {
    const type = annotation.type === "TSTypeAnnotation" ? annotation.typeAnnotation : annotation;
    // What a type means depends on what its parameters stand for.
    if (place.given) return this.#read(type, place);
    const known = this.#known.get(type);
    if (known) return known;
    this.#known.set(type, unknown(SELF));
    const kind = this.#read(type, place);
    this.#known.set(type, kind);
    return kind;
  }

  #read(type: Node, place: Place): Kind {
    const of = (node: Node | null | undefined): Kind => this.#of(node, place);
    switch (type.type) {
      case "TSNumberKeyword":
        return NUM;
      case "TSStringKeyword":
      case "TSBooleanKeyword":
      case "TSVoidKeyword":
      case "TSNullKeyword":
      case "TSUndefinedKeyword":
      case "TSBigIntKeyword":
      case "TSSymbolKeyword":
      case "TSNeverKeyword":
      case "TSTypePredicate":
        return INERT;
      case "TSLiteralType":
        return type.literal.type === "NumericLiteral" || type.literal.type === "UnaryExpression"
          ? NUM
          : INERT;
      case "TSArrayType":
        return { k: "array", of: of(type.elementType) };
      case "TSParenthesizedType":
      case "TSOptionalType":
        return of(type.typeAnnotation);
      case "TSTypeOperator":
        // The names of fields: text.
        if (type.operator === "keyof") return INERT;
        return type.operator === "readonly" ? of(type.typeAnnotation) : unknown("a type operator");
      case "TSNamedTupleMember":
        return of(type.elementType);
      case "TSTupleType":
        return this.#tuple(type, of);
      case "TSUnionType":
        return union(
          type.types.filter((p) => !/^TS(Undefined|Null|Void)Keyword$/.test(p.type)).map(of),
        );
      case "TSIntersectionType":
        return type.types.map(of).reduce(both);
      case "TSTypeLiteral":
        return this.#object(type.members, place);
      case "TSMappedType":
        return this.#mapped(type, place);
      case "TSTypeQuery":
        return this.#query(type, place);
      case "TSIndexedAccessType":
        return indexed(of(type.objectType), type.indexType);
      case "TSFunctionType": {
        const signature = type as types.TSFunctionType & { params?: Node[]; returnType?: Node };
        const params = (signature.parameters ?? signature.params ?? []) as types.Identifier[];
        if (params.some((p) => (p as Node).type === "RestElement"))
          return unknown("a function type with rest parameters");
        const returns = signature.typeAnnotation ?? signature.returnType;
        return { k: "fn", params: params.map((p) => of(p.typeAnnotation)), returns: of(returns) };
      }
      case "TSConditionalType":
        return union([of(type.trueType), of(type.falseType)]);
      case "TSThisType":
        return this.#self(type);
      case "TSTypeReference":
        return this.#reference(type, place);
      case "TSImportType":
        return this.#fromModule(type, place);
      case "TSAnyKeyword":
        return unknown("the type any");
      case "TSUnknownKeyword":
      case "TSObjectKeyword":
        return unknown(`the type ${type.type === "TSObjectKeyword" ? "object" : "unknown"}`);
      default:
        return isTemplate(type) ? INERT : unknown("a type that tangent code does not know");
    }
  }

  /** `typeof defaults`: of a variable of a file, what it is declared as or begins with. */
  #query({ exprName }: types.TSTypeQuery, place: Place): Kind {
    const found =
      exprName.type === "Identifier"
        ? this.modules.find(place.module, exprName.name, "functions")
        : undefined;
    if (found?.node.type !== "VariableDeclarator" || found.node.id.type !== "Identifier")
      return unknown("`typeof` what is no variable of a file");
    if (found.module === this.#home && this.#isBoundInside(found.node.id.name))
      return unknown("`typeof` a name of several variables");
    const at = { module: found.module };
    const { typeAnnotation } = found.node.id;
    return typeAnnotation
      ? this.#of(typeAnnotation, at)
      : kindAsWritten(found.node.init, (of) => this.#of(of, at));
  }

  /** Whether a name of the file stands for something else somewhere in it. */
  #isBoundInside(name: string): boolean {
    const { program } = this.context;
    let found = false;
    program.traverse({
      Scopable({ scope }) {
        found ||= scope !== program.scope && scope.hasOwnBinding(name);
      },
    });
    return found;
  }

  #self(type: Node): Kind {
    const name = this.#owners.get(type)?.id?.name;
    return name !== undefined && this.classes.get(name) === this.#owners.get(type)
      ? this.classKind(name)
      : unknown("the type 'this' outside a class of the file");
  }

  #tuple(type: types.TSTupleType, of: (node: Node) => Kind): Kind {
    // `[first: number, ...rest: number[]]`
    const isRest = (e: Node): boolean =>
      e.type === "TSRestType" || (e.type === "TSNamedTupleMember" && isRest(e.elementType));
    const parts = type.elementTypes.map((e) => (isRest(e) ? elementKind(of(restOf(e))) : of(e)));
    if (parts.length > 0 && parts.every((k) => k.k === "num")) return { k: "array", of: NUM };
    return type.elementTypes.some(isRest)
      ? { k: "array", of: parts.reduce(join) }
      : { k: "tuple", of: parts };
  }

  #reference(type: types.TSTypeReference, place: Place): Kind {
    const args = argumentsOf(type);
    const constraint = this.#constraints.get(type);
    if (constraint)
      return constraint.constraint
        ? this.#of(constraint.constraint, this.#placeOf(constraint))
        : unknown(`the type parameter '${parameterName(constraint)}'`);
    if (type.typeName.type !== "Identifier") {
      const { left, right } = type.typeName as types.TSQualifiedName;
      const found =
        left.type === "Identifier"
          ? this.modules.findIn(place.module, left.name, right.name)
          : undefined;
      return found
        ? this.#declared(right.name, found, args, place)
        : unknown("a type of another namespace");
    }
    const { name } = type.typeName;
    const given = place.given?.get(name);
    if (given) return given;
    if (place.module === this.#home && this.#hidden.has(name)) {
      const inner = this.#inner.get(type);
      if (inner) return this.#declared(name, { node: inner, module: this.#home }, args, place);
      return unknown(`the type '${name}', a name of several types of the file`);
    }
    const declared = this.modules.find(place.module, name);
    if (declared) return this.#declared(name, declared, args, place);
    return place.module.imported.has(name)
      ? unknown(`the imported type '${name}', whose declaration was not found`)
      : this.#global(name, args, place);
  }

  /** `import("./api.js").Name` */
  #fromModule(type: types.TSImportType, place: Place): Kind {
    const { argument, qualifier } = type as unknown as { argument: Node; qualifier?: Node | null };
    // A literal type in Babel 8.
    const source = argument.type === "TSLiteralType" ? argument.literal : argument;
    const found =
      source.type === "StringLiteral" && qualifier?.type === "Identifier"
        ? this.modules.findFrom(place.module, source.value, qualifier.name)
        : undefined;
    return found
      ? this.#declared((qualifier as types.Identifier).name, found, argumentsOf(type), place)
      : unknown("a type of another module");
  }

  /** A type of the language. */
  #global(name: string, args: readonly Node[], place: Place): Kind {
    const [first, second] = args;
    const of = (node: Node | undefined): Kind => this.#of(node, place);
    const held = globalClass(name);
    if (held === "floats") return { k: "floats", model: name };
    if (held === "integers" || held === "opaque") return INERT;
    // `Float64ArrayConstructor`: a class of the language.
    if (globalClass(name.replace(/Constructor$/, "")) && name.endsWith("Constructor")) return INERT;
    if (held === "array" && first) return { k: "array", of: of(first) };
    switch (first && name) {
      // Nothing of it is a field.
      case "Iterable":
        return { k: "object", fields: new Map() };
      case "Readonly":
      case "Required":
      case "NonNullable":
      // What is missing is undefined, as an optional field is.
      case "Partial":
        return of(first);
      case "ArrayLike": {
        const element = of(first);
        return element.k === "num" ? NUMBERS : { k: "array", of: element };
      }
      case "Pick":
      case "Omit": {
        const kind = of(first);
        const names = this.#names(second, place);
        if (kind.k !== "object" || names === undefined) break;
        const isKept = (n: string) => names.has(n) === (name === "Pick");
        return { k: "object", fields: new Map([...kind.fields].filter(([n]) => isKept(n))) };
      }
      case "Record": {
        const names = this.#names(first, place);
        const kind = of(second);
        if (names) return { k: "object", fields: new Map([...names].map((n) => [n, kind])) };
        break;
      }
    }
    return unknown(`the type '${name}', which tangent code does not know`);
  }

  /** The words of a union of literal types. */
  #names(type: Node | undefined, place: Place): Set<string> | undefined {
    if (type?.type === "TSLiteralType")
      return type.literal.type === "StringLiteral" ? new Set([type.literal.value]) : undefined;
    if (type?.type === "TSUnionType") {
      const parts = type.types.map((t) => this.#names(t, place));
      return parts.every((p) => p !== undefined)
        ? new Set(parts.flatMap((p) => [...p]))
        : undefined;
    }
    if (type?.type === "TSTypeReference" && type.typeName.type === "Identifier") {
      if (place.module === this.#home && this.#hidden.has(type.typeName.name)) return undefined;
      const found = this.modules.find(place.module, type.typeName.name);
      if (found?.node.type === "TSTypeAliasDeclaration" && !found.node.typeParameters)
        return this.#names(found.node.typeAnnotation, { module: found.module });
    }
    if (type?.type === "TSTypeOperator" && type.operator === "keyof") {
      const kind = this.#of(type.typeAnnotation, place);
      return kind.k === "object" ? new Set(kind.fields.keys()) : undefined;
    }
    return undefined;
  }

  #declared(name: string, { node, module }: Declared, args: readonly Node[], from: Place): Kind {
    const borrowed = this.context.borrowed?.of(node);
    if (borrowed) return this.#borrowed(borrowed.name, name, node, module);
    const implemented = isClass(node) ? this.#declarations.classOf(node) : undefined;
    if (implemented !== undefined) return this.#borrowed(implemented, name, node, module);
    const parameters = parametersOf(node);
    if (parameters.length === 0) {
      const known = this.#known.get(node);
      if (known) return known;
      this.#known.set(node, unknown(`the type '${name}', which contains itself`));
      const kind = this.#declaration(name, node, { module });
      this.#known.set(node, kind);
      return kind;
    }
    if (this.#open.has(node)) return unknown(`the type '${name}', which contains itself`);
    const place = { module, given: this.#given(parameters, args, from, module) };
    this.#open.add(node);
    const kind = this.#declaration(name, node, place);
    this.#open.delete(node);
    return kind;
  }

  /** What type parameters stand for. */
  #given(
    parameters: readonly types.TSTypeParameter[],
    args: readonly Node[],
    from: Place,
    module: TypeModule,
  ): Map<string, Kind> {
    const given = new Map<string, Kind>();
    for (const [i, p] of parameters.entries()) {
      const arg = args[i];
      const fallback = p.default ?? p.constraint;
      given.set(
        parameterName(p),
        arg
          ? this.#of(arg, from)
          : fallback
            ? this.#of(fallback, { module, given })
            : unknown(`the type parameter '${parameterName(p)}'`),
      );
    }
    return given;
  }

  #declaration(name: string, node: Node, place: Place): Kind {
    switch (node.type) {
      case "TSTypeAliasDeclaration":
        return this.#of(node.typeAnnotation, place);
      case "TSInterfaceDeclaration":
        return this.#interface(node, place);
      case "TSEnumDeclaration":
        return enumKind(node);
      default:
        if (!isClass(node)) return INERT;
        return place.module === this.#home
          ? this.#class(name, node)
          : this.#instance(name, node, place);
    }
  }

  /** A class of another file that stands in this one: of some not more is known than of other classes there. */
  #borrowed(name: string, written: string, node: Node, module: TypeModule): Kind {
    const kind = this.classKind(name);
    if (kind.k !== "unknown" || !isClass(node)) return kind;
    let outside = this.#outside.get(node);
    if (outside === undefined) {
      this.#outside.set(node, kind);
      outside = this.#instance(written, node, {
        module: this.context.borrowed?.moduleOf(node) ?? module,
      });
      this.#outside.set(node, outside);
    }
    return outside;
  }
  readonly #outside = new Map<Node, Kind>();

  /**
   * An instance of a class of another file, where all its fields are numbers or made of numbers. What is
   * read and written are fields that it has by itself, whatever class it is of; its methods are not known.
   */
  #instance(name: string, node: types.Class, place: Place): Kind {
    const fields = this.#fieldsOf(node, place);
    return fields && [...fields.values()].some((of) => of.k !== "unknown" && of.k !== "inert")
      ? { k: "object", fields, className: OTHERS }
      : unknown(`an instance of the class '${name}' of another file`);
  }

  /** The fields of instances of a class of another file; undefined where not all of their names are known. */
  #fieldsOf(node: types.Class, place: Place): Map<string, Kind> | undefined {
    const fields = new Map<string, Kind>();
    if (node.superClass) {
      const inherited = this.#inherited(node.superClass, place);
      if (inherited === undefined) return undefined;
      for (const [key, of] of inherited) fields.set(key, of);
    }
    for (const member of node.body.body) {
      if (member.type === "TSIndexSignature") return undefined;
      if (member.type === "ClassProperty" && !member.static) {
        const key = staticKey(member as never);
        if (key === undefined) return undefined;
        fields.set(
          key,
          member.typeAnnotation
            ? this.#of(member.typeAnnotation, place)
            : isNumber(member.value)
              ? NUM
              : member.value && isWord(member.value)
                ? INERT
                : unknown(`the field '${key}' without a type`),
        );
      }
      if (member.type !== "ClassMethod" || member.kind !== "constructor") continue;
      for (const p of member.params) {
        if (p.type !== "TSParameterProperty") continue;
        const id = (
          p.parameter.type === "AssignmentPattern" ? p.parameter.left : p.parameter
        ) as types.Identifier;
        const hasNumber = p.parameter.type === "AssignmentPattern" && isNumber(p.parameter.right);
        fields.set(
          id.name,
          !id.typeAnnotation && hasNumber ? NUM : this.#of(id.typeAnnotation, place),
        );
      }
    }
    return new Map([...fields].map(([key, of]) => [key, isOfNumbers(of) ? of : asUnknown(of)]));
  }

  #inherited(parent: Node, place: Place): Map<string, Kind> | undefined {
    const found =
      parent.type === "Identifier" ? this.modules.find(place.module, parent.name) : undefined;
    if (!isClass(found?.node) || found.module === this.#home || this.#open.has(found.node))
      return undefined;
    this.#open.add(found.node);
    const fields = this.#fieldsOf(found.node, { module: found.module });
    this.#open.delete(found.node);
    return fields;
  }

  #interface(node: types.TSInterfaceDeclaration, place: Place): Kind {
    const others = place.module.merged.get(node) ?? [];
    if (others.some((o) => o.type !== "TSInterfaceDeclaration"))
      return unknown(`the type '${node.id.name}', which is declared as different things`);
    const all = [node, ...(others as types.TSInterfaceDeclaration[])];
    const own = this.#object(
      all.flatMap((n) => n.body.body),
      place,
    );
    // `interface Vec extends ArrayLike<number> {}`
    return all
      .flatMap((n) => n.extends ?? [])
      .map((parent) => this.#parent(parent as Node, place))
      .reduce((kind, parent) => {
        if (isList(parent)) return parent;
        return isList(kind) ? kind : both(parent, kind);
      }, own);
  }

  #parent(parent: Node, place: Place): Kind {
    const { expression } = parent as types.TSExpressionWithTypeArguments;
    if (expression.type !== "Identifier") return unknown("a type of another namespace");
    const args = argumentsOf(parent);
    const given = place.given?.get(expression.name);
    if (given) return given;
    const found = this.modules.find(place.module, expression.name);
    if (found) return this.#declared(expression.name, found, args, place);
    return this.#global(expression.name, args, place);
  }

  #object(members: readonly Node[], place: Place): Kind {
    const fields = new Map<string, Kind>();
    for (const member of members) {
      if (member.type === "TSIndexSignature") {
        // Numbers by position: a list of any make.
        const [by] = (member.parameters ?? []) as types.Identifier[];
        const isList = by && this.#of(by.typeAnnotation, place).k === "num";
        return isList && this.#of(member.typeAnnotation, place).k === "num"
          ? NUMBERS
          : unknown("an object type with an index signature");
      }
      if (member.type === "TSCallSignatureDeclaration" || member.type.startsWith("TSConstruct"))
        return unknown("an object type that can be called");
      const key = staticKey(member as never);
      if (member.type === "TSMethodSignature") {
        if (key !== undefined) fields.set(key, unknown(`the method '${key}' of an object type`));
        continue;
      }
      if (member.type !== "TSPropertySignature") return unknown("an object type of its own kind");
      if (key === undefined) return unknown("a field whose name is computed");
      fields.set(key, asField(this.#of(member.typeAnnotation, place)));
    }
    return { k: "object", fields };
  }

  #mapped(type: types.TSMappedType, place: Place): Kind {
    const mapped = type as types.TSMappedType & { constraint?: Node };
    const by = mapped.constraint ?? (mapped.typeParameter as types.TSTypeParameter)?.constraint;
    const names = this.#names(by ?? undefined, place);
    const of = this.#of(type.typeAnnotation, place);
    return names && whyUnknown(of) === undefined
      ? { k: "object", fields: new Map([...names].map((n) => [n, of])) }
      : unknown("a mapped type");
  }

  /** An instance of a class of this file. */
  classKind(name: string): Kind {
    const node = this.classes.get(name);
    if (node === undefined) return unknown(`the class '${name}'`);
    const known = this.#known.get(node);
    if (known) return known;
    this.#known.set(node, unknown(`the class '${name}', which contains itself`));
    const kind = this.#class(name, node);
    this.#known.set(node, kind);
    return kind;
  }

  #class(name: string, node: types.Class): Kind {
    if (this.#changed.has(name)) return unknown(`the class '${name}', which is changed later`);
    const place = this.#placeOf(node);
    const fields = new Map<string, Kind>();
    if (node.superClass) {
      const parent = this.#parentKind(node.superClass, place);
      if (parent?.k !== "object") return unknown(`the class '${name}', which extends another`);
      for (const [key, of] of parent.fields) fields.set(key, of);
    }
    for (const member of node.body.body) {
      if (member.type === "ClassPrivateProperty" && !member.static)
        return unknown(`the class '${name}', which has private fields`);
      if (member.type === "ClassProperty" && !member.static) {
        const key = staticKey(member as never);
        if (key === undefined) return unknown(`a field of the class '${name}' without a name`);
        fields.set(
          key,
          member.typeAnnotation
            ? asField(this.#of(member.typeAnnotation, place))
            : (this.#literal(member.value) ?? this.#untyped(node, key, member)),
        );
      }
      if (member.type === "ClassMethod" && member.kind === "constructor") {
        for (const p of member.params) {
          if (p.type !== "TSParameterProperty") continue;
          const id = (
            p.parameter.type === "AssignmentPattern" ? p.parameter.left : p.parameter
          ) as types.Identifier;
          fields.set(id.name, id.typeAnnotation ? this.#of(id.typeAnnotation, place) : NUM);
        }
        this.#stored(node, member, fields, place);
      }
    }
    if (
      this.ancestry(name).some((c) => [...membersOf(c).methods.keys()].some((k) => fields.has(k)))
    )
      return unknown(`the class '${name}', whose constructor writes where it has a method`);
    return { k: "object", fields, className: name };
  }

  /** A class and those of the file that it extends. */
  ancestry(name: string): types.Class[] {
    const found: types.Class[] = [];
    for (let c = this.classes.get(name); c && !found.includes(c); ) {
      found.push(c);
      c = c.superClass?.type === "Identifier" ? this.classes.get(c.superClass.name) : undefined;
    }
    return found;
  }

  #parentKind(parent: Node, place: Place): Kind | undefined {
    if (parent.type !== "Identifier" || this.#hidden.has(parent.name)) return undefined;
    const own = this.classes.get(parent.name);
    if (own) {
      const kind = this.classKind(parent.name);
      if (kind.k === "object" || !this.context.isBorrowed(own)) return kind;
      const fields = this.#fieldsOf(own, this.#placeOf(own));
      return fields && { k: "object", fields };
    }
    const fields = this.#inherited(parent, place);
    return fields && { k: "object", fields };
  }

  /**
   * A member of instances of a class, by its name. Not one of a class above that the others change
   * something of: what it does with `this` would be another one's.
   */
  memberOf(
    name: string,
    key: string,
    passes: (m: types.ClassMethod) => boolean,
  ): types.ClassMethod | undefined {
    const line = this.ancestry(name);
    const own = new Set<string>();
    for (const [i, c] of line.entries()) {
      const { keys, methods } = membersOf(c);
      const found = methods.get(key)?.find(passes);
      if (found) {
        const isChanged =
          own.size > 0 && line.slice(i).some((a) => [...membersOf(a).keys].some((k) => own.has(k)));
        return isChanged ? undefined : found;
      }
      for (const k of keys) own.add(k);
    }
    return undefined;
  }

  /** Fields that are not declared, by what the constructor stores in them. */
  #stored(
    definition: types.Class,
    f: types.ClassMethod,
    fields: Map<string, Kind>,
    place: Place,
  ): void {
    const given = (name: string): Kind | undefined => {
      for (const p of f.params) {
        const id = p.type === "AssignmentPattern" ? p.left : p;
        if (id.type !== "Identifier" || id.name !== name) continue;
        // Read only where it is needed: it may name the class itself.
        if (id.typeAnnotation) return asField(this.#of(id.typeAnnotation, place));
      }
      return this.#literal(defaultsOf(f).get(name));
    };
    for (const statement of f.body.body) {
      const store = statement.type === "ExpressionStatement" ? statement.expression : undefined;
      if (store?.type !== "AssignmentExpression" || store.operator !== "=") continue;
      const { left, right } = store;
      if (left.type !== "MemberExpression" || left.object.type !== "ThisExpression") continue;
      const key = staticKey({ key: left.property, computed: left.computed });
      if (key === undefined || key.startsWith("#") || fields.has(key)) continue;
      const kind = right.type === "Identifier" ? given(right.name) : this.#literal(right);
      fields.set(key, kind ?? this.#untyped(definition, key, statement));
    }
    // What is stored on some ways only is a field where it is declared as one.
    this.context.t.traverseFast(f.body, (n) => {
      if (n.type !== "AssignmentExpression" || n.left.type !== "MemberExpression") return;
      if (n.left.object.type !== "ThisExpression") return;
      const key = staticKey({ key: n.left.property, computed: n.left.computed });
      if (key === undefined || fields.has(key)) return;
      const declared = this.#declaredField(definition, key);
      if (declared) fields.set(key, asField(declared));
    });
  }

  /** A field that neither a type nor a literal tells of: by the comment at it, or by what methods do with it. */
  #untyped(definition: types.Class, key: string, at: Node): Kind {
    const comment = commentsBefore(at).at(-1);
    const text = comment?.type === "CommentBlock" ? typeInComment(comment.value) : undefined;
    const documented =
      text === undefined ? this.#declaredField(definition, key) : this.ofComment(text, at);
    return (
      (documented && asField(documented)) ??
      fieldByUse(this.context, definition, key) ??
      unknown(`the field '${key}' without a type`)
    );
  }

  #declaredField(definition: types.Class, key: string): Kind | undefined {
    const written = this.#declarations.field(definition, key);
    const kind = written && this.#of(written.type, { module: written.module });
    return kind?.k === "unknown" ? undefined : kind;
  }

  /** The kind of a value that is one of two, of which one tells it. */
  #default(a: Node, b: Node): Kind | undefined {
    const [one, other] = [this.#literal(a), this.#literal(b)];
    if (one === undefined || other === undefined) return one ?? other;
    return one.k === "num" && other.k === "num" ? NUM : undefined;
  }

  /** The kind of a value that tells it by itself. */
  #literal(value: Node | null | undefined): Kind | undefined {
    if (isNumber(value)) return NUM;
    switch (value?.type) {
      case "StringLiteral":
      case "BooleanLiteral":
        return INERT;
      case "ArrayExpression": {
        const parts = value.elements.map((e) => this.#literal(e));
        const [of] = parts;
        return of && parts.every((p) => p && (of.k === "num" ? p.k === "num" : isListOfNumbers(p)))
          ? { k: "array", of }
          : undefined;
      }
      case "NewExpression": {
        if (value.callee.type !== "Identifier") return undefined;
        const { name } = value.callee;
        if (this.classes.has(name)) return asField(this.classKind(name));
        const isOwn = this.#home.imported.has(name) || this.#home.functions.has(name);
        return !isOwn && globalClass(name) === "floats" ? { k: "floats", model: name } : undefined;
      }
      // What is taken where nothing is given: `radius !== undefined ? radius : 1`, `options.mass || 1`.
      case "ConditionalExpression":
        return this.#default(value.consequent, value.alternate);
      case "LogicalExpression":
        return value.operator === "&&" ? undefined : this.#default(value.left, value.right);
      default:
        return undefined;
    }
  }
}

const firstOf = <T, R>(list: readonly T[], find: (of: T) => R | undefined): R | undefined => {
  for (const of of list) {
    const found = find(of);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** A field of which something is not known is as long as it is not looked at. */
function asField(kind: Kind): Kind {
  const why = kind.k === "object" ? undefined : whyUnknown(kind);
  return why === undefined ? kind : unknown(why);
}

/**
 * The kind of a union. Where a number is one of several, what is no number has no tangent; the others
 * must go together. What a value is of these is seen when the program runs.
 */
function union(parts: readonly Kind[]): Kind {
  const [first] = parts;
  if (first === undefined || parts.every((p) => p.k === "inert")) return INERT;
  if (parts.every((p) => p.k === "num" || p.k === "inert")) return NUM;
  if (parts.length === 1) return first;
  const notKnown = parts.map(whyUnknown).find((why) => why !== undefined);
  if (notKnown !== undefined) return unknown(notKnown);
  const isList = (p: Kind) => p.k === "floats" || (p.k === "array" && p.of.k === "num");
  const isAlike =
    parts.every((p) => p.k === "object") ||
    parts.every((p) => p.k === "array" || p.k === "tuple") ||
    parts.every((p) => p.k === "fn");
  if (isAlike) {
    const kind = parts.reduce<Kind>(join, BOTTOM);
    return whyUnknown(kind) === undefined ? kind : severalOf(parts);
  }
  // Typed arrays of integers are inert: such an argument takes the dual form.
  return parts.some(isList) && parts.every((p) => isList(p) || p.k === "inert")
    ? parts.every((p) => p.k === "floats" && p.model === (first as { model?: string }).model)
      ? first
      : NUMBERS
    : severalOf(parts);
}

function severalOf(parts: readonly Kind[]): Kind {
  const lists = parts.filter(isList);
  const kind = oneOf(
    lists.length > 1 && lists.length < parts.length
      ? [...parts.filter((p) => !isList(p)), union(lists)]
      : parts,
  );
  return kind.k === "unknown" ? unknown("a union of different shapes") : kind;
}

/** The kind of an intersection: all fields of both; a number with a brand is a number. */
function both(a: Kind, b: Kind): Kind {
  if (a.k === "num" || b.k === "num") return NUM;
  if (a.k === "unknown") return a;
  if (b.k === "unknown") return b;
  if (isList(a) && isFieldless(b)) return a;
  if (isList(b) && isFieldless(a)) return b;
  if (a.k === "object" && b.k === "object" && !a.className && !b.className)
    return { k: "object", fields: new Map([...a.fields, ...b.fields]) } satisfies ObjectKind;
  return unknown("an intersection of types");
}

const isList = (k: Kind): boolean => k.k === "array" || k.k === "floats" || k.k === "tuple";

const isListOfNumbers = (k: Kind): boolean => k.k === "array" && k.of.k === "num";

const isOfNumbers = (k: Kind): boolean =>
  k.k === "num" ||
  k.k === "inert" ||
  k.k === "floats" ||
  (k.k === "array" && isOfNumbers(k.of)) ||
  (k.k === "object" && [...k.fields.values()].every(isOfNumbers));

/** What an instance of a class of another file holds that is not made of numbers is not looked into. */
const asUnknown = (kind: Kind): Kind =>
  unknown(whyUnknown(kind) ?? "a field of an instance of a class of another file");

const isFieldless = (k: Kind): boolean => k.k === "object" && k.fields.size === 0;

function indexed(kind: Kind, index: Node): Kind {
  if (index.type === "TSNumberKeyword") return elementKind(kind);
  return index.type === "TSLiteralType" && index.literal.type === "StringLiteral"
    ? fieldKind(kind, index.literal.value)
    : unknown("an indexed type");
}

/** Values of an enum are numbers or words. */
const enumKind = (node: types.TSEnumDeclaration): Kind => {
  const members = node.members ?? node.body?.members ?? [];
  return members.every((m) => m.initializer?.type === "StringLiteral") ? INERT : NUM;
};

const isNumber = (value: Node | null | undefined): boolean =>
  value?.type === "NumericLiteral" ||
  (value?.type === "UnaryExpression" && value.argument.type === "NumericLiteral");

/** A type of a documentation comment in the syntax of TypeScript. */
const inTypeScript = (text: string): string =>
  text
    .replaceAll(".<", "<")
    .replace(/^[?!]|[=!]$/g, "")
    .replace(/\b(Number|String|Boolean)\b/g, (name) => name.toLowerCase());

const isTemplate = (type: Node): boolean => type.type === "TSTemplateLiteralType";

const restOf = (e: Node): Node =>
  e.type === "TSNamedTupleMember"
    ? restOf(e.elementType)
    : e.type === "TSRestType"
      ? e.typeAnnotation
      : e;

// Babel 8 calls them otherwise.
function argumentsOf(node: Node): readonly Node[] {
  const generic = node as {
    typeArguments?: { params: Node[] } | null;
    typeParameters?: { params: Node[] } | null;
  };
  return (generic.typeArguments ?? generic.typeParameters)?.params ?? [];
}

const parametersOf = (node: Node): readonly types.TSTypeParameter[] => {
  const generic = node as { typeParameters?: { params?: types.TSTypeParameter[] } | null };
  return isClass(node) ? [] : (generic.typeParameters?.params ?? []);
};

// A string in Babel 7, an identifier in Babel 8.
const parameterName = (p: types.TSTypeParameter): string => {
  const name = p.name as unknown as string | types.Identifier;
  return typeof name === "string" ? name : name.name;
};

/** The alias or interface that a name stands for, where that is all it may stand for. */
function declaredAround(path: NodePath, name: string): Node | undefined {
  for (let p = path.parentPath; p; p = p.parentPath) {
    const { node } = p;
    const hasOwn =
      (isFunction(node) || node.type.startsWith("TS")) &&
      parametersOf(node).some((q) => q.type === "TSTypeParameter" && parameterName(q) === name);
    if (hasOwn || (isClass(node) && node.id?.name === name)) return undefined;
    const body =
      node.type === "BlockStatement" || node.type === "Program" || node.type === "TSModuleBlock"
        ? (node.body as readonly Node[])
        : [];
    const own = body
      .map((s) => ("declaration" in s && s.declaration ? (s.declaration as Node) : s))
      .filter((s) => "id" in s && (s.id as types.Identifier | null)?.name === name);
    const [only] = own;
    if (only === undefined) continue;
    const isType = only.type === "TSTypeAliasDeclaration" || only.type === "TSInterfaceDeclaration";
    return isType && own.length === 1 && p.node.type !== "Program" ? only : undefined;
  }
  return undefined;
}

/** The names of types and classes that are declared elsewhere than at the top of the file. */
function hiddenNames({ t, program }: ModuleContext): Set<string> {
  const top = new Set<Node>();
  for (const statement of program.node.body) {
    top.add(statement);
    if ("declaration" in statement && statement.declaration) top.add(statement.declaration);
  }
  const found = new Set<string>();
  t.traverseFast(program.node, (node) => {
    const isType =
      node.type === "TSTypeAliasDeclaration" ||
      node.type === "TSInterfaceDeclaration" ||
      node.type === "TSEnumDeclaration" ||
      isClass(node);
    if (isType && node.id && !top.has(node)) found.add((node.id as types.Identifier).name);
  });
  return found;
}
