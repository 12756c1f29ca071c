/** Tests that start workers run the bundled worker, as the product does. */
import { buildRuntime } from './scripts/build.mjs';

export async function setup(): Promise<void> {
  await buildRuntime();
}
