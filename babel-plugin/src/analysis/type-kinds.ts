import type { NodePath, types } from "@babel/core";
import { isClass, staticKey } from "../ast.ts";
import { globalClass } from "../language/globals.ts";
import { INERT, type Kind, NUM, unknown } from "./kind.ts";

type Node = types.Node;

/** The kinds that TypeScript's annotations stand for, with the aliases, interfaces and classes of the file. */
export class TypeKinds {
  readonly #declared = new Map<string, Node>();
  readonly classes = new Map<string, types.Class>();
  readonly #known = new Map<Node, Kind>();

  constructor(program: NodePath<types.Program>) {
    for (const statement of program.node.body) {
      const node =
        (statement.type === "ExportNamedDeclaration" ||
          statement.type === "ExportDefaultDeclaration") &&
        statement.declaration
          ? statement.declaration
          : statement;
      if (
        node.type === "TSTypeAliasDeclaration" ||
        node.type === "TSInterfaceDeclaration" ||
        node.type === "TSEnumDeclaration"
      ) {
        this.#declared.set(node.id.name, node);
      }
      if (isClass(node) && node.id) {
        this.#declared.set(node.id.name, node);
        this.classes.set(node.id.name, node);
      }
    }
  }

  /** The kind of an annotation `: type`, or of a type itself. */
  of(annotation: Node | null | undefined): Kind | undefined {
    if (annotation == null || annotation.type === "Noop") return undefined;
    const type = annotation.type === "TSTypeAnnotation" ? annotation.typeAnnotation : annotation;
    const known = this.#known.get(type);
    if (known) return known;
    this.#known.set(type, unknown("a type that contains itself"));
    const kind = this.#read(type);
    this.#known.set(type, kind);
    return kind;
  }

  #read(type: Node): Kind {
    const of = (node: Node | null | undefined): Kind =>
      this.of(node) ?? unknown("a part without a type");
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
        return type.operator === "readonly" ? of(type.typeAnnotation) : unknown("a type operator");
      case "TSNamedTupleMember":
        return of(type.elementType);
      case "TSTupleType": {
        const parts = type.elementTypes.map(of);
        return parts.every((k) => k.k === "num") && parts.length > 0
          ? { k: "array", of: NUM }
          : { k: "tuple", of: parts };
      }
      case "TSUnionType": {
        const parts = type.types
          .filter((p) => p.type !== "TSUndefinedKeyword" && p.type !== "TSNullKeyword")
          .map(of);
        if (parts.length === 1) return parts[0] as Kind;
        return parts.every((p) => p.k === "inert")
          ? INERT
          : parts.every((p) => p.k === "num")
            ? NUM
            : unknown("a union type");
      }
      case "TSTypeLiteral":
        return this.#object(type.members);
      case "TSFunctionType": {
        const signature = type as types.TSFunctionType & { params?: Node[]; returnType?: Node };
        const params = (signature.parameters ?? signature.params ?? []) as types.Identifier[];
        const returns = signature.typeAnnotation ?? signature.returnType;
        return { k: "fn", params: params.map((p) => of(p.typeAnnotation)), returns: of(returns) };
      }
      case "TSTypeReference":
        return this.#reference(type);
      default:
        return unknown("a type that tangent code does not know");
    }
  }

  #reference(type: types.TSTypeReference): Kind {
    if (type.typeName.type !== "Identifier") return unknown("a type of another namespace");
    const { name } = type.typeName;
    const generic = type as types.TSTypeReference & {
      typeArguments?: types.TSTypeParameterInstantiation;
    };
    const [parameter] = (generic.typeArguments ?? generic.typeParameters)?.params ?? [];
    const declared = this.#declared.get(name);
    if (declared === undefined) {
      const held = globalClass(name);
      if (held === "floats") return { k: "floats", model: name };
      if (held === "integers" || held === "opaque") return INERT;
      if (held === "array" && parameter) return { k: "array", of: this.of(parameter) as Kind };
      if (name === "Readonly" && parameter) return this.of(parameter) as Kind;
      return unknown(`the type ${name}, which is not declared in this file`);
    }
    if (parameter) return unknown(`the generic type ${name}`);
    const known = this.#known.get(declared);
    if (known) return known;
    this.#known.set(declared, unknown(`the type ${name}, which contains itself`));
    const kind = this.#declaration(name, declared);
    this.#known.set(declared, kind);
    return kind;
  }

  #declaration(name: string, node: Node): Kind {
    if (node.type === "TSTypeAliasDeclaration") {
      return node.typeParameters
        ? unknown(`the generic type ${name}`)
        : (this.of(node.typeAnnotation) as Kind);
    }
    if (node.type === "TSInterfaceDeclaration") {
      if (node.extends?.length || node.typeParameters)
        return unknown(`the interface ${name}, which extends another or is generic`);
      return this.#object(node.body.body);
    }
    return isClass(node) ? this.#class(name, node) : INERT;
  }

  #object(members: readonly Node[]): Kind {
    const fields = new Map<string, Kind>();
    for (const member of members) {
      if (member.type !== "TSPropertySignature")
        return unknown("an object type with methods or an index signature");
      const key = staticKey(member as never);
      const kind = this.of(member.typeAnnotation);
      if (key === undefined || kind === undefined) return unknown("a field without a type");
      fields.set(key, kind);
    }
    return { k: "object", fields };
  }

  /** An instance of a class of this file. */
  classKind(name: string): Kind {
    const node = this.classes.get(name);
    if (node === undefined) return unknown(`the class ${name}`);
    const known = this.#known.get(node);
    if (known) return known;
    this.#known.set(node, unknown(`the class ${name}, which contains itself`));
    const kind = this.#class(name, node);
    this.#known.set(node, kind);
    return kind;
  }

  #class(name: string, node: types.Class): Kind {
    if (node.superClass) return unknown(`the class ${name}, which extends another`);
    for (const other of this.classes.values()) {
      if (other.superClass?.type === "Identifier" && other.superClass.name === name)
        return unknown(`the class ${name}, which others extend`);
    }
    const fields = new Map<string, Kind>();
    for (const member of node.body.body) {
      if (member.type === "ClassPrivateProperty" && !member.static)
        return unknown(`the class ${name}, which has private fields`);
      if (member.type === "ClassProperty" && !member.static) {
        const key = staticKey(member as never);
        const literal = member.value?.type === "NumericLiteral" ? NUM : undefined;
        const kind = this.of(member.typeAnnotation) ?? literal;
        if (key === undefined || kind === undefined)
          return unknown(`a field of the class ${name} without a type`);
        fields.set(key, kind);
      }
      if (member.type === "ClassMethod" && member.kind === "constructor") {
        for (const p of member.params) {
          if (p.type !== "TSParameterProperty") continue;
          const id = (
            p.parameter.type === "AssignmentPattern" ? p.parameter.left : p.parameter
          ) as types.Identifier;
          fields.set(id.name, this.of(id.typeAnnotation) ?? NUM);
        }
      }
    }
    return { k: "object", fields, className: name };
  }
}
