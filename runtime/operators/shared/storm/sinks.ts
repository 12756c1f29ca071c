/** Sinks that only show rows. */
import type { Exporter } from '../../../core/exporter.ts';
import { say } from '../../../core/say.ts';
import { javaText } from '../../../expression/index.ts';
import { columns } from './java.ts';

/** Rows as lines in the log of the worker. `labelOf`: what stands before each. */
export function printBolt<C>(labelOf: (config: C) => string | null): NonNullable<Exporter<C>['storm']> {
  return (config, [input]) => {
    const label = labelOf(config);
    const prefix = javaText(label === null ? '' : `${label}: `);
    return {
      base: 'PrintBolt',
      args: [prefix, String(input!.isChangelog), columns(input!.schema)],
      remarks: [{ fidelity: 'note', text: say`Rows are printed to the standard output of the worker.` }],
    };
  };
}
