import { noQuery } from '../../core/exporter.ts';

export const joinLookupExport = noQuery('looks up in a file or database that is no input of the query');
