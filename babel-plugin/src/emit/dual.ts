import type { types } from "@babel/core";
import { rules } from "dualize/rules";
import { Activity, mathName } from "../analysis/activity.ts";
import { type FunctionNode, bareCopy, isFunction, unwrap } from "../ast.ts";
import { DIRECTIVE } from "../marks/directives.ts";
import type { ModuleContext } from "../module-context.ts";

type Expression = types.Expression;
type Node = types.Node;

const arithmetic: Readonly<Record<string, string>> = {
  "+": "add",
  "-": "sub",
  "*": "mul",
  "/": "div",
  "%": "rem",
  "**": "pow",
};
const integer = new Set(["|", "&", "^", "<<", ">>", ">>>"]);
const equality = new Set(["==", "===", "!=", "!=="]);
const ordering = new Set(["<", "<=", ">", ">="]);

// Made by the language from text or plain numbers; constructing them here keeps the user's line on top of the stack.
const plainConstructors = new Set([
  "Error",
  "TypeError",
  "RangeError",
  "SyntaxError",
  "EvalError",
  "ReferenceError",
  "URIError",
  "AggregateError",
]);

/** How a call of a name that is known when compiling is written in the dual form. */
export interface Companions {
  /** The name of the dual form of a function of this module, if an identifier certainly means it. */
  dualName(id: Node): string | undefined;
  /** The name of the dual form of a private method. */
  privateDualName(method: Node): string | undefined;
  /** Whether an identifier certainly means a class of this module that knows both forms. */
  isMarkedClass(id: Node): boolean;
}

/** What surrounds the expression being written: where its temporaries are declared. */
interface Frame {
  /** Undefined where nothing can be declared: default values, class fields. */
  readonly temporaries: string[] | undefined;
}

/**
 * Writes the dual form of a function: the same program with every operator that may see an active
 * value replaced by a call that understands it. Nothing else changes, so evaluation order, control
 * flow and identity are those of the original.
 */
export class DualEmitter {
  readonly #t;
  readonly #activity: Activity;
  #frame: Frame = { temporaries: undefined };
  /** How many helpers were used: none means that the code is the same in both forms. */
  helpersUsed = 0;

  constructor(
    private readonly context: ModuleContext,
    private readonly root: Node,
    private readonly companions: Companions,
  ) {
    this.#t = context.t;
    this.#activity = new Activity(context, root);
  }

  // ---- functions and classes

  /** Parameters and body in dual form. */
  functionParts(node: FunctionNode): { params: FunctionNode["params"]; body: types.BlockStatement } {
    this.#refuseDecorators(node);
    const params = node.params
      .filter((p) => !(p.type === "Identifier" && p.name === "this"))
      .map((p) => this.#withoutTemporaries(() => this.#pattern(p.type === "TSParameterProperty" ? p.parameter : p)));
    return { params: params as FunctionNode["params"], body: this.#body(node.body) };
  }

  #body(body: FunctionNode["body"]): types.BlockStatement {
    const t = this.#t;
    return this.#inNewFrame(() => {
      if (body.type === "BlockStatement") {
        const block = this.#block(body);
        block.directives = body.directives.filter((d) => d.value.value !== DIRECTIVE).map((d) => t.cloneNode(d));
        return block;
      }
      const result = at(t.returnStatement(this.expression(body)), body);
      return at(t.blockStatement([result]), body);
    });
  }

  #inNewFrame(write: () => types.BlockStatement): types.BlockStatement {
    const outer = this.#frame;
    const temporaries: string[] = [];
    this.#frame = { temporaries };
    const block = write();
    this.#frame = outer;
    if (temporaries.length > 0) block.body.unshift(this.#declare(temporaries));
    return block;
  }

  #declare(names: string[]): types.VariableDeclaration {
    const t = this.#t;
    return t.variableDeclaration(
      "let",
      names.map((n) => t.variableDeclarator(t.identifier(n))),
    );
  }

  /** Writes an expression where nothing can be declared; what needs temporaries goes into an arrow function. */
  #withoutTemporaries<N extends Node>(write: () => N): N {
    const outer = this.#frame;
    this.#frame = { temporaries: undefined };
    const node = write();
    this.#frame = outer;
    return node;
  }

  /** A field's value or another expression outside any function body. */
  loneExpression(node: Node): Expression {
    return this.#withoutTemporaries(() => this.expression(node));
  }

  /** Writes with temporaries, inside an arrow function of its own where there is no place to declare them. */
  #withTemporary(write: (temporary: () => types.Identifier) => Expression): Expression {
    const t = this.#t;
    const { temporaries } = this.#frame;
    if (temporaries) return write(() => this.#temporary(temporaries));
    const own: string[] = [];
    this.#frame = { temporaries: own };
    const value = write(() => this.#temporary(own));
    this.#frame = { temporaries: undefined };
    if (own.length === 0) return value;
    return t.callExpression(t.arrowFunctionExpression([], t.blockStatement([this.#declare(own), t.returnStatement(value)])), []);
  }

  #temporary(list: string[]): types.Identifier {
    const name = this.context.uid("t");
    list.push(name);
    return this.#t.identifier(name);
  }

  /** A function in dual form, as an expression. */
  functionExpression(node: FunctionNode): types.FunctionExpression | types.ArrowFunctionExpression {
    const t = this.#t;
    const { params, body } = this.functionParts(node);
    if (node.type === "ArrowFunctionExpression") {
      return at(t.arrowFunctionExpression(params as never, conciseBody(node, body), node.async), node);
    }
    const id = node.type === "FunctionExpression" && node.id ? t.identifier(node.id.name) : null;
    return at(t.functionExpression(id, params as never, body, node.generator, node.async), node);
  }

  #closure(node: FunctionNode): Expression {
    return this.#help("dualForm", node, [this.functionExpression(node)]);
  }

  // A decorator may put anything in the place of what it decorates, and its twin would know nothing of it.
  #refuseDecorators(node: Node): void {
    const [decorator] = (node as { decorators?: types.Decorator[] | null }).decorators ?? [];
    if (decorator) {
      this.context.diagnostics.report("DUAL009", decorator, "a decorator may replace what it decorates, so this cannot be differentiated. Call a marked function from the decorated one instead.");
    }
  }

  /** A class made inside a dual form: every member is in dual form. */
  #class<C extends types.Class>(node: C): C {
    const t = this.#t;
    this.#refuseDecorators(node);
    const copy = at(bareCopy(node), node);
    if (node.superClass) copy.superClass = this.expression(node.superClass);
    const members = node.body.body.filter((m) => m.type !== "TSDeclareMethod" && m.type !== "TSIndexSignature");
    copy.body = t.classBody(
      members.map((m) => this.#classMember(m)) as types.ClassBody["body"],
    );
    const marking = t.expressionStatement(this.#help("dualClass", node, [t.thisExpression()]));
    copy.body.body.unshift(t.staticBlock([marking]));
    return copy;
  }

  #classMember(m: types.ClassBody["body"][number]): Node {
    const t = this.#t;
    this.#refuseDecorators(m);
    const copy = at(bareCopy(m), m);
    if ("key" in m && "computed" in m && m.computed) {
      (copy as types.ClassMethod).key = this.expression(m.key);
    }
    switch (m.type) {
      case "ClassMethod":
      case "ClassPrivateMethod":
        Object.assign(copy, this.functionParts(m));
        if (m.type === "ClassMethod" && m.kind === "constructor") {
          addParameterProperties(t, m, (copy as types.ClassMethod).body);
        }
        return copy;
      case "ClassProperty":
      case "ClassPrivateProperty":
      case "ClassAccessorProperty":
        if (m.value) (copy as types.ClassProperty).value = this.loneExpression(m.value);
        return copy;
      case "StaticBlock": {
        const block = this.#inNewFrame(() => t.blockStatement(m.body.flatMap((s) => this.statement(s))));
        (copy as types.StaticBlock).body = block.body;
        return copy;
      }
      default:
        return copy;
    }
  }

  // ---- statements

  #block(node: types.BlockStatement): types.BlockStatement {
    const t = this.#t;
    return at(t.blockStatement([...this.#handedOn(node.body), ...node.body.flatMap((s) => this.statement(s))]), node);
  }

  /** Functions that are handed on as values are marked where their names are already defined. */
  #handedOn(statements: types.Statement[]): types.Statement[] {
    const t = this.#t;
    return statements.flatMap((s) =>
      s.type === "FunctionDeclaration" && s.id && this.#isHandedOn(s.id)
        ? [t.expressionStatement(this.#help("dualForm", s, [t.identifier(s.id.name)]))]
        : [],
    );
  }

  #isHandedOn(id: types.Identifier): boolean {
    const binding = this.context.bindings.get(id);
    // In sloppy code a function of a block is there outside it too, which is not followed.
    const isSloppy = this.context.program.node.sourceType === "script";
    return (
      binding === undefined ||
      isSloppy ||
      binding.referencePaths.some((p) => !(p.key === "callee" && p.parent.type === "CallExpression"))
    );
  }

  statement(node: types.Statement): types.Statement[] {
    const t = this.#t;
    switch (node.type) {
      case "BlockStatement":
        return [this.#block(node)];
      case "ExpressionStatement": {
        const expression = this.#discarded(node.expression);
        return [at(t.expressionStatement(expression), node)];
      }
      case "ReturnStatement":
        return [at(t.returnStatement(node.argument ? this.expression(node.argument) : null), node)];
      case "ThrowStatement":
        return [at(t.throwStatement(this.expression(node.argument)), node)];
      case "IfStatement": {
        const test = this.#test(node.test);
        const then = this.#single(node.consequent);
        const otherwise = node.alternate ? this.#single(node.alternate) : null;
        return [at(t.ifStatement(test, then, otherwise), node)];
      }
      case "WhileStatement":
        return [at(t.whileStatement(this.#test(node.test), this.#single(node.body)), node)];
      case "DoWhileStatement": {
        const body = this.#single(node.body);
        return [at(t.doWhileStatement(this.#test(node.test), body), node)];
      }
      case "ForStatement": {
        const init = node.init
          ? node.init.type === "VariableDeclaration"
            ? this.#declaration(node.init)
            : this.#discarded(node.init)
          : null;
        const test = node.test ? this.#test(node.test) : null;
        const update = node.update ? this.#discarded(node.update) : null;
        return [at(t.forStatement(init, test, update, this.#single(node.body)), node)];
      }
      case "ForInStatement":
      case "ForOfStatement": {
        const copy = at(bareCopy(node), node);
        const isKey = node.type === "ForInStatement" && node.left.type === "Identifier";
        copy.left =
          node.left.type === "VariableDeclaration"
            ? this.#declaration(node.left)
            : isKey
              ? t.identifier((node.left as types.Identifier).name)
              : (this.#target(node.left) as types.LVal);
        copy.right =
          node.type === "ForInStatement" ? this.#help("own", node.right, [this.expression(node.right)]) : this.expression(node.right);
        copy.body = this.#single(node.body);
        return [copy];
      }
      case "SwitchStatement": {
        const discriminant = this.#seen(node.discriminant);
        // A function declared in one case is there in all of them, and which is entered is not known.
        const handedOn = node.cases.flatMap((c) => c.consequent);
        const cases = node.cases.map((c) => {
          const test = c.test ? this.#seen(c.test) : null;
          return at(t.switchCase(test, [...this.#handedOn(handedOn), ...c.consequent.flatMap((s) => this.statement(s))]), c);
        });
        return [at(t.switchStatement(discriminant, cases), node)];
      }
      case "TryStatement": {
        const handler = node.handler
          ? at(t.catchClause(node.handler.param ? (this.#pattern(node.handler.param) as never) : null, this.#block(node.handler.body)), node.handler)
          : null;
        return [at(t.tryStatement(this.#block(node.block), handler, node.finalizer ? this.#block(node.finalizer) : null), node)];
      }
      case "LabeledStatement":
        return [at(t.labeledStatement(t.identifier(node.label.name), this.#single(node.body)), node)];
      case "VariableDeclaration":
        return node.declare ? [] : [this.#declaration(node)];
      case "FunctionDeclaration": {
        const { params, body } = this.functionParts(node);
        const id = t.identifier(node.id?.name as string);
        return [at(t.functionDeclaration(id, params as never, body, node.generator, node.async), node)];
      }
      case "ClassDeclaration":
        return node.declare ? [] : [this.#class(node)];
      case "BreakStatement":
      case "ContinueStatement":
      case "EmptyStatement":
      case "DebuggerStatement":
        return [at(t.cloneNode(node, true), node)];
      case "WithStatement":
        this.context.diagnostics.report("DUAL004", node, `"with" cannot be differentiated: what a name means is known only when it runs. Name the object instead.`);
        return [];
      case "TSTypeAliasDeclaration":
      case "TSInterfaceDeclaration":
      case "TSDeclareFunction":
        return [];
      case "TSEnumDeclaration":
        return [t.cloneNode(node, true)];
      default:
        return this.#unsupported(node);
    }
  }

  #single(node: types.Statement): types.Statement {
    const written = this.statement(node);
    return written.length === 1 ? (written[0] as types.Statement) : this.#t.blockStatement(written);
  }

  #declaration(node: types.VariableDeclaration): types.VariableDeclaration {
    const t = this.#t;
    const declarators = node.declarations.map((d) => {
      const init = d.init ? this.#initial(d) : null;
      return at(t.variableDeclarator(this.#pattern(d.id) as types.LVal as never, init), d);
    });
    return at(t.variableDeclaration(node.kind, declarators), node);
  }

  #initial(d: types.VariableDeclarator): Expression {
    const init = unwrap(d.init as Node);
    // A function that is only ever called by its name needs no mark to be found by.
    if (isFunction(init) && d.id.type === "Identifier" && this.isLocalFunction(d.id) && !this.#isHandedOn(d.id)) {
      return this.functionExpression(init);
    }
    return this.expression(d.init as Node);
  }

  /** Whether a name always means one function written inside the marked function. */
  isLocalFunction(id: Node): boolean {
    const binding = this.context.bindings.get(id);
    if (this.#isSelf(id)) return true;
    if (!binding?.constant || !this.#activity.isInside(binding)) return false;
    const { node } = binding.path;
    if (node.type === "FunctionDeclaration") return true;
    if (node.type === "FunctionExpression") return node.id === binding.identifier;
    return node.type === "VariableDeclarator" && node.id === binding.identifier && node.init != null && isFunction(unwrap(node.init));
  }

  // The name of a function expression is the name of its dual form too, inside it.
  #isSelf(id: Node): boolean {
    const node = this.context.bindings.get(id)?.path.node;
    return node === this.root && node.type === "FunctionExpression";
  }

  // ---- patterns and targets

  /** A destructuring target, or one of a loop: what is written to exists already. */
  #target(node: Node): Node {
    return this.#pattern(node, (id) => this.#checkOuterTarget(id));
  }

  /** What is bound or written to: parameters, declarations, targets. */
  #pattern(node: Node, check: (id: types.Identifier) => void = () => {}): Node {
    const t = this.#t;
    switch (node.type) {
      case "Identifier":
        check(node);
        return at(t.identifier(node.name), node);
      case "AssignmentPattern": {
        const left = this.#pattern(node.left, check) as types.AssignmentPattern["left"];
        return at(t.assignmentPattern(left, this.expression(node.right)), node);
      }
      case "RestElement":
        return at(t.restElement(this.#pattern(node.argument, check) as never), node);
      case "ArrayPattern":
        return at(t.arrayPattern(node.elements.map((e) => (e ? this.#pattern(e, check) : null)) as never), node);
      case "ObjectPattern":
        return at(
          t.objectPattern(
            node.properties.map((p) => {
              if (p.type === "RestElement") return this.#pattern(p, check) as types.RestElement;
              const key = p.computed ? this.#seen(p.key) : (t.cloneNode(p.key) as Expression);
              const value = this.#pattern(p.value as Node, check);
              return at(t.objectProperty(key, value as never, p.computed, p.shorthand), p);
            }),
          ),
          node,
        );
      case "MemberExpression":
        if (isPlaceOfElements(node)) {
          const object = this.expression(node.object);
          const place = this.#help("place", node, [this.context.site(node), object, this.#key(node)]);
          return at(t.memberExpression(place, t.identifier("value")), node);
        }
        return this.#plainMember(node);
      default: {
        const inner = unwrap(node);
        return inner === node ? (this.#unsupported(node)[0] as never) : this.#pattern(inner, check);
      }
    }
  }

  #plainMember(node: types.MemberExpression | types.OptionalMemberExpression): types.MemberExpression {
    const t = this.#t;
    const object = node.object.type === "Super" ? t.super() : this.expression(node.object);
    const key = node.computed ? this.#seen(node.property) : (t.cloneNode(node.property) as Expression);
    return at(t.memberExpression(object, key, node.computed), node);
  }

  /** The key of a member as an expression. */
  #key(node: types.MemberExpression): Expression {
    return node.computed ? this.#seen(node.property) : this.#t.stringLiteral((node.property as types.Identifier).name);
  }

  #checkOuterTarget(node: types.Identifier): void {
    const binding = this.context.bindings.get(node);
    if (binding === undefined || !this.#activity.isInside(binding)) this.#outerWrite(node, node.name);
  }

  // An outer variable outlives the derivative, and unmarked code would meet the active value there.
  #isOuterWrite(target: Node, value: Node): boolean {
    if (target.type !== "Identifier" || this.#activity.isInactive(value)) return false;
    const binding = this.context.bindings.get(target);
    return binding === undefined || !this.#activity.isInside(binding);
  }

  /** The value written to an outer variable: an error where it is evidently active, else checked when it runs. */
  #kept(target: Node, node: Node, value: Node, written: Expression): Expression {
    const { name } = target as types.Identifier;
    if (this.#activity.isActiveNumber(value)) this.#outerWrite(target, name);
    return this.#help("kept", node, [this.context.site(node), this.#t.stringLiteral(name), written]);
  }

  #outerWrite(node: Node, name: string): void {
    this.context.diagnostics.report(
      "DUAL005",
      node,
      `an active value is written to '${name}', which is declared outside the marked function, so its derivative would outlive it. ` +
        `Return the value instead, or write primalOf(value) if only the number is wanted.`,
    );
  }

  // ---- expressions

  /** A call of the runtime. */
  #help(name: string, node: Node, args: (Expression | types.SpreadElement)[]): types.CallExpression {
    this.helpersUsed++;
    return at(this.#t.callExpression(at(this.context.helper(name), node), args), node);
  }

  /** The value that comparisons, indices and branches see. */
  #seen(node: Node): Expression {
    const value = this.expression(node);
    return this.#activity.isInactive(node) ? value : this.#help("plain", node, [value]);
  }

  #test(expression: Node): Expression {
    const t = this.#t;
    const node = unwrap(expression);
    if (node.type === "LogicalExpression" && node.operator !== "??") {
      return at(t.logicalExpression(node.operator, this.#test(node.left), this.#test(node.right)), node);
    }
    return this.#seen(node);
  }

  /** An expression whose value nobody uses. */
  #discarded(expression: Node): Expression {
    const node = unwrap(expression);
    if (node.type === "UpdateExpression") return this.#update(node, true);
    if (node.type === "SequenceExpression") {
      return at(this.#t.sequenceExpression(node.expressions.map((e) => this.#discarded(e))), node);
    }
    return this.expression(node);
  }

  expression(expression: Node): Expression {
    const t = this.#t;
    const node = unwrap(expression);
    switch (node.type) {
      case "Identifier":
        return this.#isSelf(node) ? this.#help("dualForm", node, [at(t.identifier(node.name), node)]) : (at(bareCopy(node), node) as Expression);
      case "NumericLiteral":
      case "StringLiteral":
      case "BooleanLiteral":
      case "NullLiteral":
      case "BigIntLiteral":
      case "RegExpLiteral":
      case "ThisExpression":
      case "MetaProperty":
      case "Import":
        return at(bareCopy(node), node) as Expression;
      case "TemplateLiteral":
        return at(
          t.templateLiteral(
            node.quasis.map((q) => t.cloneNode(q)),
            node.expressions.map((e) => this.expression(e)),
          ),
          node,
        );
      case "TaggedTemplateExpression":
        return this.#taggedTemplate(node);
      case "BinaryExpression":
        return this.#binary(node);
      case "LogicalExpression":
        return this.#logical(node);
      case "UnaryExpression":
        return this.#unary(node);
      case "UpdateExpression":
        return this.#update(node, false);
      case "AssignmentExpression":
        return this.#assignment(node);
      case "ConditionalExpression":
        return at(t.conditionalExpression(this.#test(node.test), this.expression(node.consequent), this.expression(node.alternate)), node);
      case "SequenceExpression": {
        const last = node.expressions.length - 1;
        return at(t.sequenceExpression(node.expressions.map((e, i) => (i === last ? this.expression(e) : this.#discarded(e)))), node);
      }
      case "CallExpression":
        return hasOptional(node) ? this.#chain(node) : this.#call(node);
      case "OptionalCallExpression":
      case "OptionalMemberExpression":
        return this.#chain(node);
      case "ImportExpression": {
        const copy = at(bareCopy(node), node);
        copy.source = this.expression(node.source);
        return copy;
      }
      case "NewExpression":
        return this.#construct(node);
      case "MemberExpression":
        return hasOptional(node) ? this.#chain(node) : this.#member(node);
      case "ArrayExpression":
        return at(t.arrayExpression(node.elements.map((e) => (e ? this.#argument(e) : null))), node);
      case "ObjectExpression":
        return this.#object(node);
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        return this.#closure(node);
      case "ClassExpression":
        return this.#class(node);
      case "AwaitExpression":
        return at(t.awaitExpression(this.expression(node.argument)), node);
      case "YieldExpression":
        return at(t.yieldExpression(node.argument ? this.expression(node.argument) : null, node.delegate), node);
      case "JSXElement":
      case "JSXFragment":
        return this.#jsx(node) as Expression;
      default:
        return this.#unsupported(node)[0] as never;
    }
  }

  #jsx(node: Node): Node {
    const copy = at(bareCopy(node), node) as unknown as Record<string, unknown>;
    for (const key of this.#t.VISITOR_KEYS[node.type] ?? []) {
      const child = copy[key] as Node | Node[] | null;
      const write = (c: Node): Node =>
        c.type.startsWith("JSX") ? this.#jsx(c) : this.#t.isExpression(c) ? this.expression(c) : c;
      copy[key] = Array.isArray(child) ? child.map(write) : child ? write(child) : child;
    }
    return copy as unknown as Node;
  }

  #argument(node: Node): Expression | types.SpreadElement {
    return node.type === "SpreadElement"
      ? at(this.#t.spreadElement(this.expression(node.argument)), node)
      : this.expression(node);
  }

  #binary(node: types.BinaryExpression): Expression {
    const t = this.#t;
    const { operator, left, right } = node;
    if (left.type === "PrivateName") {
      return at(t.binaryExpression("in", t.cloneNode(left) as never, this.expression(right)), node);
    }
    const helper = arithmetic[operator];
    if (helper) return this.#arithmetic(helper, operator, node, this.expression(left), this.expression(right), left, right);
    if (integer.has(operator)) this.#noteInteger(node, `'${operator}'`, left, right);
    if (equality.has(operator)) return this.#equality(node, left, right);
    if (ordering.has(operator)) {
      return at(t.binaryExpression(operator, this.#operand(left), this.#operand(right)), node);
    }
    if (integer.has(operator)) {
      return at(t.binaryExpression(operator, this.#seen(left), this.#seen(right)), node);
    }
    if (operator === "in" && left.type !== "StringLiteral") {
      return this.#help("has", node, [this.#seen(left), this.expression(right)]);
    }
    return at(t.binaryExpression(operator, this.expression(left), this.expression(right)), node);
  }

  #equality(node: types.BinaryExpression, left: Node, right: Node): Expression {
    const t = this.#t;
    const { operator } = node;
    const isStrict = operator.length === 3;
    // No number is equal to these, so it does not matter whether there is a tangent beside it.
    const decided = [left, right].some((e) => this.#isNothing(e) || (isStrict && (e.type === "StringLiteral" || e.type === "BooleanLiteral")));
    if (decided) return at(t.binaryExpression(operator, this.expression(left), this.expression(right)), node);
    this.#noteEquality(node, operator, left, right);
    const mayConvert = [left, right].some((e) => !this.#activity.isActiveNumber(e) && !this.#activity.isPrimitive(e));
    if (isStrict || !mayConvert) return at(t.binaryExpression(operator, this.#seen(left), this.#seen(right)), node);
    const equal = this.#help("looselyEqual", node, [this.expression(left), this.expression(right)]);
    return operator === "==" ? equal : at(t.unaryExpression("!", equal), node);
  }

  #isNothing(node: Node): boolean {
    return node.type === "NullLiteral" || this.context.isGlobal(node, "undefined");
  }

  /** What `<` and its like compare: an object's `valueOf` may give an active value. */
  #operand(node: Node): Expression {
    if (this.#activity.isPrimitive(node)) return this.expression(node);
    return this.#help(this.#activity.isActiveNumber(node) ? "plain" : "comparable", node, [this.expression(node)]);
  }

  #arithmetic(helper: string, operator: string, node: Node, a: Expression, b: Expression, left: Node, right: Node): Expression {
    const inactive = this.#activity.isPrimitive(left) && this.#activity.isPrimitive(right);
    return inactive
      ? at(this.#t.binaryExpression(operator as never, a, b), node)
      : this.#help(helper, node, [a, b]);
  }

  #noteInteger(node: Node, what: string, ...operands: Node[]): void {
    if (!operands.some((o) => this.#activity.isActiveNumber(o))) return;
    this.context.diagnostics.report("DUAL007", node, `${what} of an active value is constant between its jumps: its derivative is 0 here.`);
  }

  #noteEquality(node: Node, operator: string, left: Node, right: Node): void {
    if (!this.#activity.isActiveNumber(left) && !this.#activity.isActiveNumber(right)) return;
    this.context.diagnostics.report("DUAL008", node, `'${operator}' on an active value picks a branch at one point only: the derivative there is that of the branch, not of the function around it.`);
  }

  #logical(node: types.LogicalExpression): Expression {
    const t = this.#t;
    const { operator, left, right } = node;
    if (operator === "??" || this.#activity.isInactive(left)) {
      return at(t.logicalExpression(operator, this.expression(left), this.expression(right)), node);
    }
    return this.#withTemporary((temporary) => {
      const value = temporary();
      const test = this.#help("plain", left, [t.assignmentExpression("=", value, this.expression(left))]);
      const other = this.expression(right);
      const kept = t.cloneNode(value);
      return at(operator === "&&" ? t.conditionalExpression(test, other, kept) : t.conditionalExpression(test, kept, other), node);
    });
  }

  #unary(node: types.UnaryExpression): Expression {
    const t = this.#t;
    const { operator, argument } = node;
    switch (operator) {
      case "-":
      case "+": {
        const value = this.expression(argument);
        if (this.#activity.isPrimitive(argument)) return at(t.unaryExpression(operator, value), node);
        return this.#help(operator === "-" ? "neg" : "pos", node, [value]);
      }
      case "!":
        return at(t.unaryExpression("!", this.#test(argument)), node);
      case "~":
        this.#noteInteger(node, "'~'", argument);
        return at(t.unaryExpression("~", this.#seen(argument)), node);
      case "typeof":
        return at(t.unaryExpression("typeof", this.#seen(argument)), node);
      case "delete": {
        const target = unwrap(argument);
        if (target.type === "OptionalMemberExpression") return this.#deleteLink(node, target);
        const value = target.type === "MemberExpression" ? this.#plainMember(target) : this.expression(target);
        return at(t.unaryExpression("delete", value), node);
      }
      default:
        return at(t.unaryExpression(operator, this.expression(argument)), node);
    }
  }

  /** Reads and writes one place, having evaluated what leads to it once. */
  #place(target: Node, temporary: () => types.Identifier): { before: Expression[]; read: () => Expression; write: (value: Expression) => Expression } {
    const t = this.#t;
    const node = unwrap(target);
    if (node.type === "Identifier") {
      const name = () => at(t.identifier(node.name), node);
      return { before: [], read: name, write: (v) => at(t.assignmentExpression("=", name(), v), node) };
    }
    if (node.type !== "MemberExpression") return this.#unsupported(node) as never;
    const before: Expression[] = [];
    // A name that is never written needs no copy; everything else is evaluated once.
    const once = (value: Expression, original: Node): (() => Expression) => {
      const inner = unwrap(original);
      if (inner.type === "ThisExpression") return () => t.thisExpression();
      if (inner.type === "Identifier" && this.context.bindings.get(inner)?.constant) return () => t.identifier(inner.name);
      if (inner.type === "NumericLiteral" || inner.type === "StringLiteral") return () => t.cloneNode(inner);
      const kept = temporary();
      before.push(at(t.assignmentExpression("=", kept, value), original));
      return () => t.cloneNode(kept);
    };
    const object = node.object.type === "Super" ? () => t.super() : once(this.expression(node.object), node.object);
    if (!isPlaceOfElements(node)) {
      const key = node.computed ? once(this.#seen(node.property), node.property) : () => t.cloneNode(node.property) as Expression;
      const member = () => at(t.memberExpression(object() as Expression, key(), node.computed), node);
      return { before, read: member, write: (v) => at(t.assignmentExpression("=", member(), v), node) };
    }
    const key = node.computed ? once(this.#seen(node.property), node.property) : () => this.#key(node);
    return {
      before,
      read: () => this.#help("get", node, [object() as Expression, key()]),
      write: (v) => this.#help("set", node, [this.context.site(node), object() as Expression, key(), v]),
    };
  }

  #sequence(before: Expression[], last: Expression, node: Node): Expression {
    return before.length === 0 ? last : at(this.#t.sequenceExpression([...before, last]), node);
  }

  #update(node: types.UpdateExpression, discarded: boolean): Expression {
    const t = this.#t;
    const target = unwrap(node.argument);
    if (this.#activity.isPrimitive(target) && target.type === "Identifier") {
      return at(t.updateExpression(node.operator, t.identifier(target.name), node.prefix), node);
    }
    return this.#withTemporary((temporary) => {
      const place = this.#place(target, temporary);
      const changed = (from: Expression) => this.#help(node.operator === "++" ? "increment" : "decrement", node, [from]);
      const old = this.#help("numeric", node, [place.read()]);
      if (node.prefix || discarded) return this.#sequence(place.before, place.write(changed(old)), node);
      const kept = temporary();
      const keep = t.assignmentExpression("=", kept, old);
      const write = place.write(changed(t.cloneNode(kept)));
      return at(t.sequenceExpression([...place.before, keep, write, t.cloneNode(kept)]), node);
    });
  }

  #assignment(node: types.AssignmentExpression): Expression {
    const t = this.#t;
    const { operator } = node;
    const left = unwrap(node.left);
    if (operator === "=") {
      if (this.#isOuterWrite(left, node.right)) {
        const value = this.#kept(left, node, node.right, this.expression(node.right));
        return at(t.assignmentExpression("=", t.identifier((left as types.Identifier).name), value), node);
      }
      if (left.type === "MemberExpression" && isPlaceOfElements(left)) {
        const object = this.expression(left.object);
        const key = this.#key(left);
        return this.#help("set", node, [this.context.site(left), object, key, this.expression(node.right)]);
      }
      if (left.type === "Identifier") return at(t.assignmentExpression("=", at(t.identifier(left.name), left), this.expression(node.right)), node);
      const target = left.type === "MemberExpression" ? this.#plainMember(left) : this.#target(left);
      return at(t.assignmentExpression("=", target as never, this.expression(node.right)), node);
    }
    if (operator === "&&=" || operator === "||=" || operator === "??=") return this.#logicalAssignment(node, left);
    const binary = operator.slice(0, -1);
    if (integer.has(binary)) this.#noteInteger(node, `'${operator}'`, left, node.right);
    const inactive = this.#activity.isPrimitive(left) && this.#activity.isPrimitive(node.right);
    if (inactive && left.type === "Identifier") {
      return at(t.assignmentExpression(operator, t.identifier(left.name), this.expression(node.right)), node);
    }
    return this.#withTemporary((temporary) => {
      const place = this.#place(left, temporary);
      // The old value is read before the right side runs, which may change it.
      const old = place.read();
      const right = this.expression(node.right);
      const helper = arithmetic[binary];
      const value = helper
        ? this.#arithmetic(helper, binary, node, old, right, left, node.right)
        : t.binaryExpression(binary as never, this.#help("plain", left, [old]), this.#seen(node.right));
      const written = helper && this.#isOuterWrite(left, node.right) ? this.#kept(left, node, node.right, value) : value;
      return this.#sequence(place.before, place.write(written), node);
    });
  }

  #logicalAssignment(node: types.AssignmentExpression, left: Node): Expression {
    const t = this.#t;
    return this.#withTemporary((temporary) => {
      const place = this.#place(left, temporary);
      const kept = temporary();
      const read = t.assignmentExpression("=", kept, place.read());
      const right = this.expression(node.right);
      const write = place.write(this.#isOuterWrite(left, node.right) ? this.#kept(left, node, node.right, right) : right);
      const old = t.cloneNode(kept);
      const value =
        node.operator === "??="
          ? t.logicalExpression("??", read, write)
          : node.operator === "&&="
            ? t.conditionalExpression(this.#help("plain", left, [read]), write, old)
            : t.conditionalExpression(this.#help("plain", left, [read]), old, write);
      return this.#sequence(place.before, at(value, node), node);
    });
  }

  #member(node: types.MemberExpression): Expression {
    if (node.computed && node.object.type !== "Super" && !this.context.isGlobal(unwrap(node.object), "Math")) {
      const object = this.expression(node.object);
      const key = unwrap(node.property);
      if (key.type === "StringLiteral") return this.#plainMember(node);
      return this.#help("get", node, [object, this.expression(node.property)]);
    }
    if (node.property.type === "PrivateName" && this.#privateMethod(node.property)) {
      return this.#withTemporary((temporary) => this.#privateValue(node, this.expression(node.object), temporary).value);
    }
    return this.#plainMember(node);
  }

  /** A private method as a value; it cannot be given its twin where it is declared, so it gets it here. */
  #privateValue(node: types.MemberExpression | types.OptionalMemberExpression, object: Expression, temporary: () => types.Identifier): { value: Expression; self: types.Identifier } {
    const t = this.#t;
    const self = temporary();
    const name = node.property as types.PrivateName;
    const method = at(t.memberExpression(t.assignmentExpression("=", self, object), t.cloneNode(name)), node);
    const dual = this.#privateMethod(name);
    if (!dual || dual === name.id.name) return { value: dual ? this.#help("dualForm", node, [method]) : method, self };
    const form = t.memberExpression(t.cloneNode(self), t.privateName(t.identifier(dual)));
    return { value: this.#help("twin", node, [method, t.objectExpression([t.objectProperty(t.identifier("dual"), form)])]), self };
  }

  /** The name under which the dual form of a private method is to be found, if there is one. */
  #privateMethod(name: types.PrivateName): string | undefined {
    const member = this.context.privateMembers.get(name);
    if (member?.node.type !== "ClassPrivateMethod" || member.node.kind !== "method") return undefined;
    const owner = member.parentPath?.parentPath;
    // A class that is itself written inside the marked function is in dual form already.
    if (owner?.findParent((p) => p.node === this.root)) return name.id.name;
    return this.companions.privateDualName(member.node);
  }

  #object(node: types.ObjectExpression): Expression {
    const t = this.#t;
    let usesSuper = false;
    const properties = node.properties.map((p) => {
      if (p.type === "SpreadElement") {
        return at(t.spreadElement(this.#help("own", p, [this.expression(p.argument)])), p);
      }
      const key = p.computed ? this.expression(p.key) : (t.cloneNode(p.key) as Expression);
      if (p.type === "ObjectProperty") {
        return at(t.objectProperty(key, this.expression(p.value), p.computed, false), p);
      }
      if (p.kind !== "method") {
        const { params, body } = this.functionParts(p);
        return at(t.objectMethod(p.kind, key as never, params as never, body, p.computed), p);
      }
      if (mentionsSuper(t, p)) {
        usesSuper = true;
        const { params, body } = this.functionParts(p);
        return at(t.objectMethod("method", key as never, params as never, body, p.computed, p.generator, p.async), p);
      }
      return at(t.objectProperty(key, this.#closure(p), p.computed), p);
    });
    const object = at(t.objectExpression(properties), node);
    return usesSuper ? this.#help("dualMethods", node, [object]) : object;
  }

  // ---- calls

  #call(node: types.CallExpression): Expression {
    const t = this.#t;
    const callee = unwrap(node.callee);
    const args = () => node.arguments.map((a) => this.#argument(a));
    const native = (f: Node) => at(t.callExpression(f as Expression, args()), node);
    switch (callee.type) {
      case "Super":
        return at(t.callExpression(at(t.super(), callee), this.#superArguments(node, args())), node);
      case "Import":
        return native(at(t.import(), callee));
      case "Identifier": {
        if (this.context.isGlobal(callee, "eval")) {
          this.context.diagnostics.report("DUAL003", node, `eval cannot be differentiated: its code is known only when it runs. Write the code out, or pass a marked function.`);
        }
        if (this.isLocalFunction(callee)) return native(at(t.identifier(callee.name), callee));
        const dual = this.companions.dualName(callee);
        if (dual) {
          this.helpersUsed++;
          return native(at(t.identifier(dual), callee));
        }
        this.#checkKnownUnmarked(node, callee);
        return this.#help("call", node, [this.context.site(node), this.expression(callee), ...args()]);
      }
      case "MemberExpression":
        return this.#methodCall(node, callee, args);
      default:
        return this.#help("call", node, [this.context.site(node), this.expression(callee), ...args()]);
    }
  }

  // A parent class of another module may not be marked, and `super(...)` cannot be called by another name.
  #superArguments(node: types.CallExpression, args: (Expression | types.SpreadElement)[]): (Expression | types.SpreadElement)[] {
    const t = this.#t;
    const parent = this.context.superClasses.get(node);
    if (args.length === 0 || parent?.type !== "Identifier" || this.companions.isMarkedClass(parent)) return args;
    return [t.spreadElement(this.#help("superArguments", node, [this.context.site(node), t.identifier(parent.name), t.arrayExpression(args)]))];
  }

  #methodCall(node: types.CallExpression, callee: types.MemberExpression, args: () => (Expression | types.SpreadElement)[]): Expression {
    const t = this.#t;
    const site = this.context.site(node);
    const math = mathName(this.context, callee);
    if (math !== undefined) {
      const inactive = node.arguments.every((a) => a.type !== "SpreadElement" && this.#activity.isPrimitive(a));
      if (inactive) return at(t.callExpression(this.#plainMember(callee), args()), node);
      if (rules[math]?.kind === "constant") this.#noteInteger(node, `Math.${math}`, ...node.arguments);
      this.helpersUsed++;
      const f = t.memberExpression(at(this.context.helper("math"), callee), t.identifier(math));
      return at(t.callExpression(at(f, callee), args()), node);
    }
    if (callee.object.type === "Super") {
      return this.#help("invoke", node, [site, this.#plainMember(callee), t.thisExpression(), t.arrayExpression(args())]);
    }
    if (callee.property.type === "PrivateName") return this.#privateCall(node, callee, callee.property, args);
    if (node.arguments.every((a) => isQuiet(t, a))) {
      return this.#help("callMethod", node, [site, this.expression(callee.object), this.#key(callee), ...args()]);
    }
    // The method is read before its arguments run, which may put another one in its place.
    return this.#withTemporary((temporary) => {
      const { value, self } = this.#linkBase(callee, temporary);
      return this.#help("invoke", node, [site, value, self as Expression, t.arrayExpression(args())]);
    });
  }

  #privateCall(node: types.CallExpression, callee: types.MemberExpression, name: types.PrivateName, args: () => (Expression | types.SpreadElement)[]): Expression {
    const t = this.#t;
    const dual = this.#privateMethod(name);
    if (dual !== undefined) {
      this.helpersUsed++;
      const method = t.memberExpression(this.expression(callee.object), t.privateName(t.identifier(dual)));
      return at(t.callExpression(at(method, callee), args()), node);
    }
    return this.#withTemporary((temporary) => {
      const self = temporary();
      const read = t.memberExpression(t.assignmentExpression("=", self, this.expression(callee.object)), t.cloneNode(name));
      return this.#help("invoke", node, [this.context.site(node), at(read, callee), t.cloneNode(self), t.arrayExpression(args())]);
    });
  }

  // Functions of the host that take numbers apart or send them away: nothing of a tangent comes back.
  #checkKnownUnmarked(node: types.CallExpression, callee: types.Identifier): void {
    const name = ["structuredClone", "atob", "btoa", "encodeURIComponent", "fetch"].find((n) => this.context.isGlobal(callee, n));
    const source = this.context.bindings.get(callee)?.path.parent;
    const fromNode = source?.type === "ImportDeclaration" && source.source.value.startsWith("node:");
    if (name === undefined && !fromNode) return;
    if (!node.arguments.some((a) => this.#activity.isActiveNumber(a))) return;
    this.context.diagnostics.report(
      "DUAL006",
      node,
      `'${callee.name}' is not marked and gets an active value, so its derivative would be lost. ` +
        `Give it primalOf(value) if the derivative does not matter there, or a rule with customJvp().`,
    );
  }

  #construct(node: types.NewExpression): Expression {
    const t = this.#t;
    const callee = unwrap(node.callee);
    if (callee.type === "Identifier" && plainConstructors.has(callee.name) && this.context.isGlobal(callee, callee.name)) {
      const args = node.arguments.map((a) => (a.type === "SpreadElement" ? this.#argument(a) : this.#seen(a)));
      return at(t.newExpression(this.expression(callee), args), node);
    }
    const args = node.arguments.map((a) => this.#argument(a));
    return this.#help("construct", node, [this.context.site(node), this.expression(callee), ...args]);
  }

  #taggedTemplate(node: types.TaggedTemplateExpression): Expression {
    const t = this.#t;
    const tag = unwrap(node.tag);
    const quasi = this.expression(node.quasi) as types.TemplateLiteral;
    const site = this.context.site(node);
    const write = (f: Expression, self: Expression) =>
      at(t.taggedTemplateExpression(this.#help("tagged", node, [site, f, self]), quasi), node);
    if (tag.type !== "MemberExpression" || tag.object.type === "Super") return write(this.expression(tag), t.identifier("undefined"));
    return this.#withTemporary((temporary) => {
      const self = temporary();
      const key = tag.computed ? this.#seen(tag.property) : (t.cloneNode(tag.property) as Expression);
      const f = t.memberExpression(t.assignmentExpression("=", self, this.expression(tag.object)), key, tag.computed);
      return write(f, t.cloneNode(self));
    });
  }

  /** Optional chains, written out with a temporary for each link that may be missing. */
  #chain(root: Node): Expression {
    const t = this.#t;
    return this.#withTemporary((temporary) => {
      const missing: Expression[] = [];
      const guard = (value: Expression): Expression => {
        const kept = temporary();
        missing.push(t.binaryExpression("==", t.assignmentExpression("=", kept, value), t.nullLiteral()));
        return t.cloneNode(kept);
      };
      // The value of a link, and for a method the object it is called on.
      const link = (expression: Node): { value: Expression; self?: Expression } => {
        const node = unwrap(expression);
        if (!isChainLink(node) || !hasOptional(node)) return this.#linkBase(node, temporary);
        if (node.type === "OptionalMemberExpression" || node.type === "MemberExpression") {
          const base = link(node.object).value;
          let object = node.type === "OptionalMemberExpression" && node.optional ? guard(base) : base;
          if (node.property.type === "PrivateName") return this.#privateValue(node, object, temporary);
          const self = temporary();
          object = t.assignmentExpression("=", self, object);
          const key = node.computed ? this.expression(node.property) : (t.cloneNode(node.property) as Expression);
          const value = node.computed
            ? this.#help("get", node, [object, key])
            : at(t.memberExpression(object, key), node);
          return { value, self };
        }
        const callee = link(node.callee);
        const f = node.type === "OptionalCallExpression" && node.optional ? guard(callee.value) : callee.value;
        const self = callee.self ? t.cloneNode(callee.self) : t.identifier("undefined");
        const args = node.arguments.map((a) => this.#argument(a as Node));
        return { value: this.#help("invoke", node, [this.context.site(node), f, self, t.arrayExpression(args)]) };
      };
      const { value } = link(root);
      return missing.reduceRight<Expression>(
        (rest, test) => t.conditionalExpression(test, t.unaryExpression("void", t.numericLiteral(0)), rest),
        value,
      );
    });
  }

  /** The value that a chain or call starts from, and for a member the object it is of, evaluated once. */
  #linkBase(expression: Node, temporary: () => types.Identifier): { value: Expression; self?: Expression } {
    const t = this.#t;
    const node = unwrap(expression);
    if (node.type !== "MemberExpression") return { value: this.expression(node) };
    if (node.object.type === "Super") return { value: this.#plainMember(node), self: t.thisExpression() };
    const inner = unwrap(node.object);
    const isFixed = inner.type === "ThisExpression" || (inner.type === "Identifier" && this.context.bindings.get(inner)?.constant);
    const value = this.expression(inner);
    if (node.property.type === "PrivateName") return this.#privateValue(node, value, temporary);
    const self = isFixed ? t.cloneNode(value) : temporary();
    const object = isFixed ? value : t.assignmentExpression("=", self as types.Identifier, value);
    const read = node.computed
      ? this.#help("get", node, [object, this.expression(node.property)])
      : at(t.memberExpression(object, t.cloneNode(node.property) as Expression), node);
    return { value: read, self: t.cloneNode(self) };
  }

  #deleteLink(node: types.UnaryExpression, target: types.OptionalMemberExpression): Expression {
    const t = this.#t;
    return this.#withTemporary((temporary) => {
      const object = temporary();
      const reached = t.assignmentExpression("=", object, this.expression(target.object));
      const key = target.computed ? this.#seen(target.property) : (t.cloneNode(target.property) as Expression);
      const remove = (of: Expression) => at(t.unaryExpression("delete", t.memberExpression(of, key, target.computed)), node);
      const missing = t.binaryExpression("==", reached, t.nullLiteral());
      return at(t.conditionalExpression(missing, t.booleanLiteral(true), remove(t.cloneNode(object))), node);
    });
  }

  #unsupported(node: Node): never[] {
    this.context.diagnostics.report("DUAL009", node, `dualize does not know how to differentiate this syntax (${node.type}).`);
    return [];
  }
}

/** Gives a made node the place of the node it stands for. */
export function at<N extends Node>(node: N, original: Node): N {
  node.loc = original.loc;
  node.start = original.start;
  node.end = original.end;
  return node;
}

const conciseBody = (node: FunctionNode, body: types.BlockStatement): types.BlockStatement | Expression => {
  const [only] = body.body;
  const wasConcise = node.body.type !== "BlockStatement";
  return wasConcise && body.body.length === 1 && only?.type === "ReturnStatement" && only.argument ? only.argument : body;
};

const isChainLink = (
  node: Node,
): node is types.OptionalMemberExpression | types.OptionalCallExpression | types.MemberExpression | types.CallExpression =>
  node.type === "OptionalMemberExpression" ||
  node.type === "OptionalCallExpression" ||
  node.type === "MemberExpression" ||
  node.type === "CallExpression";

/** Whether a chain of accesses and calls has an optional link that belongs to the same chain. */
function hasOptional(node: Node): boolean {
  return node.type === "OptionalMemberExpression" || node.type === "OptionalCallExpression";
}

function mentionsSuper(t: ModuleContext["t"], node: Node): boolean {
  let found = false;
  t.traverseFast(node, (n) => {
    if (n.type === "Super") found = true;
  });
  return found;
}

/** `constructor(public x: number)` assigns its parameters to fields, after `super()` where there is one. */
export function addParameterProperties(t: ModuleContext["t"], node: types.ClassMethod, body: types.BlockStatement): void {
  const assignments = node.params.flatMap((p) => {
    if (p.type !== "TSParameterProperty") return [];
    const id = p.parameter.type === "AssignmentPattern" ? p.parameter.left : p.parameter;
    const { name } = id as types.Identifier;
    const field = t.memberExpression(t.thisExpression(), t.identifier(name));
    return [t.expressionStatement(t.assignmentExpression("=", field, t.identifier(name)))];
  });
  const superCall = body.body.findIndex(
    (s) => s.type === "ExpressionStatement" && s.expression.type === "CallExpression" && s.expression.callee.type === "Super",
  );
  body.body.splice(superCall + 1, 0, ...assignments);
}

/** Whether a member is reached by a key that may be an index, or is the length of something. */
const isPlaceOfElements = (node: types.MemberExpression): boolean =>
  node.object.type !== "Super" &&
  node.property.type !== "PrivateName" &&
  (node.computed || (node.property.type === "Identifier" && node.property.name === "length"));

/** Whether evaluating an argument changes nothing that the callee could be reached by. */
function isQuiet(t: ModuleContext["t"], node: Node): boolean {
  if (isFunction(node)) return true;
  switch (node.type) {
    case "AssignmentExpression":
    case "UpdateExpression":
    case "CallExpression":
    case "OptionalCallExpression":
    case "NewExpression":
    case "TaggedTemplateExpression":
    case "AwaitExpression":
    case "YieldExpression":
    case "ClassExpression":
    case "ImportExpression":
      return false;
    case "UnaryExpression":
      return node.operator !== "delete" && isQuiet(t, node.argument);
    default:
      return (t.VISITOR_KEYS[node.type] ?? []).every((key) => {
        const child = (node as unknown as Record<string, Node | (Node | null)[] | null>)[key];
        return [child].flat().every((c) => !c || isQuiet(t, c));
      });
  }
}
