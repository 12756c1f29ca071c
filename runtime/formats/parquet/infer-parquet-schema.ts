/** The schema that a Parquet file says it has. The app asks for it with the file's last bytes. */
import type { Field } from '../../core/types.ts';
import { footerBytes, parseFooter } from './parquet-footer.ts';
import { fieldsOfFile } from './read-plan.ts';

/** Bytes from the end of a file that its schema is in, as some of its last bytes (at least 8) say; null for a file that is not Parquet. */
export { footerBytes as parquetFooterBytes };

/** Fields of a file by its last bytes, which must hold the footer: see `parquetFooterBytes`. Throws what is wrong with them. */
export function inferParquetSchema(tail: Uint8Array): readonly Field[] {
  return fieldsOfFile(parseFooter(tail));
}
