import type { ExportedInput, ExportedOutput, Exporter, NamedQuery, Remark } from '../../core/exporter.ts';
import { say } from '../../core/say.ts';
import { joinQuery, LEFT, plainTable, RIGHT, sidesOf, timeOfSide } from '../shared/flink-sql/joins.ts';
import { freshColumn, sqlName, sqlNames } from '../shared/flink-sql/names.ts';
import { firstRows, withoutTime } from '../shared/flink-sql/select.ts';
import type { JoinTemporalConfig } from './spec.ts';
import { columnText } from '../shared/spark/columns.ts';
import { sparkJoin, sparkSides } from '../shared/spark/joins.ts';
import { call, chain, pythonText } from '../shared/spark/python.ts';
import { batchOnly, LATE_ROWS, untimed } from '../shared/spark/remarks.ts';
import { names } from '../shared/storm/java.ts';
import { joinArgs, joinMembers } from '../shared/storm/joins.ts';

export const joinTemporalExport: Exporter<JoinTemporalConfig> = {
  facts: (_config, inputs, output, dialect) => timeOfSide('left', inputs, output, dialect),
  readsTime: () => true,
  flink(config, inputs, output) {
    const sides = sidesOf(inputs);
    const { left, right } = sides;
    if (left.time === null) return withoutTime(left);
    if (right.time === null) return withoutTime(right);
    const asOf = `FOR SYSTEM_TIME AS OF ${LEFT}.${sqlName(left.time)}`;
    const { name, before } = versionsOf(right, config.on.map((pair) => pair.right), output); // prettier-ignore
    const versions = { ...plainTable(right, RIGHT), from: `${sqlName(name)} ${asOf} AS ${RIGHT}` };
    const timed = { side: 'left', output } as const;
    const query = joinQuery(config, sides, { left: plainTable(left, LEFT), right: versions, before, timed });
    return 'unsupported' in query || left.dialect === 'millrace' ? query : { ...query, remarks: [IN_ORDER] };
  },
  /** Each version is valid up to the next one of its key. */
  spark(config, inputs, output, { mode }) {
    const sides = sparkSides(inputs);
    const { left, right } = sides;
    if (output.port !== 'out') return LATE_ROWS;
    if (mode === 'streaming') return batchOnly(say`joins with the version that was valid at the time`);
    if (right.isChangelog) {
      return { unsupported: say`takes its versions from rows that change, and a batch job has only what they came to` };
    }
    if (left.time === null) return untimed(left);
    if (right.time === null) return untimed(right);
    const validTo = freshColumn('valid_to', [...left.columns, ...right.columns]);
    const time = sqlName(right.time);
    const next = `lead(${time}) OVER (PARTITION BY ${config.on.map((pair) => sqlName(pair.right)).join(', ')} ORDER BY ${time})`;
    const end = `${RIGHT}.${validTo}`;
    const at = `${LEFT}.${sqlName(left.time)}`;
    const joined = sparkJoin(config, sides, {
      right: chain(right.table, call('withColumn', columnText(validTo), `F.expr(${pythonText(next)})`)),
      bounds: [`${RIGHT}.${time} <= ${at}`, `(${end} IS NULL OR ${at} < ${end})`],
    });
    return { ...joined, remarks: [SAME_TIME] };
  },
  storm: (config, inputs, outputs) => ({
    base: 'TemporalJoinBolt',
    args: [...joinArgs(config, inputs), ...names(outputs.out!.schema)],
    members: joinMembers(config, inputs),
    isStateful: true,
  }),
};

const IN_ORDER: Remark = {
  fidelity: 'approximate',
  text: say`A version that comes after a later one of its key is not seen: the table of versions has to be in order of time.`,
};

const SAME_TIME: Remark = {
  fidelity: 'note',
  text: say`Of versions of a key with the same time, which one counts is not said; in Millrace it is the one that came last.`,
};

/** Flink takes a table for a history of versions when it has a key: the last row of each, as of any time. */
function versionsOf(
  right: ExportedInput,
  keys: readonly string[],
  output: ExportedOutput,
): { readonly name: string; readonly before: readonly NamedQuery[] } {
  if (right.dialect === 'millrace') return { name: right.table, before: [] };
  const name = output.freshTable(`${right.table}_versions`);
  const over = `PARTITION BY ${sqlNames(keys)} ORDER BY ${sqlName(right.time!)} DESC`;
  // Flink would join rows without a key with a version that has none either.
  const nullable = right.schema.fields.filter((one) => one.nullable && keys.includes(one.name));
  const where = nullable.map((one) => `${sqlName(one.name)} IS NOT NULL`).join(' AND ');
  const last = { over, rank: freshColumn('row_num', right.columns), n: 1, ...(where === '' ? {} : { where }) };
  return { name, before: [{ name, select: firstRows(right.columns.map(sqlName), right.table, last) }] };
}
