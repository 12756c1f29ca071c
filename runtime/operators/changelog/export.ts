import { UNKNOWN_STREAM, type Exporter } from '../../core/exporter.ts';
import { say } from '../../core/say.ts';
import { quoted } from '../../expression/print.ts';
import { sqlName } from '../shared/flink-sql/names.ts';
import { selectList } from '../shared/flink-sql/select.ts';
import { names } from '../shared/storm/java.ts';
import type { ChangelogConfig } from './spec.ts';

const KINDS = { INSERT: '+I', UPDATE_BEFORE: '-U', UPDATE_AFTER: '+U', DELETE: '-D' };

export const changelogExport: Exporter<ChangelogConfig> = {
  facts: () => UNKNOWN_STREAM,
  flink({ rows, field }, inputs, output) {
    const input = inputs[0]!;
    if (input.dialect === 'millrace')
      return { unsupported: say`turns updates into plain rows, which a query cannot say` };
    // A kind that is not named is left out.
    const kinds = Object.entries(KINDS).filter(([kind]) => rows === 'all' || kind !== 'UPDATE_BEFORE');
    const mapping = kinds.map(([kind, sign]) => `${quoted(kind)}, ${quoted(sign)}`).join(', ');
    const args = [
      `input => TABLE ${sqlName(input.table)}`,
      `op => DESCRIPTOR(${sqlName(field)})`,
      `op_mapping => MAP[${mapping}]`,
    ];
    return {
      select: `${selectList(output.schema.fields.map(({ name }) => sqlName(name)))}\nFROM TO_CHANGELOG(\n  ${args.join(',\n  ')}\n)`,
    };
  },
  spark: () => ({
    unsupported: say`turns updates into rows of their own, and Spark has only the new rows of an update: leave it out`,
  }),
  storm: ({ rows }, _inputs, outputs) => ({
    base: 'ChangelogBolt',
    args: [String(rows === 'upserts'), ...names(outputs.out!.schema)],
  }),
};
