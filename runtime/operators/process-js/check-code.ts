/**
 * User code before it runs: a module that exports its handlers. What is wrong with it is found here, for the editor and for the run
 * alike; `toScript` is the same text as a script, each character in its place, so that positions in errors are those of the user's text.
 */
import { parse, type Node, type Program } from 'acorn';
import type { TextRange } from '../../core/diagnostics.ts';
import { say } from '../../core/say.ts';

export const HANDLERS = ['onOpen', 'onRow', 'onTimer', 'onEnd'] as const;
export type Handler = (typeof HANDLERS)[number];

/** Node 20 and Electron's engine have it. */
const ECMA_VERSION = 2023;

export type StateKind = 'value' | 'list' | 'map';

/** A call such as `ctx.state.value('count')` whose name can be read without running it. */
export interface StateUse {
  readonly kind: StateKind;
  readonly name: string;
  readonly range: TextRange;
}

export interface PortUse {
  readonly port: string;
  readonly range: TextRange;
}

export interface CodeProblem {
  readonly code: 'MR1701' | 'MR1702';
  readonly message: string;
  readonly range: TextRange;
}

export interface CheckedCode {
  /** Names of the exported handlers inside the module, by what they are exported as. */
  readonly handlers: ReadonlyMap<Handler, string>;
  readonly states: readonly StateUse[];
  readonly ports: readonly PortUse[];
  readonly problems: readonly CodeProblem[];
  /** The module without its `export`s; '' where it cannot be read. */
  readonly script: string;
}

/** Total: any text gives an answer. */
export function checkCode(text: string): CheckedCode {
  let program: Program;
  try {
    program = parse(text, { ecmaVersion: ECMA_VERSION, sourceType: 'module', allowAwaitOutsideFunction: false });
  } catch (error) {
    return { handlers: new Map(), states: [], ports: [], problems: [syntaxProblem(text, error)], script: '' };
  }
  const module = new ModuleReader(text);
  for (const statement of program.body) module.read(statement);
  module.finish();
  const uses = new UseReader();
  visit(program, (node) => uses.read(node));
  return {
    handlers: module.handlers,
    states: uses.states,
    ports: uses.ports,
    problems: [...module.problems, ...uses.problems],
    script: module.script,
  };
}

function syntaxProblem(text: string, error: unknown): CodeProblem {
  const { message, pos } = error as { readonly message: string; readonly pos?: number };
  const start = Math.min(pos ?? 0, Math.max(0, text.length - 1));
  return {
    code: 'MR1701',
    // Acorn ends its messages with line and column, which the range says.
    message: message.replace(/ \(\d+:\d+\)$/, ''),
    range: { start, end: Math.min(text.length, start + 1) },
  };
}

/** What acorn's nodes have beside their place; which of it, `type` says. */
interface AnyNode extends Node {
  readonly [key: string]: unknown;
}

class ModuleReader {
  readonly handlers = new Map<Handler, string>();
  readonly problems: CodeProblem[] = [];
  script: string;
  readonly #text: string;
  /** Top-level functions by name. */
  readonly #functions = new Map<string, AnyNode>();

  constructor(text: string) {
    this.#text = text;
    this.script = text;
  }

  read(statement: Node): void {
    const node = statement as AnyNode;
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
        return this.#refuse(node, say`the code cannot import: it sees JavaScript itself, the row and the context`);
      case 'ExportDefaultDeclaration':
        return this.#refuse(node, say`export handlers by name: ${HANDLERS.join(', ')}`);
      case 'ExportNamedDeclaration':
        return this.#readExport(node);
      default:
        this.#note(node);
    }
  }

  /** Once all statements are read. */
  finish(): void {
    if (!this.handlers.has('onRow')) {
      this.problems.push({
        code: 'MR1702',
        message: say`the code exports no onRow: write "export function onRow(row, ctx) { … }"`,
        range: { start: 0, end: this.#text.length },
      });
    }
    for (const [handler, local] of this.handlers) {
      const node = this.#functions.get(local);
      if (node?.generator === true)
        this.#refuse(node, say`${handler} cannot be a generator: it emits through ctx.emit`);
    }
  }

  #readExport(node: AnyNode): void {
    if (node.source !== null) return this.#refuse(node, say`the code cannot import`);
    const declaration = node.declaration as AnyNode | null;
    if (declaration !== null) {
      this.#blank(node.start, declaration.start);
      for (const name of this.#note(declaration)) this.#export(name, name, node);
      return;
    }
    this.#blank(node.start, node.end);
    for (const specifier of node.specifiers as readonly AnyNode[]) {
      this.#export(nameOf(specifier.exported), nameOf(specifier.local), specifier);
    }
  }

  #export(name: string, local: string, node: Node): void {
    const handler = HANDLERS.find((one) => one === name);
    if (handler !== undefined) this.handlers.set(handler, local);
    else this.#refuse(node, say`"${name}" is no handler; handlers are ${HANDLERS.join(', ')}`);
  }

  /** Remembers the functions that a statement declares; the names it declares. */
  #note(node: AnyNode): string[] {
    if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') {
      const name = nameOf(node.id);
      this.#functions.set(name, node);
      return [name];
    }
    if (node.type !== 'VariableDeclaration') return [];
    return (node.declarations as readonly AnyNode[]).flatMap(({ id, init }) => {
      const name = nameOf(id);
      if (init !== null) this.#functions.set(name, init as AnyNode);
      return [name];
    });
  }

  #refuse(node: Node, message: string): void {
    this.problems.push({ code: 'MR1702', message, range: { start: node.start, end: node.end } });
  }

  /** A semicolon and blanks, so that what stood apart does not become one statement. */
  #blank(start: number, end: number): void {
    const gone = this.script.slice(start, end).replace(/[^\n\r\u2028\u2029]/g, ' ');
    this.script = `${this.script.slice(0, start)};${gone.slice(1)}${this.script.slice(end)}`;
  }
}

/** Of an identifier, or of the text that an export may be named by; '' of a pattern. */
function nameOf(node: unknown): string {
  const { name, value } = node as { readonly name?: unknown; readonly value?: unknown };
  return typeof name === 'string' ? name : typeof value === 'string' ? value : '';
}

class UseReader {
  readonly states: StateUse[] = [];
  readonly ports: PortUse[] = [];
  readonly problems: CodeProblem[] = [];

  read(node: AnyNode): void {
    if (node.type === 'ImportExpression') this.#refuse(node, say`the code cannot import`);
    if (node.async === true) this.#refuse(node, say`the code cannot wait: rows are handled one after the other`);
    if (node.type !== 'CallExpression') return;
    const [first] = node.arguments as readonly AnyNode[];
    const member = memberOf(node.callee);
    if (member === null || first?.type !== 'Literal' || typeof first.value !== 'string') return;
    const range = { start: first.start, end: first.end };
    const { object, name } = member;
    if (name === 'emit' && nameOf(object) === 'ctx') this.ports.push({ port: first.value, range });
    const owner = memberOf(object);
    if (owner?.name === 'state' && (name === 'value' || name === 'list' || name === 'map')) {
      this.states.push({ kind: name, name: first.value, range });
    }
  }

  #refuse(node: Node, message: string): void {
    this.problems.push({ code: 'MR1702', message, range: { start: node.start, end: node.end } });
  }
}

function memberOf(node: unknown): { readonly object: AnyNode; readonly name: string } | null {
  const { type, object, property, computed } = node as AnyNode;
  if (type !== 'MemberExpression' || computed === true) return null;
  return { object: object as AnyNode, name: nameOf(property) };
}

function visit(node: Node, look: (node: AnyNode) => void): void {
  const waiting = [node as AnyNode];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    look(next);
    for (const part of Object.values(next)) {
      if (Array.isArray(part)) waiting.push(...part.filter(isNode));
      else if (isNode(part)) waiting.push(part);
    }
  }
}

function isNode(part: unknown): part is AnyNode {
  return typeof part === 'object' && part !== null && 'type' in part && typeof part.type === 'string';
}
