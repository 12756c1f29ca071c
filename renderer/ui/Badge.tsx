import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Severity } from '../../runtime/core/diagnostics.ts';
import { join } from './Button.tsx';

export type Tone = 'neutral' | 'ok' | 'info' | 'warning' | 'error';

/** A short text on a tinted ground. */
export function Badge({
  tone = 'neutral',
  children,
}: {
  readonly tone?: Tone;
  readonly children: ReactNode;
}): ReactNode {
  return <span className={join('ui-badge', `ui-badge-${tone}`)}>{children}</span>;
}

const SEVERITY_ICONS = { error: CircleAlert, warning: TriangleAlert, info: Info } as const;

/** Colour and shape tell the severity; `label` tells it to who cannot see. */
export function SeverityIcon({
  severity,
  label,
  size = 14,
}: {
  readonly severity: Severity;
  readonly label?: string;
  readonly size?: number;
}): ReactNode {
  const Icon = SEVERITY_ICONS[severity];
  const a11y = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return <Icon size={size} className={`ui-severity-${severity}`} {...a11y} />;
}
