import type { ComponentProps, ReactNode } from 'react';
import { Tooltip } from './Tooltip.tsx';

export type ButtonTone = 'plain' | 'quiet' | 'primary' | 'danger';

interface ButtonProps extends ComponentProps<'button'> {
  readonly tone?: ButtonTone;
  readonly icon?: ReactNode;
  /** 22 px instead of 28 px high. */
  readonly isSmall?: boolean;
}

/** A button with a text. `plain` has an outline, `quiet` none; at most one `primary` per view. */
export function Button({
  tone = 'plain',
  icon,
  isSmall = false,
  className,
  children,
  ...props
}: ButtonProps): ReactNode {
  return (
    <button
      type="button"
      {...props}
      className={join('ui-button', `ui-button-${tone}`, isSmall && 'ui-small', className)}
    >
      {icon}
      {children}
    </button>
  );
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  /** Accessible name and tooltip. */
  readonly label: string;
  readonly icon: ReactNode;
  /** Shown in the tooltip: `Ctrl+Z`. */
  readonly shortcut?: string | null;
  readonly isPressed?: boolean;
  readonly isSmall?: boolean;
  readonly tooltipSide?: 'top' | 'right' | 'bottom' | 'left';
}

export function IconButton(props: IconButtonProps): ReactNode {
  const {
    label,
    icon,
    shortcut = null,
    isPressed,
    isSmall = false,
    tooltipSide = 'bottom',
    className,
    ...rest
  } = props;
  return (
    <Tooltip text={label} shortcut={shortcut} side={tooltipSide}>
      <button
        type="button"
        aria-label={label}
        aria-pressed={isPressed}
        {...rest}
        className={join('ui-icon-button', isSmall && 'ui-small', className)}
      >
        {icon}
      </button>
    </Tooltip>
  );
}

/** Class names that are there. */
export function join(...names: readonly (string | false | null | undefined)[]): string {
  return names.filter(Boolean).join(' ');
}
