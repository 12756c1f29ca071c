import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import { ROW_WISE, type OperatorSpec, type Report } from '../../core/operator.ts';
import { say, type Say } from '../../core/say.ts';
import { fieldIndex, type Schema } from '../../core/schema.ts';
import { isHashable } from '../shared/row-hash.ts';

const probability = {
  label: 'With a probability',
  fields: {
    probability: c.number({ label: 'Probability', help: 'Of each row: 0 is never, 1 is always.' }, { min: 0, max: 1 }),
  },
};
const row = {
  label: 'At a row',
  fields: { row: c.integer({ label: 'Row', help: 'Number of the row, from 1, in order of arrival.' }, { min: 1 }) },
};
const time = {
  label: 'After a time',
  fields: { after: c.duration({ label: 'After', help: 'So long after the job has started, or started again.' }) },
};

const when = c.variant({ label: 'When', help: 'Which rows it happens to.' }, 'type', { probability, row });

const fault = c.variant({ label: 'Fault', help: 'Something that goes wrong, on purpose.' }, 'type', {
  error: {
    label: 'Error',
    fields: { when: c.variant({ label: 'When', help: 'When it is thrown.' }, 'type', { row, probability, time }) },
  },
  delay: {
    label: 'Delay',
    fields: { when, by: c.duration({ label: 'By', help: 'For so long the row is held back, and those behind it.' }) },
  },
  drop: { label: 'Drop', fields: { when } },
  duplicate: { label: 'Duplicate', fields: { when } },
  corrupt: {
    label: 'Corrupt a field',
    fields: {
      when,
      field: c.field({ label: 'Field', help: 'The field whose value is replaced.' }),
      into: c.withDefault(
        c.choice(
          { label: 'Into', help: 'What takes its place.' },
          { value: 'Another value of its type', null: 'NULL' },
        ),
        'value',
      ),
    },
  },
});

const config = configSpec({
  faults: c.withDefault(
    c.list({ label: 'Faults', help: 'What goes wrong, and when. None: rows pass.' }, fault, { itemLabel: 'fault' }),
    [],
  ),
  seed: c.withDefault(
    c.integer({ label: 'Seed', help: 'Another seed, other rows; the same seed, the same rows in every run.' }),
    0,
  ),
});
export type FaultInjectorConfig = ConfigOf<typeof config>;
export type Fault = FaultInjectorConfig['faults'][number];

/** Whether the number of a row in the stream counts, so that rows have to be numbered in one place. */
export function numbersRows({ faults }: FaultInjectorConfig): boolean {
  return faults.some(({ type, when: { type: trigger } }) => type !== 'error' && trigger === 'row');
}

export const faultInjectorSpec: OperatorSpec<FaultInjectorConfig> = {
  type: 'faultInjector',
  version: 1,
  label: 'Fault injector',
  summary: 'Makes things go wrong on purpose: errors, delays, rows lost, doubled or corrupted.',
  category: 'transform',
  keywords: ['chaos', 'test', 'demo', 'error', 'failure', 'drop', 'duplicate', 'corrupt', 'delay', 'late'],
  config,
  ports: () => ({
    inputs: [{ name: 'in', label: 'Input' }],
    outputs: [{ name: 'out', label: 'Output' }],
  }),
  traits: (checked) =>
    numbersRows(checked) ? { ...ROW_WISE, isStateful: true, acceptsUpdates: false, maxParallelism: 1 } : ROW_WISE,
  distribution: (checked) => (numbersRows(checked) ? { type: 'single' } : { type: 'any' }),
  infer({ faults }, [input], report) {
    if (input === undefined) return {};
    faults.forEach((one, i) => reportFault(one, input.shape.schema, `faults[${i}]`, report));
    return { out: input.shape };
  },
  describe: ({ faults }, say) => faults.map(({ type }) => describeFault(type, say)).join(', '),
};

function describeFault(type: Fault['type'], say: Say): string {
  switch (type) {
    case 'error':
      return say`error`;
    case 'delay':
      return say`delay`;
    case 'drop':
      return say`drop`;
    case 'duplicate':
      return say`duplicate`;
    case 'corrupt':
      return say`corrupt`;
  }
}

function reportFault(one: Fault, schema: Schema, path: string, report: Report): void {
  if (one.type === 'error') {
    const message = say`the job will fail here, on purpose: take the fault out before its results count`;
    report({ severity: 'warning', code: 'MR1530', message, path });
  }
  if (one.type !== 'corrupt') return;
  const field = schema.fields[fieldIndex(schema, one.field)];
  if (field === undefined) {
    report({ code: 'MR1403', message: say`the input has no field "${one.field}"`, path: `${path}.field` });
  } else if (one.into === 'null' && !field.nullable) {
    const message = say`"${field.name}" may not be NULL: choose another value of its type`;
    report({ code: 'MR1203', message, path: `${path}.into` });
  } else if (one.into === 'value' && !isHashable(field)) {
    const message = say`"${field.name}" has no plain values: choose NULL, or another field`;
    report({ code: 'MR1405', message, path: `${path}.field` });
  }
}
