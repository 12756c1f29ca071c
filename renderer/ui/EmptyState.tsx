import type { ReactNode } from 'react';

interface EmptyStateProps {
  readonly icon?: ReactNode;
  /** What there is nothing of. */
  readonly title: string;
  /** What to do to get some. */
  readonly hint?: ReactNode;
  readonly actions?: ReactNode;
}

export function EmptyState({ icon, title, hint, actions }: EmptyStateProps): ReactNode {
  return (
    <div className="ui-empty">
      {icon !== undefined && (
        <div className="ui-empty-icon" aria-hidden>
          {icon}
        </div>
      )}
      <p className="ui-empty-title">{title}</p>
      {hint !== undefined && <p className="ui-empty-hint">{hint}</p>}
      {actions !== undefined && <div className="ui-empty-actions">{actions}</div>}
    </div>
  );
}
