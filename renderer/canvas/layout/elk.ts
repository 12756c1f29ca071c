/** Runs ELK in a worker, loaded with the first layout: it is large, and slow enough to make the page stutter. */
import type { ELK, ElkNode } from 'elkjs/lib/elk-api.js';

let engine: Promise<ELK> | null = null;

async function load(): Promise<ELK> {
  // Tests have no workers. The condition is known when the app is built, which then leaves this copy out.
  if (import.meta.env.MODE === 'test') {
    const { default: Bundled } = await import('elkjs/lib/elk.bundled.js');
    return new Bundled();
  }
  const [{ default: Elk }, { default: ElkWorker }] = await Promise.all([
    import('elkjs/lib/elk-api.js'),
    import('elkjs/lib/elk-worker.min.js?worker'),
  ]);
  return new Elk({ workerFactory: () => new ElkWorker() });
}

/** Rejects when the graph cannot be laid out. */
export async function runElk(graph: ElkNode): Promise<ElkNode> {
  engine ??= load();
  return (await engine).layout(graph);
}
