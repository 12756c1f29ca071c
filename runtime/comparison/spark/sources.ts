// Programs that import this file know the import.meta of Vite by it.
/// <reference types="vite/types/importMeta.d.ts" />
import { sourcesOf } from '../sources.ts';

export const sparkSources = sourcesOf(
  import.meta.glob<string>('./*.py', { query: '?raw', import: 'default', eager: true }),
);
