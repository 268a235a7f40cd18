import type { NodePath, types } from "@babel/core";
import { membersOf } from "../analysis/class-members.ts";
import { hiddenCallsIn } from "../analysis/hidden-calls.ts";
import { knowsItself } from "../analysis/own-name.ts";
import { type FunctionNode, staticKey } from "../ast.ts";
import { ownClasses } from "../borrowed/own-classes.ts";
import { codeSeenElsewhere } from "../borrowed/seen.ts";
import { Refusal } from "../diagnostics.ts";
import { withFunctions } from "../lower/print.ts";
import { isImplicit, type Marks } from "../marks/marked-functions.ts";
import type { ModuleContext } from "../module-context.ts";
import { resolveClass } from "../resolve.ts";
import type { TangentForm, TangentForms } from "../tangent/module.ts";
import { at, type Companions, DualEmitter } from "./dual.ts";
import { type Formula, FusedFormulas } from "./fused.ts";

type Node = types.Node;

/** A marked function with the code that was written for it; nothing of the file is changed yet. */
interface Written {
  readonly path: NodePath<FunctionNode>;
  readonly dual: { params: FunctionNode["params"]; body: types.BlockStatement };
  readonly tangent: TangentForm | undefined;
}

/**
 * Puts twins beside the marked functions. All code is written from the untouched file first, so that
 * one twin never contains another; then it is attached.
 */
export class Attacher implements Companions {
  #members: ReadonlySet<string> | undefined;
  readonly #fused: FusedFormulas;
  readonly #names = new Map<Node, string>();
  /** The functions that are all that a declaration declares. */
  readonly #declared = new Map<Node, FunctionNode>();
  readonly #written: Written[] = [];
  readonly #closures: { path: NodePath<FunctionNode>; twin: types.Expression }[] = [];
  readonly #classEdits: (() => void)[] = [];

  constructor(
    private readonly context: ModuleContext,
    private readonly marks: Marks,
    private readonly tangents: TangentForms,
    /** What else the twins of functions hold. */
    private readonly extra: ReadonlyMap<Node, readonly types.ObjectProperty[]>,
    /** The links to classes of other files that the forms of a function stand on. */
    private readonly standsOn: (f: FunctionNode) => readonly string[],
    /** The tangent forms of functions that marked ones give back. */
    private readonly handedOut?: TangentForms,
  ) {
    this.#fused = new FusedFormulas(context);
  }

  run(): void {
    const isOwn = (path: NodePath) => !this.context.isBorrowed(path.node);
    const functions = [...this.marks.functions.values()];
    for (const path of functions.filter(isOwn)) {
      const declarator = this.#soleDeclarator(path)?.node;
      if (declarator) this.#declared.set(declarator, path.node);
      this.#reserveName(path);
    }
    for (const path of functions.filter(isOwn)) this.#write(path);
    for (const path of this.marks.classes.values()) if (isOwn(path)) this.#writeClass(path);
    for (const path of this.marks.closures.values()) this.#writeClosure(path);
    // Inner ones first: what surrounds them is moved as a whole.
    for (const { path, twin } of this.#closures.toReversed()) this.#attachClosure(path, twin);
    for (const written of this.#written.toReversed()) this.#attach(written);
    for (const edit of this.#classEdits) edit();
    this.context.program.node.body.push(...this.#borrowedForms(functions));
    this.context.program.node.body.push(...this.#fused.functions);
  }

  /** Forms of methods of other files, for those of this file that call them. */
  #borrowedForms(functions: readonly NodePath<FunctionNode>[]): types.Statement[] {
    return functions.flatMap(({ node }) => {
      const form = this.context.isBorrowed(node) ? this.tangents.forms.get(node) : undefined;
      return form ? [this.#tangentDeclaration(form, node)] : [];
    });
  }

  // ---- names

  #reserveName(path: NodePath<FunctionNode>): void {
    const { node } = path;
    const declared = this.#declaredName(path);
    const key = isMethod(node)
      ? (staticKey(node as never)
          ?.replace(/[^\w$]/g, "")
          .replace(/^\d/, "_$&") ?? "method")
      : declared;
    if (key !== undefined) this.#names.set(node, this.#unusedName(`${key}$dual`));
  }

  #unusedName(name: string): string {
    const { scope } = this.context.program;
    if (
      scope.hasBinding(name) ||
      scope.hasGlobal(name) ||
      scope.hasReference(name) ||
      this.#taken.has(name)
    ) {
      const other = this.context.uid(name);
      return this.#taken.has(other) ? this.#unusedName(other) : this.#take(other);
    }
    return this.#take(name);
  }

  #take(name: string): string {
    this.#taken.add(name);
    return name;
  }
  readonly #taken = new Set<string>();

  /** The name that a twin is declared by: of a function declaration, or of a `const` in a list of statements. */
  #declaredName(path: NodePath<FunctionNode>): string | undefined {
    const { node } = path;
    if (node.type === "FunctionDeclaration") return node.id?.name ?? "default";
    if (knowsItself(this.context, node)) return undefined;
    const declarator = this.#soleDeclarator(path);
    return declarator?.node.id.type === "Identifier" ? declarator.node.id.name : undefined;
  }

  #soleDeclarator(path: NodePath<FunctionNode>): NodePath<types.VariableDeclarator> | undefined {
    const declarator = path.findParent(
      (p) => !p.isTSAsExpression() && !p.isTSSatisfiesExpression() && !p.isTSNonNullExpression(),
    );
    if (declarator?.node.type !== "VariableDeclarator" || declarator.node.id.type !== "Identifier")
      return undefined;
    const binding = this.context.bindings.get(declarator.node.id);
    const declaration = declarator.parentPath as NodePath<types.VariableDeclaration>;
    const inList = statementOf(declaration).listKey === "body";
    return binding?.constant && inList
      ? (declarator as NodePath<types.VariableDeclarator>)
      : undefined;
  }

  dualName(id: Node): string | undefined {
    const binding = this.context.bindings.get(id);
    if (!binding?.constant) return undefined;
    const { node } = binding.path;
    if (node.type === "FunctionDeclaration") return this.#names.get(node);
    if (node.type !== "VariableDeclarator" || node.id !== binding.identifier || !node.init)
      return undefined;
    return this.#names.get(this.#declared.get(node) as Node);
  }

  mayLeaveOutside(f: Node): boolean {
    const { functions, classes, closures, lenient } = this.marks;
    const path = functions.get(f as never) ?? closures.get(f as never) ?? classes.get(f as never);
    return path?.find((p: NodePath) => lenient.has(p.node)) != null;
  }

  isNumber(node: Node): boolean {
    return this.tangents.isNumber(node);
  }

  fusedName(formula: Formula, operands: number): string {
    return this.#fused.nameOf(formula, operands);
  }

  privateDualName(method: Node): string | undefined {
    return this.#names.get(method);
  }

  isMarkedClass(id: Node): boolean {
    const path = resolveClass(this.context, id);
    return path !== undefined && this.marks.classes.has(path.node);
  }

  definesMember(name: string): boolean {
    this.#members ??= hiddenCallsIn(this.context).members;
    return this.#members.has(name);
  }

  known(f: Node): types.Expression | undefined {
    if (!this.marks.direct.has(f as FunctionNode)) return undefined;
    const told = this.#toldBy(f);
    return told && this.context.t.cloneNode(told);
  }

  #toldBy(f: Node): types.Expression | undefined {
    const isTold = ({ key }: types.ObjectProperty) => (key as types.Identifier).name === "knows";
    return this.extra.get(f)?.find(isTold)?.value as types.Expression | undefined;
  }

  // ---- writing

  #write(path: NodePath<FunctionNode>): void {
    const { node } = path;
    const known = this.marks.refused.get(node);
    const dual = known ?? this.#dualOf(node, node);
    if (dual instanceof Refusal) {
      this.context.diagnostics.noteRefusal(dual);
      this.#written.push({ path, dual: this.#refusing(dual), tangent: undefined });
    } else this.#written.push({ path, dual, tangent: this.tangents.forms.get(node) });
  }

  /** The dual form; of what is marked with its whole file, why there is none. */
  #dualOf(f: FunctionNode, owner: Node): Written["dual"] | Refusal {
    const write = () => new DualEmitter(this.context, f, this).functionParts(f);
    return this.marks.lenient.has(owner) ? this.context.diagnostics.attempt(write) : write();
  }

  /** What runs in the place of a dual form that can't be written: an error with the place. */
  #refusing(refusal: Refusal): Written["dual"] {
    const { t } = this.context;
    return { params: [], body: t.blockStatement([t.returnStatement(this.#refusal(refusal))]) };
  }

  #refusal({ diagnostic, node }: Refusal): types.CallExpression {
    const { t } = this.context;
    return t.callExpression(this.context.helper("refused"), [
      t.stringLiteral(diagnostic.code),
      t.stringLiteral(diagnostic.message),
      this.context.site(node),
    ]);
  }

  /** A function inside a marked one. That it can't be differentiated alone is no fault of what it is inside of. */
  #writeClosure(path: NodePath<FunctionNode>): void {
    const { t } = this.context;
    const { node } = path;
    const emitter = new DualEmitter(this.context, node, this);
    const write = () => emitter.functionParts(node);
    const isStrict = this.marks.direct.has(node);
    const written = isStrict ? write() : this.context.diagnostics.attempt(write);
    const dual = written instanceof Refusal ? this.#refusing(written) : written;
    const form =
      node.type === "ArrowFunctionExpression" || node.type === "FunctionExpression"
        ? this.#asExpression(node, dual)
        : t.functionExpression(null, dual.params as never, dual.body, node.generator, node.async);
    const tangent = this.handedOut?.forms.get(node);
    const record = this.#record(
      node,
      form,
      tangent,
      tangent && this.#tangentExpression(tangent, node),
      true,
    );
    record.properties.push(...(this.extra.get(node) ?? []));
    this.#closures.push({ path, twin: t.arrowFunctionExpression([], record) });
  }

  /** Says of a function where its twin is to be had: nothing is made of it until a derivative asks. */
  #attachClosure(path: NodePath<FunctionNode>, twin: types.Expression): void {
    const { t } = this.context;
    const { node } = path;
    const lazy = (f: types.Expression) =>
      t.callExpression(this.context.helper("lazyTwin"), [f, twin]);
    if (node.type === "ObjectMethod") {
      this.#objectMethods(path, t.arrayExpression([this.#keyOf(node), twin]), "lazyMethods");
      return;
    }
    if (node.type === "FunctionDeclaration") {
      const name = node.id as types.Identifier;
      const statement = statementOf(path);
      makeList(t, statement);
      const list = statement.container as types.Statement[];
      for (const statements of hoistedInto(statement, list)) {
        const attach = t.expressionStatement(lazy(t.identifier(name.name)));
        statements.splice(firstStatement(statements), 0, t.cloneNode(attach));
      }
      return;
    }
    const f = node as types.FunctionExpression | types.ArrowFunctionExpression;
    const label = node.type === "FunctionExpression" && node.id ? undefined : inferredName(path);
    // In a call a function has no name to take from where it stands; as a property it has.
    const named =
      label === undefined
        ? f
        : t.memberExpression(
            t.objectExpression([t.objectProperty(t.stringLiteral(label), f)]),
            t.stringLiteral(label),
            true,
          );
    replace(path, at(this.#withItself(node, named, lazy), node));
  }

  /** What runs under a name of the language's own: constructors and the values of fields. */
  #writeClass(path: NodePath<types.Class>): void {
    const attempt = <R>(write: () => R): R | Refusal =>
      this.marks.lenient.has(path.node) ? this.context.diagnostics.attempt(write) : write();
    for (const member of path.node.body.body) {
      const emitter = new DualEmitter(this.context, member, this);
      if (member.type === "ClassMethod" && member.kind === "constructor") {
        const dual = attempt(() => emitter.functionParts(member));
        if (dual instanceof Refusal) {
          this.context.diagnostics.noteRefusal(dual);
          this.#classEdits.push(() => this.#chooseOnEntry(member, this.#refusing(dual)));
        } else if (emitter.helpersUsed > 0)
          this.#classEdits.push(() => this.#chooseOnEntry(member, dual));
      }
      if (
        (member.type === "ClassProperty" || member.type === "ClassPrivateProperty") &&
        member.value &&
        !member.static
      ) {
        const { value } = member;
        const dual = attempt(() => emitter.loneExpression(value));
        if (dual instanceof Refusal) {
          this.context.diagnostics.noteRefusal(dual);
          this.#classEdits.push(() => this.#chooseValue(member, this.#refusal(dual)));
        } else if (emitter.helpersUsed > 0)
          this.#classEdits.push(() => this.#chooseValue(member, dual));
      }
    }
    const code = codeSeenElsewhere(this.context, path);
    this.#classEdits.push(() => {
      this.#writeConstructor(path.node);
      const isAsked = ownClasses(this.context).isAsked(path.node);
      this.#attachToClass(path.node, code ?? (isAsked ? "" : undefined));
    });
  }

  /** A list of the language takes an active length for its only element: the constructor that nobody wrote sees to that. */
  #writeConstructor(node: types.Class): void {
    const { superClass: parent } = node;
    if (parent?.type !== "Identifier" || !parent.name.endsWith("Array")) return;
    if (this.context.bindings.has(parent)) return;
    const emitter = new DualEmitter(this.context, node, this);
    const made = emitter.constructorFor(node);
    if (made) node.body.body.unshift(made);
  }

  // ---- attaching

  #attach({ path, dual, tangent }: Written): void {
    const { node } = path;
    if (node.type === "FunctionDeclaration") this.#attachDeclaration(node, path, dual, tangent);
    else if (isMethod(node)) {
      this.#attachMethod(node, path, dual);
      // Tangent code calls it by name; it stands beside the class, since it needs nothing private.
      if (tangent)
        insertAfter(
          statementOf(path.parentPath?.parentPath as NodePath),
          this.#tangentDeclaration(tangent, node),
        );
    } else this.#attachExpression(node, path, dual, tangent);
  }

  #tangentDeclaration(form: TangentForm, node: Node): types.FunctionDeclaration {
    const { t } = this.context;
    return at(t.functionDeclaration(t.identifier(form.name), form.params, form.body), node);
  }

  #tangentExpression(form: TangentForm, node: Node): types.Expression {
    const { t } = this.context;
    const along = (form.along ?? []).map((g) => this.#tangentDeclaration(g, node));
    const declarations = along.map((d) => t.cloneNode(d));
    const own = at(t.arrowFunctionExpression(form.params, form.body), node);
    return withFunctions(t, declarations, own);
  }

  #record(
    f: FunctionNode,
    dual: types.Expression,
    form: TangentForm | undefined,
    tangent: types.Expression | undefined,
    isLazy = false,
  ): types.ObjectExpression {
    const { t } = this.context;
    const record = t.objectExpression([t.objectProperty(t.identifier("dual"), dual)]);
    const standsOn = this.standsOn(f);
    if (standsOn.length > 0)
      record.properties.push(
        t.objectProperty(
          t.identifier("standsOn"),
          t.arrayExpression(standsOn.map((name) => t.identifier(name))),
        ),
      );
    if (!isLazy && this.tangents.isOpen(f))
      record.properties.push(t.objectProperty(t.identifier("isOpen"), t.booleanLiteral(true)));
    if (form === undefined || tangent === undefined) {
      if (this.tangents.leaves(f))
        record.properties.push(t.objectProperty(t.identifier("leaves"), t.booleanLiteral(true)));
      return record;
    }
    record.properties.push(
      t.objectProperty(t.identifier("tangent"), tangent),
      t.objectProperty(t.identifier("signature"), t.stringLiteral(form.signature)),
    );
    if (form.again !== undefined) {
      const { how, links, asks, isQuiet } = form.again;
      const answer =
        links.length === 0
          ? t.booleanLiteral(true)
          : t.arrayExpression(links.map((name) => t.identifier(name)));
      record.properties.push(t.objectProperty(t.identifier(how), answer));
      if (isQuiet)
        record.properties.push(t.objectProperty(t.identifier("quiet"), t.booleanLiteral(true)));
      if (asks)
        record.properties.push(
          t.objectProperty(t.identifier("asks"), this.context.helper("mayChange")),
        );
    }
    if (form.classNames.length > 0) {
      const classes = t.objectExpression(
        form.classNames.map((n) => t.objectProperty(t.identifier(n), t.identifier(n), false, true)),
      );
      record.properties.push(
        t.objectProperty(t.identifier("classes"), t.arrowFunctionExpression([], classes)),
      );
    }
    return record;
  }

  #attachDeclaration(
    node: types.FunctionDeclaration,
    path: NodePath,
    dual: Written["dual"],
    tangent: TangentForm | undefined,
  ): void {
    const { t } = this.context;
    const name = this.#names.get(node) as string;
    // An anonymous default export is a declaration like any other once it has a name to refer to.
    const isAnonymous = !node.id;
    node.id ??= t.identifier(this.context.uid("default"));
    const declarations = [
      at(
        t.functionDeclaration(
          t.identifier(name),
          dual.params as never,
          dual.body,
          node.generator,
          node.async,
        ),
        node,
      ),
    ];
    if (tangent) declarations.push(this.#tangentDeclaration(tangent, node));
    const statement = statementOf(path);
    makeList(t, statement);
    const list = insertAfter(statement, ...declarations);
    const record = this.#record(
      node,
      t.identifier(name),
      tangent,
      tangent && t.identifier(tangent.name),
    );
    record.properties.push(...(this.extra.get(node) ?? []));
    if (isAnonymous)
      record.properties.push(t.objectProperty(t.identifier("name"), t.stringLiteral("default")));
    const attach = t.callExpression(this.context.helper("twin"), [
      t.identifier(node.id.name),
      record,
    ]);
    // Declarations are hoisted, so their twins are attached before anything in the block runs.
    for (const statements of hoistedInto(statement, list)) {
      statements.splice(firstStatement(statements), 0, t.expressionStatement(t.cloneNode(attach)));
    }
  }

  #attachExpression(
    node: types.FunctionExpression | types.ArrowFunctionExpression,
    path: NodePath<FunctionNode>,
    dual: Written["dual"],
    tangent: TangentForm | undefined,
  ): void {
    const { t } = this.context;
    const written = this.#asExpression(node, dual);
    const name = this.#names.get(node);
    let form: types.Expression = written;
    let tangentForm: types.Expression | undefined =
      tangent && at(t.arrowFunctionExpression(tangent.params, tangent.body), node);
    if (name !== undefined) {
      const statement = statementOf(
        (this.#soleDeclarator(path) as NodePath).parentPath as NodePath,
      );
      insertBefore(
        statement,
        t.variableDeclaration("const", [t.variableDeclarator(t.identifier(name), written)]),
      );
      form = t.identifier(name);
      if (tangent) {
        insertAfter(statement, this.#tangentDeclaration(tangent, node));
        tangentForm = t.identifier(tangent.name);
      }
    }
    const label = node.type === "FunctionExpression" && node.id ? undefined : inferredName(path);
    const record = this.#record(node, form, tangent, tangentForm);
    record.properties.push(...(this.extra.get(node) ?? []));
    if (label !== undefined)
      record.properties.push(t.objectProperty(t.identifier("name"), t.stringLiteral(label)));
    const call = this.#withItself(node, node, (f) =>
      t.callExpression(this.context.helper("twin"), [f, record]),
    );
    // In front of `f()` or `f.call()` it would be taken for a word about that call.
    const isCalled = ["callee", "object", "tag"].includes(path.key as string);
    if (!isCalled) t.addComment(call, "leading", "#__PURE__");
    replace(path, at(call, node));
  }

  /** What a function is given to, where its forms mean the function itself by its name. */
  #withItself(
    node: FunctionNode,
    f: types.Expression,
    give: (f: types.Expression) => types.CallExpression,
  ): types.CallExpression {
    if (node.type !== "FunctionExpression" || !knowsItself(this.context, node)) return give(f);
    const { t } = this.context;
    const { name } = node.id as types.Identifier;
    return t.callExpression(
      t.arrowFunctionExpression([t.identifier(name)], give(t.identifier(name))),
      [f],
    );
  }

  #asExpression(
    node: types.FunctionExpression | types.ArrowFunctionExpression,
    { params, body }: Written["dual"],
  ): types.Expression {
    const { t } = this.context;
    if (node.type === "ArrowFunctionExpression")
      return at(t.arrowFunctionExpression(params as never, body, node.async), node);
    const id = node.id && !knowsItself(this.context, node) ? t.identifier(node.id.name) : null;
    return at(t.functionExpression(id, params as never, body, node.generator, node.async), node);
  }

  #attachMethod(
    node: types.ClassMethod | types.ClassPrivateMethod | types.ObjectMethod,
    path: NodePath,
    dual: Written["dual"],
  ): void {
    const { t } = this.context;
    const owner = path.parentPath?.parent as Node;
    if (node.type === "ClassMethod" && membersOf(owner as types.Class).replaced.has(node)) return;
    if (node.kind !== "method") {
      if (node.kind !== "constructor") this.#chooseOnEntry(node, dual);
      return;
    }
    if (isImplicit(node)) {
      this.#chooseOnEntry(node, dual);
      this.#addEntry(path, node, [this.#keyOf(node as types.ClassMethod)]);
      return;
    }
    const name = this.#names.get(node) as string;
    const siblings = path.container as Node[];
    const params = dual.params as never;
    if (node.type === "ClassPrivateMethod") {
      const key = t.privateName(t.identifier(name));
      const twin = t.classPrivateMethod("method", key, params, dual.body, node.static);
      siblings.splice(
        siblings.indexOf(node) + 1,
        0,
        at(Object.assign(twin, { generator: node.generator, async: node.async }), node),
      );
      return;
    }
    const key = this.#keyOf(node);
    if (node.type === "ObjectMethod") {
      const twin = t.objectMethod(
        "method",
        t.identifier(name),
        params,
        dual.body,
        false,
        node.generator,
        node.async,
      );
      siblings.splice(siblings.indexOf(node) + 1, 0, at(twin, node));
      const told = this.#toldBy(node);
      this.#addEntry(path, node, [key, t.stringLiteral(name), ...(told ? [told] : [])]);
      return;
    }
    const twin = t.classMethod(
      "method",
      t.identifier(name),
      params,
      dual.body,
      false,
      node.static,
      node.generator,
      node.async,
    );
    siblings.splice(siblings.indexOf(node) + 1, 0, at(twin, node));
    this.#addEntry(path, node, [key, t.stringLiteral(name)]);
  }

  /** Says to the class or object what is to become of a method: `[key, companion, isStatic]`. */
  #addEntry(path: NodePath, node: Node, entry: types.Expression[]): void {
    const { t } = this.context;
    if (node.type === "ObjectMethod") {
      this.#objectMethods(path, t.arrayExpression(entry));
      return;
    }
    if ((node as types.ClassMethod).static) {
      if (entry.length === 1) entry.push(t.nullLiteral());
      entry.push(t.booleanLiteral(true));
    }
    const owner = path.parentPath?.parent as types.Class;
    this.#methodEntries.set(owner, [
      ...(this.#methodEntries.get(owner) ?? []),
      [node, t.arrayExpression(entry)],
    ]);
  }

  /** The entries of a class. Of two methods that may have one name the later one is there: its twin is told last. */
  #entriesOf(node: types.Class): types.ArrayExpression[] {
    const entries = this.#methodEntries.get(node) ?? [];
    const places = new Map(node.body.body.map((m, i): [Node, number] => [m, i]));
    const placeOf = ([of]: (typeof entries)[number]) => places.get(of) ?? -1;
    entries.sort((a, b) => placeOf(a) - placeOf(b));
    return entries.map(([, entry]) => entry);
  }
  readonly #methodEntries = new Map<Node, [member: Node, entry: types.ArrayExpression][]>();
  readonly #wrappedObjects = new Map<Node, types.ArrayExpression>();

  /** An expression for the key of a method, evaluated once. */
  #keyOf(node: types.ClassMethod | types.ObjectMethod): types.Expression {
    const { t } = this.context;
    const name = staticKey(node as never);
    if (name !== undefined) return t.stringLiteral(name);
    const kept = this.context.uid("key");
    this.context.program.node.body.unshift(
      t.variableDeclaration("let", [t.variableDeclarator(t.identifier(kept))]),
    );
    // Converted once, as the language does.
    const key = t.callExpression(this.context.helper("propertyKey"), [
      node.key as types.Expression,
    ]);
    node.key = t.assignmentExpression("=", t.identifier(kept), key);
    return t.identifier(kept);
  }

  #objectMethods(
    path: NodePath,
    entry: types.ArrayExpression,
    helper: "twinMethods" | "lazyMethods" = "twinMethods",
  ): void {
    const { t } = this.context;
    const object = path.parent as types.ObjectExpression;
    const known = this.#wrappedObjects.get(object);
    if (known) {
      known.elements.push(entry);
      return;
    }
    const entries = t.arrayExpression([entry]);
    this.#wrappedObjects.set(object, entries);
    replace(
      path.parentPath as NodePath,
      at(t.callExpression(this.context.helper(helper), [object, entries]), object),
    );
  }

  /** `code` tells other files whether this is the class that they have read. */
  #attachToClass(node: types.Class, code: string | undefined): void {
    const { t } = this.context;
    const entries = this.#entriesOf(node);
    const call = t.callExpression(this.context.helper("twinClass"), [
      t.thisExpression(),
      t.arrayExpression(entries),
      ...(code === undefined ? [] : [t.stringLiteral(code)]),
    ]);
    const known = this.extra.get(node)?.map(({ value }) => value as types.Expression) ?? [];
    if (known.length > 0 && code === undefined)
      call.arguments.push(this.context.global("undefined"));
    call.arguments.push(...known);
    const fields = this.#writtenPrivateFields(node);
    const told = fields.map((key) => {
      const field = () => t.memberExpression(t.identifier("o"), t.privateName(t.identifier(key)));
      const store = t.assignmentExpression("=", field(), t.identifier("v"));
      return t.arrayExpression([
        t.arrowFunctionExpression([t.identifier("o")], field()),
        t.arrowFunctionExpression([t.identifier("o"), t.identifier("v")], store),
      ]);
    });
    const calls = [call];
    if (told.length > 0)
      calls.push(
        t.callExpression(this.context.helper("privateFields"), [
          t.thisExpression(),
          t.arrayExpression(told),
        ]),
      );
    node.body.body.unshift(t.staticBlock(calls.map((c) => t.expressionStatement(c))));
  }

  /** Private fields that methods write to: nobody but the class can make plain what a derivative leaves in them. */
  #writtenPrivateFields(node: types.Class): string[] {
    const { t } = this.context;
    const written = new Set<string>();
    for (const m of node.body.body) {
      if (m.type === "ClassMethod" && m.kind === "constructor") continue;
      t.traverseFast(m, (n) => {
        if (n.type === "AssignmentExpression")
          t.traverseFast(n.left, (part) => {
            if (part.type === "PrivateName") written.add(part.id.name);
          });
      });
    }
    const { body } = node.body;
    return body.flatMap((m) =>
      m.type === "ClassPrivateProperty" && written.has(m.key.id.name) ? [m.key.id.name] : [],
    );
  }

  /** Constructors and accessors cannot be called by another name, so they choose their form when they are entered. */
  #chooseOnEntry(
    node: types.ClassMethod | types.ClassPrivateMethod | types.ObjectMethod,
    dual: Written["dual"],
  ): void {
    const { t } = this.context;
    const test = t.callExpression(this.context.helper("running"), []);
    const choose = (ofDual: types.Expression, own: types.Expression) =>
      t.conditionalExpression(t.cloneNode(test), ofDual, own);
    node.params.forEach((p, i) => {
      choosePattern(p.type === "TSParameterProperty" ? p.parameter : p, dual.params[i], choose);
    });
    const original = t.blockStatement(node.body.body);
    node.body = at(
      t.blockStatement([t.ifStatement(test, dual.body, original)], node.body.directives),
      node.body,
    );
  }

  #chooseValue(
    member: types.ClassProperty | types.ClassPrivateProperty,
    dual: types.Expression,
  ): void {
    const { t } = this.context;
    const original = member.value as types.Expression;
    member.value = t.conditionalExpression(
      t.callExpression(this.context.helper("running"), []),
      dual,
      original,
    );
  }
}

const isMethod = (
  node: Node,
): node is types.ClassMethod | types.ClassPrivateMethod | types.ObjectMethod =>
  node.type === "ClassMethod" || node.type === "ClassPrivateMethod" || node.type === "ObjectMethod";

/** The statement that stands in a list: a declaration, or the export around it. */
function statementOf(path: NodePath): NodePath {
  const parent = path.parentPath;
  return parent && (parent.isExportNamedDeclaration() || parent.isExportDefaultDeclaration())
    ? parent
    : path;
}

/** `if (x) function f() {}` has a block around its function that nobody wrote. */
function makeList(t: ModuleContext["t"], path: NodePath): void {
  if (Array.isArray(path.container)) return;
  const block = t.blockStatement([path.node as types.Statement]);
  replace(path, block);
  Object.assign(path, { container: block.body, listKey: "body", parent: block });
}

/** The lists of statements whose beginning is passed before a declaration can be used: all cases of a `switch`. */
function hoistedInto(path: NodePath, list: types.Statement[]): types.Statement[][] {
  const { parent } = path.parentPath ?? path;
  if (path.parent.type !== "SwitchCase" || parent.type !== "SwitchStatement") return [list];
  return parent.cases.map((c) => c.consequent);
}

function insertAfter(path: NodePath, ...nodes: types.Statement[]): types.Statement[] {
  const list = path.container as types.Statement[];
  list.splice(list.indexOf(path.node as types.Statement) + 1, 0, ...nodes);
  return list;
}

function insertBefore(path: NodePath, ...nodes: types.Statement[]): void {
  const list = path.container as types.Statement[];
  list.splice(list.indexOf(path.node as types.Statement), 0, ...nodes);
}

const firstStatement = (list: readonly Node[]): number => {
  const i = list.findIndex((s) => s.type !== "ImportDeclaration");
  return i < 0 ? list.length : i;
};

/** Puts a node in the place of another one, wherever that place is by now. */
export function replace(path: NodePath, node: Node): void {
  const holder = (path.listKey === undefined ? path.parent : path.container) as unknown as Record<
    string | number,
    unknown
  >;
  const key = Array.isArray(holder) ? holder.indexOf(path.node) : (path.key as string);
  holder[key] = node;
}

/** The name a function expression gets from where it stands. */
function inferredName(path: NodePath): string | undefined {
  const { parent } = path;
  if (parent.type === "VariableDeclarator" && parent.id.type === "Identifier")
    return parent.id.name;
  if (parent.type === "AssignmentExpression" && parent.left.type === "Identifier")
    return parent.left.name;
  if (parent.type === "AssignmentPattern" && parent.left.type === "Identifier")
    return parent.left.name;
  if (parent.type === "ExportDefaultDeclaration") return "default";
  if (
    parent.type === "ObjectProperty" ||
    parent.type === "ClassProperty" ||
    parent.type === "ClassPrivateProperty"
  )
    return staticKey(parent as never);
  return undefined;
}

/** Lets a pattern take the defaults and computed names of its dual form where `choose` says so. */
function choosePattern(
  own: Node | null | undefined,
  dual: Node | null | undefined,
  choose: (dual: types.Expression, own: types.Expression) => types.Expression,
): void {
  if (!own || own.type !== dual?.type) return;
  if (own.type === "AssignmentPattern") {
    const other = dual as typeof own;
    own.right = choose(other.right, own.right);
    choosePattern(own.left, other.left, choose);
  } else if (own.type === "ArrayPattern") {
    const { elements } = dual as typeof own;
    for (const [i, e] of own.elements.entries()) choosePattern(e, elements[i], choose);
  } else if (own.type === "ObjectPattern") {
    const { properties } = dual as typeof own;
    for (const [i, p] of own.properties.entries()) choosePattern(p, properties[i], choose);
  } else if (own.type === "ObjectProperty") {
    const other = dual as typeof own;
    if (own.computed) own.key = choose(other.key as types.Expression, own.key as types.Expression);
    choosePattern(own.value, other.value, choose);
  } else if (own.type === "RestElement") {
    choosePattern(own.argument, (dual as typeof own).argument, choose);
  }
}
