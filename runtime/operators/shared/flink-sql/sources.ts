/** Sources: no part of a query, but tables of one, with a time. */
import type { Exporter } from '../../../core/exporter.ts';
import { say } from '../../../core/say.ts';
import type { SourceTimeConfig } from '../event-time-config.ts';

/** Rows of each output have the time in `fieldOf`, where they have that field. */
export function sourceExport<C>(fieldOf: (config: C) => string | null): Exporter<C> {
  return {
    facts(config, _inputs, { schema }) {
      const time = fieldOf(config);
      return { time: schema.fields.some(({ name }) => name === time) ? time : null, isWindowed: false };
    },
    flink: () => ({ unsupported: say`is a source: leave it out, and its rows are a table of the query` }),
    spark: () => ({ unsupported: say`is a source that Spark has not: write its rows to files first, and read those` }),
    storm: () => ({ unsupported: say`is a source that the library of the export has not: write its rows to files first, and read those` }), // prettier-ignore
  };
}

/** By the config `eventTime`. */
export function configuredSource<C extends { readonly eventTime: SourceTimeConfig | null }>(): Exporter<C> {
  return sourceExport(({ eventTime }) => (eventTime?.time === 'event' ? eventTime.field : null));
}
