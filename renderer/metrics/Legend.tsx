import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Line } from './Chart.tsx';

interface LegendProps {
  readonly lines: readonly Line[];
  readonly hidden: ReadonlySet<string>;
  readonly selectedId: string | null;
  readonly onToggle: (id: string) => void;
}

/** Which line is whose, drawn as it is in the chart; a click hides and shows it. */
export function Legend({ lines, hidden, selectedId, onToggle }: LegendProps): ReactNode {
  const { t } = useTranslation();
  return (
    <ul className="metrics-legend" aria-label={t('metrics:legend')}>
      {lines.map((line) => (
        <li key={line.id}>
          <button
            type="button"
            aria-pressed={!hidden.has(line.id)}
            className={line.id === selectedId ? 'metrics-selected' : undefined}
            title={line.name}
            onClick={() => onToggle(line.id)}
          >
            <Sample line={line} />
            <span>{line.name}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** The names of lines, small, where they cannot be hidden. */
export function ChartKey({ entries }: { readonly entries: readonly Line[] }): ReactNode {
  return (
    <span className="metrics-key">
      {entries.map((line) => (
        <span key={line.id}>
          <Sample line={line} /> {line.name}
        </span>
      ))}
    </span>
  );
}

/** A piece of a line. */
function Sample({ line }: { readonly line: Line }): ReactNode {
  return (
    <svg width="16" height="8" aria-hidden>
      <line
        x1="0"
        y1="4"
        x2="16"
        y2="4"
        stroke={`var(--${line.color})`}
        strokeWidth="2.5"
        strokeDasharray={line.dash.join(' ')}
      />
    </svg>
  );
}
