import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import type { OperatorSpec, Report } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { fieldIndex, type Schema, type StreamShape } from '../../core/schema.ts';
import { printDataType, type Field } from '../../core/types.ts';
import { namedPorts } from '../shared/named-ports.ts';
import { checkCode, type CheckedCode } from './check-code.ts';
import { codeTypings } from './typings.ts';

/** Port of what is emitted without naming one. */
export const MAIN_PORT = 'out';

const START = `/** @type {OnRow} */
export function onRow(row, ctx) {
  ctx.emit(row);
}
`;

const config = configSpec({
  code: c.script(
    {
      label: 'Code',
      help: 'A JavaScript module that exports onRow(row, ctx), and onTimer(at, ctx), onOpen(ctx), onEnd(ctx) as needed.',
    },
    { start: START, typings: codeTypings },
  ),
  keys: c.withDefault(
    c.fields({
      label: 'Keys',
      help: 'State and timers belong to the values of these fields. None: rows are handled one by one, without state.',
    }),
    [],
  ),
  outputSchema: c.columns({ label: 'Output schema', help: 'Fields of the rows that the code emits.' }),
  sideOutputs: c.withDefault(
    c.list(
      { label: 'Side outputs', help: "Further outputs, for ctx.emit('port', row)." },
      c.object(
        { label: 'Side output', help: 'A port and the fields of its rows.' },
        {
          port: c.text({ label: 'Port', help: 'Name of the output port.' }),
          schema: c.columns({ label: 'Schema', help: 'Fields of the rows that leave there.' }),
        },
      ),
      { itemLabel: 'side output' },
    ),
    [],
  ),
  state: c.withDefault(
    c.list(
      { label: 'State', help: 'What is kept per key, for ctx.state: it is in checkpoints and savepoints.' },
      c.object(
        { label: 'State', help: 'A state and what it holds.' },
        {
          name: c.text({ label: 'Name', help: "As in ctx.state.value('name')." }),
          kind: c.choice(
            { label: 'Kind', help: 'One value, a list of values, or values by a text.' },
            { value: 'Value', list: 'List', map: 'Map' },
          ),
          type: c.optional(
            c.dataType({
              label: 'Type',
              help: 'Of a value. Empty: anything that JSON can hold, bigint, bytes and Map.',
            }),
          ),
          ttl: c.optional(
            c.duration({ label: 'TTL', help: 'Forgotten so long after it was last written. Empty or 0: never.' }),
          ),
        },
      ),
      { itemLabel: 'state' },
    ),
    [],
  ),
});
export type ProcessJsConfig = ConfigOf<typeof config>;
export type StateDeclaration = ProcessJsConfig['state'][number];

export const processJsSpec: OperatorSpec<ProcessJsConfig> = {
  type: 'process.js',
  version: 1,
  label: 'JavaScript',
  summary: 'Runs your own code on every row, with state and timers per key.',
  category: 'code',
  keywords: ['process function', 'keyedprocessfunction', 'script', 'user code', 'udf', 'map', 'flatmap', 'custom'],
  config,
  ports: (raw) => ({
    inputs: [{ name: 'in', label: 'Input' }],
    outputs: [
      { name: MAIN_PORT, label: 'Output' },
      ...sidePorts(raw.sideOutputs).map((name) => ({ name, label: name, isOptional: true })),
    ],
  }),
  traits: ({ keys }) => ({
    isStateful: keys.length > 0,
    // Timers emit between rows.
    keepsOrder: keys.length === 0,
    needsEventTime: false,
    assignsWatermarks: false,
    emitsBehindWatermark: false,
    acceptsUpdates: false,
    maxParallelism: null,
    runsUserCode: true,
  }),
  distribution: ({ keys }) => (keys.length === 0 ? { type: 'any' } : { type: 'hash', fields: keys }),
  infer(config, [input], report) {
    const checked = checkCode(config.code);
    for (const problem of checked.problems) report({ ...problem, path: 'code' });
    checkStates(config, checked, report);
    checkPorts(config, checked, report);
    checkFields(config.outputSchema, 'outputSchema', report);
    config.sideOutputs.forEach(({ schema }, i) => checkFields(schema, `sideOutputs[${i}].schema`, report));
    if (input === undefined) return {};
    checkKeys(config, checked, input.shape.schema, report);
    const shapeOf = (fields: readonly Field[]): StreamShape => ({
      schema: { fields: uniqueFields(fields) },
      eventTime: input.shape.eventTime,
      changelog: 'append',
      bounded: input.shape.bounded,
    });
    const sides = new Map(config.sideOutputs.map(({ port, schema }) => [port, shapeOf(schema)]));
    return {
      ...Object.fromEntries(sidePorts(config.sideOutputs).map((port) => [port, sides.get(port)!])),
      [MAIN_PORT]: shapeOf(config.outputSchema),
    };
  },
  describe: ({ code, keys }, say) => {
    const lines = code.split('\n').filter((line) => line.trim() !== '').length;
    const size = lines === 1 ? say`1 line` : say`${lines} lines`;
    return keys.length === 0 ? size : say`${size}, by ${keys.join(', ')}`;
  },
};

function sidePorts(sideOutputs: unknown): readonly string[] {
  return namedPorts(sideOutputs, MAIN_PORT);
}

function checkStates({ state, keys }: ProcessJsConfig, { states }: CheckedCode, report: Report): void {
  state.forEach(({ name }, i) => {
    if (state.findIndex((other) => other.name === name) < i) {
      report({ code: 'MR1203', message: say`there are two states "${name}"`, path: `state[${i}].name` });
    }
  });
  if (state.length > 0 && keys.length === 0) {
    report({ code: 'MR1702', message: say`state belongs to keys, and there are none`, path: 'state' });
  }
  for (const { kind, name, range } of states) {
    const declared = state.find((one) => one.name === name);
    if (declared?.kind === kind) continue;
    const message =
      declared === undefined
        ? say`there is no state "${name}": declare it under "state"`
        : say`state "${name}" is declared as a ${declared.kind}, not a ${kind}`;
    report({ code: 'MR1702', message, path: 'code', range });
  }
}

function checkPorts({ sideOutputs }: ProcessJsConfig, { ports }: CheckedCode, report: Report): void {
  const names = [MAIN_PORT, ...sideOutputs.map(({ port }) => port)];
  sideOutputs.forEach(({ port }, i) => {
    if (names.indexOf(port) < i + 1) {
      report({ code: 'MR1203', message: say`there is another output "${port}"`, path: `sideOutputs[${i}].port` });
    }
  });
  for (const { port, range } of ports) {
    if (names.includes(port)) continue;
    const message = say`there is no output "${port}"; outputs are ${names.join(', ')}`;
    report({ code: 'MR1702', message, path: 'code', range });
  }
}

function checkFields(fields: readonly Field[], path: string, report: Report): void {
  fields.forEach(({ name }, i) => {
    if (fields.findIndex((other) => other.name === name) < i) {
      report({ code: 'MR1402', message: say`there are two fields "${name}"`, path: `${path}[${i}].name` });
    }
  });
}

function uniqueFields(fields: readonly Field[]): readonly Field[] {
  return fields.filter(({ name }, i) => fields.findIndex((other) => other.name === name) === i);
}

function checkKeys({ keys }: ProcessJsConfig, { handlers }: CheckedCode, schema: Schema, report: Report): void {
  if (keys.length === 0 && handlers.has('onTimer')) {
    report({ code: 'MR1702', message: say`timers belong to keys: choose "keys", or take onTimer away`, path: 'keys' });
  }
  keys.forEach((name, i) => {
    const path = `keys[${i}]`;
    const key = schema.fields[fieldIndex(schema, name)];
    if (key === undefined) {
      report({ code: 'MR1403', message: say`the input has no field "${name}"`, path });
    } else if (key.type.kind === 'ARRAY' || key.type.kind === 'MAP' || key.type.kind === 'ROW') {
      report({ code: 'MR1405', message: say`${printDataType(key.type)} cannot be a key`, path });
    } else if (keys.indexOf(name) < i) {
      report({ code: 'MR1402', message: say`"${name}" is a key already`, path });
    }
  });
}
