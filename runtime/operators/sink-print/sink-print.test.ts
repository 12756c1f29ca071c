import { describe, expect, it } from 'vitest';
import { INSERT, UPDATE_AFTER, UPDATE_BEFORE } from '../../core/batch.ts';
import { batch, shape } from '../../testing/builders.ts';
import { createHarness } from '../../testing/operator-harness.ts';
import { createSinkPrint } from './runtime.ts';
import { sinkPrintSpec } from './spec.ts';

const create = { spec: sinkPrintSpec, create: createSinkPrint };

describe('sink.print', () => {
  it('prints lines of JSON, each behind the label', async () => {
    const sink = await createHarness({
      ...create,
      config: { label: '$& a' },
      inputs: [shape('id BIGINT, text STRING')],
    });
    sink.push(0, [
      [1, 'two\nlines'],
      [null, ''],
    ]);
    expect(sink.printed).toBe('$& a: {"id":1,"text":"two\\nlines"}\n$& a: {"id":null,"text":""}\n');
  });

  it('says what kind of change a row is when there are updates', async () => {
    const sink = await createHarness({ ...create, config: {}, inputs: [shape('n INT', { changelog: 'update' })] });
    sink.push(0, batch('n INT', [[1], [1], [2]], undefined, [INSERT, UPDATE_BEFORE, UPDATE_AFTER]));
    expect(sink.printed).toBe('{"n":1,"__op":"+I"}\n{"n":1,"__op":"-U"}\n{"n":2,"__op":"+U"}\n');
  });
});
