import { X } from 'lucide-react';
import { Dialog as RadixDialog } from 'radix-ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './Button.tsx';

interface DialogProps {
  readonly title: string;
  readonly description?: ReactNode;
  readonly onClose: () => void;
  readonly children?: ReactNode;
  /** Buttons, the one that Enter presses last. */
  readonly actions?: ReactNode;
  readonly width?: number;
}

/** Called when nothing inside took the focus by itself: not the first control then, which is the one that closes. */
function focusWhole(event: Event): void {
  event.preventDefault();
  if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
}

/** Escape in an editor closes its suggestions; those are drawn over the page, outside of the dialog. */
function leaveToEditor(event: Event): void {
  const target =
    event instanceof CustomEvent ? (event.detail as { originalEvent?: Event }).originalEvent?.target : event.target;
  if (target instanceof Element && target.closest('.code-editor, .code-overflow') !== null) event.preventDefault();
}

/** A modal dialog; shown as long as it is rendered. */
export function Dialog({ title, description, onClose, children, actions, width = 440 }: DialogProps): ReactNode {
  const { t } = useTranslation();
  return (
    <RadixDialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <RadixDialog.Portal>
        <RadixDialog.Overlay className="ui-overlay" />
        <RadixDialog.Content
          className="ui-dialog"
          style={{ width }}
          onOpenAutoFocus={focusWhole}
          onEscapeKeyDown={leaveToEditor}
          onInteractOutside={leaveToEditor}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
        >
          <header className="ui-dialog-header">
            <RadixDialog.Title className="ui-dialog-title">{title}</RadixDialog.Title>
            <IconButton label={t('ui:close')} icon={<X size={16} aria-hidden />} isSmall onClick={onClose} />
          </header>
          {description !== undefined && (
            <RadixDialog.Description className="ui-dialog-description">{description}</RadixDialog.Description>
          )}
          {children !== undefined && <div className="ui-dialog-body">{children}</div>}
          {actions !== undefined && <footer className="ui-dialog-actions">{actions}</footer>}
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
}
