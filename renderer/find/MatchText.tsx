import type { ReactNode } from 'react';
import type { Match } from './find-in-pipeline.ts';

/** So much of a line before the match is shown. */
const BEFORE = 24;

export function MatchText({ match: { text, range } }: { readonly match: Match }): ReactNode {
  if (range === null) return <span className="find-text">{text}</span>;
  const start = Math.max(0, range.start - BEFORE);
  return (
    <code className="find-text">
      {start > 0 && '…'}
      {text.slice(start, range.start)}
      <mark>{text.slice(range.start, range.end)}</mark>
      {text.slice(range.end)}
    </code>
  );
}
