import { Box } from 'lucide-react';
import type { ReactNode } from 'react';
import type { OperatorCategory } from '../../runtime/core/operator.ts';
import { operatorIcon } from './operator-assets.ts';

interface OperatorIconProps {
  readonly type: string;
  /** null: a type this version does not have. */
  readonly category: OperatorCategory | null;
  readonly size?: number;
}

/** The operator's icon, white on its category's colour. */
export function OperatorIcon({ type, category, size = 20 }: OperatorIconProps): ReactNode {
  const svg = operatorIcon(type);
  const style = { width: size, height: size, background: `var(--cat-${category ?? 'unknown'}, var(--faint))` };
  if (svg === null) {
    return (
      <span className="ui-operator-icon" style={style} aria-hidden>
        <Box size={size * 0.64} />
      </span>
    );
  }
  // The text is a file of this program, not of a user.
  return <span className="ui-operator-icon" style={style} aria-hidden dangerouslySetInnerHTML={{ __html: svg }} />;
}
