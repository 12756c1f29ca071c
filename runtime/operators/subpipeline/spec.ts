import { z } from 'zod';
import { c, configSpec, type ConfigField, type ConfigOf, type ConfigSpec } from '../../core/config.ts';
import type { CompositeSpec, InputStream, OperatorCategory, PortSpec, Report } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import type { Boundary, ParameterValue, SubPipeline } from '../../core/sub-pipeline.ts';
import { printDataType, sameType } from '../../core/types.ts';

type Values = Readonly<Record<string, ParameterValue>>;

const path = c.path(
  { label: 'Pipeline', help: 'The document that it stands for, from the folder of this one: clean.pipeline.json.' },
  { of: 'pipelines' },
);
const PARAMETERS = { label: 'Parameters', help: 'Values for the parameters of that pipeline.' };

/** While the document is not known, and with it the names. */
const anyValues: ConfigField<Values> = {
  schema: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).prefault({}),
  form: { ...PARAMETERS, optional: true, defaultValue: {}, widget: 'object', fields: {} },
};

const config = configSpec({ path, params: anyValues });
export type SubPipelineConfig = ConfigOf<typeof config>;

export const subPipelineSpec: CompositeSpec<SubPipelineConfig> = {
  type: 'subpipeline',
  version: 1,
  label: 'Sub-pipeline',
  summary: 'Stands for another pipeline of the workspace, with its ports and parameters.',
  category: 'transform',
  keywords: ['fragment', 'component', 'reuse', 'include', 'module', 'macro', 'nested', 'subprocess'],
  config,
  ports: () => ({ inputs: [], outputs: [] }),
  refersTo: ({ path: named }) => (typeof named === 'string' && named !== '' ? named : null),
  bind: bound,
  expand(_config, _inputs, report) {
    report({ code: 'MR1811', message: say`it names no pipeline`, path: 'path' });
    return null;
  },
  describe: ({ path: named }) => named.replace(/^.*\//, '').replace(/\.pipeline\.json$/, ''),
};

/** With the ports and parameters that the document declares. */
function bound(found: SubPipeline): CompositeSpec<SubPipelineConfig> {
  const toPort = ({ port }: Boundary): PortSpec => ({ name: port, label: port });
  const ports = { inputs: found.inputs.map(toPort), outputs: found.outputs.map(toPort) };
  return {
    ...subPipelineSpec,
    category: categoryOf(found),
    config: configOf(found.params),
    ports: () => ports,
    expand({ params }, streams, report) {
      const isFit = found.inputs.map((input) => fits(input, streams, report)).every(Boolean);
      return isFit ? found.expand(params, report) : null;
    },
  };
}

function categoryOf({ inputs, outputs }: SubPipeline): OperatorCategory {
  return inputs.length === 0 ? 'source' : outputs.length === 0 ? 'sink' : 'transform';
}

/** Without parameters there is no form for them. */
function configOf(params: Values): ConfigSpec<SubPipelineConfig> {
  const { schema, fields } = configSpec({ path, params: c.withDefault(valuesOf(params), {}) });
  const { params: form, ...others } = fields;
  const isShown = form !== undefined && Object.keys(params).length > 0;
  return { schema, fields: isShown ? { ...others, params: form } : others };
}

/** Each of the type that its value in the document has. */
function valuesOf(params: Values): ConfigField<Values> {
  const fields = Object.entries(params).map(([name, value]): [string, ConfigField<ParameterValue>] => {
    const text = { label: name, help: '' };
    const field = typeof value === 'number' ? c.number(text) : typeof value === 'boolean' ? c.flag(text) : c.text(text);
    return [name, c.withDefault(field as ConfigField<ParameterValue>, value)];
  });
  return c.object(PARAMETERS, Object.fromEntries(fields)) as ConfigField<Values>;
}

/** Whether what comes in at a port is what the document asks for. */
function fits(
  { port, fields, needsEventTime, acceptsUpdates }: Boundary,
  streams: readonly InputStream[],
  report: Report,
): boolean {
  const shape = streams.find((stream) => stream.port === port)?.shape;
  if (shape === undefined) return true;
  let isFit = true;
  const refuse: Report = (problem) => {
    isFit = false;
    report(problem);
  };
  for (const field of fields ?? []) {
    const given = shape.schema.fields.find(({ name }) => name === field.name);
    const wanted = `${field.name} ${printDataType(field.type)}`;
    if (given === undefined) refuse({ code: 'MR1403', message: say`input "${port}" needs the field ${wanted}` });
    else if (!sameType(given.type, field.type)) {
      refuse({ code: 'MR1405', message: say`input "${port}" needs ${wanted}, not ${printDataType(given.type)}` });
    }
  }
  if (needsEventTime && !shape.eventTime) {
    refuse({ code: 'MR1501', message: say`input "${port}" needs rows with an event time` });
  }
  if (!acceptsUpdates && shape.changelog === 'update') {
    refuse({ code: 'MR1503', message: say`input "${port}" does not take a stream with updates` });
  }
  return isFit;
}
