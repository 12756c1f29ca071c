/**
 * Laws 3 to 7 of ARCHITECTURE.md: what an operator does with rows. They run over the whole catalog on generated rows for the
 * fields of each operator's example; an operator cannot opt out.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DELETE, INSERT, UPDATE_BEFORE } from '../core/batch.ts';
import { fitsPrecision } from '../core/decimal.ts';
import { sameFields, type DataType, type Value } from '../core/types.ts';
import { catalogSubjects } from '../testing/catalog-subjects.ts';
import { canonical, type Observation } from '../testing/observation.ts';
import { inferOperator } from '../testing/operator-harness.ts';
import {
  anyInterruption,
  observeTrial,
  runInterrupted,
  runTrial,
  type Interruption,
} from '../testing/operator-runs.ts';
import {
  anyTrial,
  inOrder,
  traitsOf,
  withoutWatermarks,
  withShapes,
  type Subject,
  type Trial,
  type TrialStep,
} from '../testing/operator-trial.ts';
import { propertyRuns } from '../testing/property-runs.ts';

const subjects = catalogSubjects();
const sources = subjects.filter(({ example }) => example.inputs.length === 0);
const others = subjects.filter(({ example }) => example.inputs.length > 0);
const RUNS = propertyRuns(25);

describe('law 3: every emitted row fits the inferred schema', () => {
  it.each(subjects)('$type', async (subject) => {
    await forAll(subject, async (trial) => {
      const harness = await observeTrial(subject, trial);
      for (const [port, shape] of Object.entries(harness.plan.outputs)) {
        for (const batch of harness.batches(port)) {
          expect(sameFields(batch.schema.fields, shape.schema.fields), `schema on ${port}`).toBe(true);
          expect(batch.eventTimes !== null, `event times on ${port}`).toBe(shape.eventTime);
        }
        for (const { values, eventTime, kind } of harness.output(port)) {
          expect(Number.isFinite(eventTime ?? 0)).toBe(true);
          if (shape.changelog === 'append') expect(kind).toBe(INSERT);
          shape.schema.fields.forEach((field, i) => {
            const value = values[i]!;
            if (value === null) expect(field.nullable, `${port}.${field.name} is NULL`).toBe(true);
            else expect(fits(field.type, value), `${port}.${field.name} = ${String(value)}`).toBe(true);
          });
        }
      }
    });
  });
});

describe('law 4: the same rows in one batch or in many give the same result, whatever becomes of slots between them', () => {
  it.each(others)('$type', async (subject) => {
    await forAll(subject, async (trial) => {
      const whole = await runTrial(subject, trial);
      for (const batchRows of [1, 3, Infinity]) {
        expectSame(subject, trial, await runTrial(subject, trial, batchRows, 'moving'), whole);
      }
    });
  });
});

describe('law 5: a crash and a restore change nothing', () => {
  it.each(subjects)('$type', async (subject) => {
    await forAllInterruptions(subject, async (trial, interruption) => {
      const whole = await runTrial(subject, trial);
      const isOrdered = interruption.before === 1 && interruption.after === 1;
      expectSame(subject, trial, await runInterrupted(subject, trial, interruption), whole, isOrdered);
    });
  });
});

describe('law 6: nothing is emitted behind a watermark', () => {
  it.each(others)('$type', async (subject) => {
    await forAll(
      subject,
      async (trial) => {
        const { assignsWatermarks, emitsBehindWatermark } = traitsOf(subject, trial.config);
        const harness = await observeTrial(subject, assignsWatermarks ? inOrder(trial, subject.example) : trial);
        if (!emitsBehindWatermark) expectAhead(harness.events);
      },
      { hasLateRows: false },
    );
  });

  it.each(sources)('$type: only a row that is itself out of order falls behind', async (subject) => {
    await forAll(subject, async (trial) => {
      const { events } = await observeTrial(subject, trial);
      expectAhead(events.filter((event, i) => event.type !== 'row' || !isOutOfOrder(events, i)));
    });
  });
});

describe('law 7: traits tell the truth', () => {
  describe('isStateful: without its state an operator goes on wrongly, or it has none', () => {
    it.each(subjects)('$type', async (subject) => {
      let differs = false;
      await forAllInterruptions(subject, async (trial, interruption) => {
        const whole = await runTrial(subject, trial);
        const forgetful = await runInterrupted(subject, trial, {
          ...interruption,
          keepsState: false,
          before: 1,
          after: 1,
        });
        const seen = canonical(subject, trial, forgetful, false);
        const expected = canonical(subject, trial, whole, false);
        if (!traitsOf(subject, trial.config).isStateful) expect(seen).toEqual(expected);
        differs ||= JSON.stringify(seen) !== JSON.stringify(expected);
      });
      expect(differs).toBe(traitsOf(subject, subject.example.config).isStateful);
    });
  });

  describe('keepsOrder: rows leave as they came', () => {
    it.each(others)('$type', async (subject) => {
      await forAll(subject, async (trial) => {
        if (!traitsOf(subject, trial.config).keepsOrder) return;
        const harness = await observeTrial(subject, withShapes(inOrder(trial, subject.example), { eventTime: true }));
        for (const port of Object.keys(harness.plan.outputs)) {
          const times = harness.output(port).map((row) => row.eventTime!);
          expect(times, port).toEqual(times.toSorted((a, b) => a - b));
        }
      });
    });
  });

  describe('needsEventTime: it is silent without watermarks, or they change nothing', () => {
    it.each(others)('$type', async (subject) => {
      await forAll(
        subject,
        async (trial) => {
          const silent = withoutWatermarks(trial);
          if (traitsOf(subject, trial.config).needsEventTime) {
            const harness = await observeTrial(subject, silent, { ends: false });
            // What is emitted before may only be what watermarks can still change.
            const finals = harness.events.filter(
              (event) => event.type !== 'row' || harness.plan.outputs[event.port]?.changelog !== 'update',
            );
            expect(finals).toEqual([]);
          } else {
            expectSame(subject, trial, await runTrial(subject, trial), await runTrial(subject, silent));
          }
        },
        // Which rows are late is what watermarks say.
        { hasLateRows: !subject.spec.ports(subject.example.config).outputs.some(({ name }) => name === 'late') },
      );
    });
  });

  describe('acceptsUpdates: what is taken back leaves no trace', () => {
    it.each(others)('$type', async (subject) => {
      await forAll(subject, async (trial) => {
        if (!traitsOf(subject, trial.config).acceptsUpdates) return;
        const updating = withShapes(trial, { changelog: 'update' });
        // What ends the updates tells of each change by a row that stays.
        if (endsUpdates(subject, updating)) return;
        // A config near the example's may refuse updates, by a diagnostic; the example's own may not.
        if (trial.config !== subject.example.config && isRefused(subject, updating)) return;
        for (const lag of [0, 3]) {
          const { changed, remaining } = takenBack(updating, lag);
          expect(netRows(await runTrial(subject, changed))).toEqual(netRows(await runTrial(subject, remaining)));
        }
      });
    });
  });
});

async function forAll(
  subject: Subject,
  law: (trial: Trial) => Promise<void>,
  options: Parameters<typeof anyTrial>[1] = {},
): Promise<void> {
  // A source's trial is always the same one.
  const runs = subject.example.inputs.length === 0 ? { ...RUNS, numRuns: 1 } : RUNS;
  await fc.assert(fc.asyncProperty(anyTrial(subject, options), law), runs);
}

async function forAllInterruptions(
  subject: Subject,
  law: (trial: Trial, interruption: Interruption) => Promise<void>,
): Promise<void> {
  const runs = anyTrial(subject).chain((trial) => {
    const max = traitsOf(subject, trial.config).maxParallelism ?? Infinity;
    return fc.tuple(fc.constant(trial), anyInterruption(trial.steps.length, max));
  });
  await fc.assert(
    fc.asyncProperty(runs, ([trial, interruption]) => law(trial, interruption)),
    RUNS,
  );
}

/** Order counts where the operator keeps it, unless more than one subtask had a hand in it. */
function expectSame(subject: Subject, trial: Trial, seen: Observation, expected: Observation, isOneTask = true): void {
  const isOrdered = isOneTask && traitsOf(subject, trial.config).keepsOrder;
  expect(canonical(subject, trial, seen, isOrdered)).toEqual(canonical(subject, trial, expected, isOrdered));
}

type Events = Awaited<ReturnType<typeof observeTrial>>['events'];

function expectAhead(events: Events): void {
  let watermark = -Infinity;
  for (const event of events) {
    if (event.type === 'watermark') {
      expect(event.watermark).toBeGreaterThan(watermark);
      watermark = event.watermark;
    } else if (event.type === 'row' && event.row.eventTime !== null) {
      // At the end everything fires, and the watermark that follows is the last.
      expect(event.row.eventTime, `a row on ${event.port}`).toBeGreaterThan(watermark);
    }
  }
}

function isOutOfOrder(events: Events, index: number): boolean {
  const event = events[index]!;
  if (event.type !== 'row' || event.row.eventTime === null) return false;
  return events
    .slice(0, index)
    .some((before) => before.type === 'row' && before.row.eventTime! >= event.row.eventTime!);
}

function endsUpdates({ spec }: Subject, { config, inputs }: Trial): boolean {
  const shapes = Object.values(inferOperator(spec, config, inputs).outputs);
  return shapes.length > 0 && shapes.every(({ changelog }) => changelog === 'append');
}

function isRefused({ spec }: Subject, { config, inputs }: Trial): boolean {
  return inferOperator(spec, config, inputs).diagnostics.some(({ code }) => code === 'MR1503');
}

/**
 * The first third of the rows, deleted in the order they came, each once `lag` more have come; and the trial without them. In this order
 * it does not matter which of equal rows goes. No watermark comes between a row and its deletion.
 */
function takenBack(trial: Trial, lag: number): { readonly changed: Trial; readonly remaining: Trial } {
  const rows = trial.steps.filter((step) => step.type === 'row');
  const gone = rows.slice(0, Math.max(0, Math.min(Math.ceil(rows.length / 3), rows.length - lag)));
  const last = gone.length === 0 ? -1 : trial.steps.indexOf(rows[gone.length - 1 + lag]!);
  const steps = trial.steps.filter((step, i) => step.type === 'row' || lag === 0 || i > last);
  let came = 0;
  const changed = steps.flatMap((step): readonly TrialStep[] => {
    const old = step.type === 'row' ? gone[came++ - lag] : undefined;
    return old === undefined ? [step] : [step, { ...old, kind: DELETE }];
  });
  const isGone = new Set<TrialStep>(gone);
  return { changed: { ...trial, steps: changed }, remaining: { ...trial, steps: steps.filter((s) => !isGone.has(s)) } };
}

/** Rows of each port with how often they are there once deletions and rows before an update are taken off. */
function netRows({ ports }: Observation): Record<string, Record<string, number>> {
  return Object.fromEntries(
    Object.entries(ports).map(([port, rows]) => {
      const counts: Record<string, number> = {};
      for (const { values, eventTime, kind } of rows) {
        const key = `${eventTime} ${values.map(String).join(' | ')}`;
        counts[key] = (counts[key] ?? 0) + (kind === DELETE || kind === UPDATE_BEFORE ? -1 : 1);
        if (counts[key] === 0) delete counts[key];
      }
      return [port, counts];
    }),
  );
}

const INT_LIMIT = 2 ** 31;
const LONG_LIMIT = 2n ** 63n;

function fits(type: DataType, value: Exclude<Value, null>): boolean {
  switch (type.kind) {
    case 'BOOLEAN':
      return typeof value === 'boolean';
    case 'INT':
    case 'DATE':
      return Number.isInteger(value) && (value as number) >= -INT_LIMIT && (value as number) < INT_LIMIT;
    case 'BIGINT':
      return typeof value === 'bigint' && value >= -LONG_LIMIT && value < LONG_LIMIT;
    case 'DECIMAL':
      return typeof value === 'bigint' && fitsPrecision(value, type.precision);
    case 'DOUBLE':
      return typeof value === 'number';
    case 'STRING':
      return typeof value === 'string';
    case 'BYTES':
      return value instanceof Uint8Array;
    case 'TIMESTAMP':
      return Number.isSafeInteger(value);
    case 'ARRAY':
      return Array.isArray(value) && value.every((element: Value) => element === null || fits(type.element, element));
    case 'MAP':
      return (
        value instanceof Map && [...value].every(([k, v]) => fits(type.key, k) && (v === null || fits(type.value, v)))
      );
    case 'ROW':
      return (
        Array.isArray(value) && type.fields.every((f, i) => (value[i] === null ? f.nullable : fits(f.type, value[i])))
      );
    default:
      return false;
  }
}
