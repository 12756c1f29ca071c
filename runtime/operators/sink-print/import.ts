import type { Importer } from '../../core/importer.ts';

export const sinkPrintImport: Importer = {
  connector: 'print',
  isSink: true,
  config({ options }) {
    const label = options['print-identifier'];
    return label === undefined ? {} : { label };
  },
};
