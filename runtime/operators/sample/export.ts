import type { ExportedInput, Exporter, Remark } from '../../core/exporter.ts';
import { say } from '../../core/say.ts';
import { quoted } from '../../expression/print.ts';
import type { SampleConfig } from './spec.ts';
import { sqlName } from '../shared/flink-sql/names.ts';
import { BY_ARRIVAL, numberedRows } from '../shared/flink-sql/numbered-rows.ts';
import { sameColumns } from '../shared/flink-sql/select.ts';
import { keptTime } from '../shared/spark/columns.ts';
import { call, chain, pythonText } from '../shared/spark/python.ts';
import { listOf, names } from '../shared/storm/java.ts';

export const sampleExport: Exporter<SampleConfig> = {
  flink({ size, keys }, inputs, output) {
    const input = inputs[0]!;
    if (input.dialect === 'millrace') return { unsupported: say`keeps some of the rows, which no query can ask for` };
    if (size.type === 'every') {
      const { number, before, input: numbered } = numberedRows(input, keys, output);
      const where = size.rows === 1 ? 'TRUE' : `MOD(${sqlName(number)}, ${size.rows}) = 1`;
      const select = `${sameColumns(numbered, output)}\nFROM ${sqlName(numbered.table)}\nWHERE ${where}`;
      return { before, select, remarks: [BY_ARRIVAL] };
    }
    const drawn = drawnBy(input, keys).map((name) => `CAST(${sqlName(name)} AS STRING)`);
    const hash = `MD5(CONCAT_WS('|', ${[...drawn, quoted(String(size.seed))].join(', ')}))`;
    const condition = size.share === 1 ? 'TRUE' : `${hash} < ${quoted(hexOf(size.share))}`;
    const select = `${sameColumns(input, output)}\nFROM ${sqlName(input.table)}\nWHERE ${condition}`;
    return { select, remarks: [OTHER_ROWS] };
  },
  spark({ size, keys }, inputs, output) {
    const input = inputs[0]!;
    if (size.type === 'every') {
      return { unsupported: say`counts rows in the order in which they come, which Spark does not know: keep a share` };
    }
    const drawn = drawnBy(input, keys);
    const hash = `pmod(xxhash64(${[...drawn.map(sqlName), String(size.seed)].join(', ')}), ${PARTS})`;
    const where = call('where', pythonText(`${hash} < ${Math.round(size.share * PARTS)}`));
    return {
      frame: chain(input.table, where, ...keptTime(input, output)),
      remarks: [OTHER_ROWS],
    };
  },
  storm({ size, keys }, _inputs, outputs) {
    if (size.type === 'share') {
      return { unsupported: say`draws rows by a hash that the library of the export has not: keep one of so many` };
    }
    return {
      base: 'SampleBolt',
      args: [`${size.rows}L`, listOf(keys), ...names(outputs.out!.schema)],
      isStateful: true,
    };
  },
};

/** The finest share. */
const PARTS = 1_000_000;

const OTHER_ROWS: Remark = {
  fidelity: 'approximate',
  text: say`Keeps the same share as Millrace, but other rows: they are drawn by another hash of their values.`,
};

/** The fields whose values say whether a row stays. */
function drawnBy({ schema }: ExportedInput, keys: readonly string[]): readonly string[] {
  return keys.length > 0 ? keys : schema.fields.filter(({ type }) => type.kind !== 'MAP').map(({ name }) => name);
}

/** A share of all hashes, as the first digits of the first one that is out. */
function hexOf(share: number): string {
  return Math.round(share * 0x1_0000_0000)
    .toString(16)
    .padStart(8, '0');
}
