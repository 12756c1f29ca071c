import { describe, expect, it } from 'vitest';
import { validateDocument } from '../../runtime/compiler/validate.ts';
import type { PipelineDocument } from '../../runtime/graph/index.ts';
import { sketch, sourceNode } from '../testing/app.tsx';
import { refuseConnection } from './connection-check.ts';

const document = sketch(
  {
    clicks: sourceNode(['user STRING', 'n INT']),
    other: sourceNode(['page STRING']),
    same: sourceNode(['user STRING', 'n INT']),
    keep: { type: 'filter', config: { condition: 'n > 1' } },
    both: { type: 'union' },
    out: { type: 'sink.table' },
  },
  ['clicks -> keep', 'keep -> both', 'both -> out'],
);

function refusal(text: string, of: PipelineDocument = document) {
  const [from = '', to = ''] = text.split(' -> ');
  const [source = '', fromPort = 'out'] = from.split('.');
  const [target = '', toPort = 'in'] = to.split('.');
  const edge = { from: source, fromPort, to: target, toPort };
  return refuseConnection(of, validateDocument(of), edge, (changed) => validateDocument(changed));
}

describe('connections', () => {
  it.each([
    ['keep -> keep', 'self'],
    ['clicks -> keep', 'exists'],
    ['both -> keep', 'cycle'],
    ['other -> keep', 'taken'],
    ['other.late -> both', 'noPort'],
    ['other -> both.left', 'noPort'],
    ['other -> both', 'schema'],
  ])('%s is refused: %s', (text, reason) => expect(refusal(text)?.reason).toBe(reason));

  it('names the port that is taken, and the words of the compiler', () => {
    expect(refusal('other -> keep')).toMatchObject({ port: expect.any(String) });
    expect(refusal('other -> both')).toMatchObject({ diagnostic: { code: 'MR1404' } });
  });

  it('allows what fits, and what later edits of the target can mend', () => {
    expect(refusal('same -> both')).toBeNull();
    const unfinished = sketch({
      page: sourceNode(['page STRING']),
      keep: { type: 'filter', config: { condition: 'n > 1' } },
    });
    expect(refusal('page -> keep', unfinished)).toBeNull();
  });

  it('does not blame a new edge for what was wrong before', () => {
    const wrong = sketch(
      {
        a: sourceNode(['x INT']),
        b: sourceNode(['y INT']),
        c: sourceNode(['x INT']),
        both: { type: 'union' },
        k: { type: 'filter' },
      },
      ['a -> both', 'b -> both'],
    );
    expect(refusal('c -> k', wrong)).toBeNull();
  });
});
