import type { Exporter } from '../../core/exporter.ts';
import type { SampleConfig } from './spec.ts';
import { sqlName } from '../shared/flink-sql/names.ts';
import { keptTime } from '../shared/spark/columns.ts';
import { call, chain, pythonText } from '../shared/spark/python.ts';

export const sampleExport: Exporter<SampleConfig> = {
  flink: () => ({ unsupported: 'keeps a share of the rows, which Flink SQL cannot say of a stream' }),
  spark({ size, keys }, inputs, output) {
    const input = inputs[0]!;
    if (size.type === 'every') {
      return { unsupported: 'counts rows in the order in which they come, which Spark does not know: keep a share' };
    }
    const { fields } = input.schema;
    const drawn = keys.length > 0 ? keys : fields.filter(({ type }) => type.kind !== 'MAP').map(({ name }) => name);
    const hash = `pmod(xxhash64(${[...drawn.map(sqlName), String(size.seed)].join(', ')}), ${PARTS})`;
    const where = call('where', pythonText(`${hash} < ${Math.round(size.share * PARTS)}`));
    return {
      frame: chain(input.table, where, ...keptTime(input, output)),
      remarks: [
        {
          fidelity: 'approximate',
          text: 'Keeps the same share, but other rows: they are drawn by a hash of their values, as here, but by another.',
        },
      ],
    };
  },
};

/** The finest share. */
const PARTS = 1_000_000;
