/** What is wrong with a document's test cases: places that are not there, rows that do not fit their schema, steps that cannot be. */
import { CHANGE_SIGNS } from '../core/batch.ts';
import { printPath } from '../core/config.ts';
import type { DiagnosticCode } from '../core/diagnostic-codes.ts';
import type { Diagnostic } from '../core/diagnostics.ts';
import type { NodeId } from '../core/ids.ts';
import { isSink, type PortSpec } from '../core/operator.ts';
import { say } from '../core/say.ts';
import type { StreamShape } from '../core/schema.ts';
import { parseDuration, parseTimestamp } from '../core/time.ts';
import { printDataType } from '../core/types.ts';
import { valueOfJson } from '../formats/json-value.ts';
import {
  CHANGE_KEY,
  DEFAULT_OUTPUT,
  TIME_KEY,
  type CaseRow,
  type Expectation,
  type RowsStep,
  type TestCase,
  type TestStep,
} from '../graph/index.ts';
import type { AnalyzedNode } from './validator.ts';

type Nodes = ReadonlyMap<NodeId, AnalyzedNode>;
type Path = readonly (string | number)[];

/** Where an expectation looks: an output port, or what comes to a sink. */
export interface ExpectedPlace {
  /** Null: the rows that come to the node. */
  readonly port: string | null;
  /** Null while it cannot be known. */
  readonly shape: StreamShape | null;
}

/** Problems of all cases, errors as such: a case that has one cannot run, whatever the rest of the document is like. */
export function testCaseProblems(tests: readonly TestCase[], nodes: Nodes): Diagnostic[] {
  const seen = new Set<string>();
  return tests.flatMap((one, index) => {
    const check = new CaseCheck(one, index, nodes);
    if (seen.has(one.name)) check.problem('MR1904', ['name'], say`there is another case of this name`);
    seen.add(one.name);
    return check.run();
  });
}

export function expectedPlace({ node, port }: Expectation, nodes: Nodes): ExpectedPlace | null {
  const analyzed = nodes.get(node);
  if (analyzed === undefined) return null;
  const { ports, outputs, inputs } = analyzed;
  if (isSink(analyzed) && port === undefined) return { port: null, shape: inputs[0]?.shape ?? null };
  const name = port ?? DEFAULT_OUTPUT;
  if (!ports.outputs.some((one) => one.name === name)) return null;
  return { port: name, shape: outputs[name] ?? null };
}

class CaseCheck {
  readonly #case: TestCase;
  readonly #index: number;
  readonly #nodes: Nodes;
  readonly #found: Diagnostic[] = [];

  constructor(testCase: TestCase, index: number, nodes: Nodes) {
    this.#case = testCase;
    this.#index = index;
    this.#nodes = nodes;
  }

  run(): readonly Diagnostic[] {
    const { steps, expect, startAt } = this.#case;
    if (parseTimestamp(startAt) === null) this.problem('MR1903', ['startAt'], say`"${startAt}" is no time${TIME_HINT}`);
    steps.forEach((step, i) => this.#checkStep(step, ['steps', i]));
    expect.forEach((expectation, i) => this.#checkExpectation(expectation, ['expect', i]));
    if (expect.length === 0)
      this.problem('MR1905', ['expect'], say`it expects nothing, so it passes whenever it runs`, 'warning');
    return this.#found;
  }

  problem(code: DiagnosticCode, path: Path, message: string, severity: Diagnostic['severity'] = 'error'): void {
    this.#found.push({
      severity,
      code,
      message: say`test "${this.#case.name}"${placeOf(path)}: ${message}`,
      path: printPath(['tests', this.#index, ...path]),
    });
  }

  #checkStep(step: TestStep, path: Path): void {
    if ('advance' in step) {
      const duration = parseDuration(step.advance);
      if (!duration.ok) this.problem('MR1903', [...path, 'advance'], duration.error);
      return;
    }
    const node = this.#nodes.get(step.node);
    if (node === undefined) return this.problem('MR1901', [...path, 'node'], say`there is no node "${step.node}"`);
    if (node.spec !== null && node.ports.outputs.length === 0) {
      return this.problem('MR1901', [...path, 'node'], say`"${step.node}" has no output that rows could leave`);
    }
    if ('watermark' in step) this.#checkWatermark(step.watermark, node, path);
    else if ('rows' in step) this.#checkRows(step, node, path);
  }

  #checkWatermark(watermark: string, { outputs }: AnalyzedNode, path: Path): void {
    const at = [...path, 'watermark'];
    if (parseTimestamp(watermark) === null) this.problem('MR1903', at, say`"${watermark}" is no time${TIME_HINT}`);
    const shapes = Object.values(outputs);
    if (shapes.length > 0 && !shapes.some(({ eventTime }) => eventTime)) {
      this.problem('MR1903', at, say`the rows of this node have no event time, so there is no watermark`);
    }
  }

  #checkRows(step: RowsStep, node: AnalyzedNode, path: Path): void {
    const { ports, outputs, traits, spec } = node;
    if (spec !== null && !ports.outputs.some(({ name }) => name === step.port)) {
      return this.problem(
        'MR1901',
        [...path, 'port'],
        say`"${step.node}" has no output "${step.port}"${choices(ports.outputs)}`,
      );
    }
    const shape = outputs[step.port];
    if (shape === undefined) return;
    const asksTime = shape.eventTime && (traits?.rowTime ?? null) === null;
    step.rows.forEach((row, i) => {
      this.#checkRow(row, shape, [...path, 'rows', i]);
      if (asksTime && row[TIME_KEY] === undefined) {
        const message = say`the rows of "${step.node}" have an event time that none of their fields holds: say it as "${TIME_KEY}"`;
        this.problem('MR1903', [...path, 'rows', i], message);
      }
    });
  }

  #checkExpectation(expectation: Expectation, path: Path): void {
    const { node, port, rows, ignore } = expectation;
    const analyzed = this.#nodes.get(node);
    if (analyzed === undefined) return this.problem('MR1901', [...path, 'node'], say`there is no node "${node}"`);
    if (analyzed.spec === null) return;
    const place = expectedPlace(expectation, this.#nodes);
    if (place === null) {
      const message = say`"${node}" has no output "${port ?? DEFAULT_OUTPUT}"${choices(analyzed.ports.outputs)}`;
      return this.problem('MR1901', [...path, 'port'], message);
    }
    const { shape } = place;
    if (shape === null) return;
    rows.forEach((row, i) => this.#checkRow(row, shape, [...path, 'rows', i], new Set(ignore)));
    const names = new Set(shape.schema.fields.map(({ name }) => name));
    ignore.forEach((name, i) => {
      if (!names.has(name)) this.problem('MR1902', [...path, 'ignore', i], say`there is no field "${name}"`);
    });
  }

  #checkRow(
    row: CaseRow,
    { schema, changelog }: StreamShape,
    path: Path,
    ignored: ReadonlySet<string> = NOTHING,
  ): void {
    const fields = new Map(schema.fields.map((field) => [field.name, field]));
    for (const key of Object.keys(row)) {
      if (!fields.has(key) && key !== CHANGE_KEY && key !== TIME_KEY) {
        const known = [...fields.keys()].join(', ');
        this.problem('MR1902', [...path, key], say`there is no field "${key}"; there are ${known || 'none'}`);
      }
    }
    for (const field of schema.fields) {
      const { name, type, nullable } = field;
      if (ignored.has(name)) continue;
      const cell = Object.hasOwn(row, name) ? (row[name] ?? null) : null;
      if (cell === null && !nullable) this.problem('MR1902', [...path, name], say`"${name}" cannot be NULL`);
      else if (valueOfJson(type, cell) === undefined) {
        this.problem(
          'MR1902',
          [...path, name],
          say`${JSON.stringify(cell)} is no ${printDataType(type)} for "${name}"`,
        );
      }
    }
    const change = row[CHANGE_KEY] ?? '+I';
    if (!(CHANGE_SIGNS as readonly unknown[]).includes(change)) {
      this.problem(
        'MR1903',
        [...path, CHANGE_KEY],
        say`${JSON.stringify(change)} is no change kind: ${CHANGE_SIGNS.join(', ')}`,
      );
    } else if (change !== '+I' && changelog === 'append') {
      this.problem('MR1903', [...path, CHANGE_KEY], say`the stream has no updates, so there is no "${String(change)}"`);
    }
    const time = row[TIME_KEY];
    if (time !== undefined && (typeof time !== 'string' || parseTimestamp(time) === null)) {
      this.problem('MR1903', [...path, TIME_KEY], say`${JSON.stringify(time)} is no time${TIME_HINT}`);
    }
  }
}

const NOTHING: ReadonlySet<string> = new Set();
const TIME_HINT = say`: write "2026-01-01T00:05:00Z"`;

/** ` step 2, row 1, field "amount"`, counted as people do. */
function placeOf(path: Path): string {
  const [list, index, , row, field] = path;
  if (typeof index !== 'number') return '';
  const parts = [`${list === 'steps' ? 'step' : 'expectation'} ${index + 1}`];
  if (typeof row === 'number' && path[2] === 'rows') parts.push(say`row ${row + 1}`);
  if (typeof field === 'string') parts.push(say`field "${field}"`);
  return `, ${parts.join(', ')}`;
}

function choices(ports: readonly PortSpec[]): string {
  return ports.length === 0 ? '' : say`; it has ${ports.map(({ name }) => `"${name}"`).join(', ')}`;
}
