/** A text input with a list of suggestions under it. Any text may be typed: what is not among the suggestions is for the validator to judge. */
import { Popover } from 'radix-ui';
import { useId, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { TextInput } from '../../ui/fields.tsx';
import { join } from '../../ui/Button.tsx';
import type { WidgetIds } from './widget.ts';

export interface Suggestion {
  readonly value: string;
  /** At the right of the suggestion: a field's type, what a type is for. */
  readonly detail?: string;
}

interface ComboboxProps {
  readonly ids?: WidgetIds;
  /** Accessible name, where no label element has the id. */
  readonly label?: string;
  readonly value: string;
  readonly suggestions: readonly Suggestion[];
  readonly placeholder?: string;
  readonly onChange: (text: string) => void;
  /** A suggestion was taken, or Enter pressed. */
  readonly onCommit?: (text: string) => void;
  readonly onKeyDown?: (event: KeyboardEvent<HTMLInputElement>) => void;
  readonly onFocus?: () => void;
  readonly onBlur?: () => void;
}

export function Combobox(props: ComboboxProps): ReactNode {
  const { ids, label, value, suggestions, placeholder, onChange, onCommit, onKeyDown, onFocus, onBlur } = props;
  const listId = useId();
  const inputRef = useRef<HTMLInputElement>(null);
  const [isOpen, setOpen] = useState(false);
  /** Before anything is typed, the whole list is offered. */
  const [isFiltering, setFiltering] = useState(false);
  const [active, setActive] = useState(-1);
  const shown = useMemo(
    () => (isFiltering ? matching(suggestions, value) : suggestions),
    [suggestions, value, isFiltering],
  );
  const isListShown = isOpen && shown.length > 0;

  const take = (text: string): void => {
    onChange(text);
    onCommit?.(text);
    close();
  };
  const close = (): void => {
    setOpen(false);
    setFiltering(false);
    setActive(-1);
  };
  const handleKey = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      if (!isListShown) setOpen(true);
      setActive((at) =>
        shown.length === 0 ? -1 : (at + step + shown.length + (at < 0 && step < 0 ? 1 : 0)) % shown.length,
      );
    } else if (event.key === 'Enter') {
      const chosen = isListShown ? shown[active] : undefined;
      if (chosen !== undefined || onCommit !== undefined) event.preventDefault();
      if (chosen !== undefined) take(chosen.value);
      else {
        onCommit?.(value);
        close();
      }
    } else if (event.key === 'Escape' && isListShown) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else onKeyDown?.(event);
  };

  return (
    <Popover.Root open={isListShown}>
      <Popover.Anchor asChild>
        <TextInput
          {...ids}
          ref={inputRef}
          role="combobox"
          aria-label={label}
          aria-expanded={isListShown}
          aria-controls={isListShown ? listId : undefined}
          aria-autocomplete="list"
          aria-activedescendant={isListShown && active >= 0 ? `${listId}-${active}` : undefined}
          isMono
          value={value}
          placeholder={placeholder}
          onChange={(text) => {
            onChange(text);
            setFiltering(true);
            setActive(-1);
            setOpen(true);
          }}
          onFocus={() => onFocus?.()}
          onClick={() => setOpen(true)}
          onKeyDown={handleKey}
          onBlur={() => {
            close();
            onBlur?.();
          }}
        />
      </Popover.Anchor>
      <Popover.Portal>
        <Popover.Content
          className="ui-menu inspector-suggestions"
          align="start"
          sideOffset={4}
          collisionPadding={8}
          onOpenAutoFocus={(event) => event.preventDefault()}
          onCloseAutoFocus={(event) => event.preventDefault()}
          // The input keeps the focus while a suggestion is clicked.
          onMouseDown={(event) => event.preventDefault()}
        >
          <ul id={listId} role="listbox" aria-label={label}>
            {shown.map((suggestion, i) => (
              <li
                key={suggestion.value}
                id={`${listId}-${i}`}
                role="option"
                aria-selected={suggestion.value === value}
                className={join('inspector-suggestion', i === active && 'inspector-suggestion-active')}
                onMouseMove={() => setActive(i)}
                onClick={() => take(suggestion.value)}
                ref={(element) => {
                  if (i === active) element?.scrollIntoView?.({ block: 'nearest' });
                }}
              >
                <span>{suggestion.value}</span>
                {suggestion.detail !== undefined && <span className="inspector-type">{suggestion.detail}</span>}
              </li>
            ))}
          </ul>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** Those that start with what is typed first, then those that hold it. */
function matching(suggestions: readonly Suggestion[], typed: string): readonly Suggestion[] {
  const wanted = typed.trim().toLowerCase();
  if (wanted === '') return suggestions;
  const rank = (suggestion: Suggestion): number => {
    const at = suggestion.value.toLowerCase().indexOf(wanted);
    return at === 0 ? 0 : at > 0 ? 1 : 2;
  };
  return suggestions.filter((one) => rank(one) < 2).sort((a, b) => rank(a) - rank(b));
}
