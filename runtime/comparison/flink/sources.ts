// Programs that import this file know the import.meta of Vite by it.
/// <reference types="vite/types/importMeta.d.ts" />
import { sourcesOf } from '../sources.ts';

export const flinkSources = sourcesOf(
  import.meta.glob<string>('./*.{java,xml}', { query: '?raw', import: 'default', eager: true }),
);
