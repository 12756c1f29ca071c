import { Tooltip as RadixTooltip } from 'radix-ui';
import type { FocusEvent, ReactNode } from 'react';

interface TooltipProps {
  readonly text: ReactNode;
  readonly shortcut?: string | null;
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
  /** One focusable element. */
  readonly children: ReactNode;
}

export function Tooltip({ text, shortcut = null, side = 'bottom', children }: TooltipProps): ReactNode {
  return (
    <RadixTooltip.Root>
      <RadixTooltip.Trigger asChild onFocus={unlessByPointer}>
        {children}
      </RadixTooltip.Trigger>
      <RadixTooltip.Portal>
        <RadixTooltip.Content className="ui-tooltip" side={side} sideOffset={6} collisionPadding={8}>
          {text}
          {shortcut !== null && <kbd className="ui-kbd">{shortcut}</kbd>}
        </RadixTooltip.Content>
      </RadixTooltip.Portal>
    </RadixTooltip.Root>
  );
}

/** The focus that a closed menu gives back to its button must not open the button's tooltip. */
function unlessByPointer(event: FocusEvent<HTMLElement>): void {
  if (!event.currentTarget.matches(':focus-visible')) event.preventDefault();
}

/** Once around the app. */
export function TooltipProvider({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <RadixTooltip.Provider delayDuration={450} skipDelayDuration={150}>
      {children}
    </RadixTooltip.Provider>
  );
}
