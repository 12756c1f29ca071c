import { useState, type ReactNode } from 'react';
import { TextInput } from '../ui/fields.tsx';

interface DraftInputProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly isMono?: boolean;
  readonly className?: string;
  /** When it is left, or with Enter, if it changed. */
  readonly onCommit: (value: string) => void;
}

/** A text that is taken when it is left: one undo step. Escape takes back what was typed. */
export function DraftInput({ label, value, placeholder, isMono, className, onCommit }: DraftInputProps): ReactNode {
  const [draft, setDraft] = useState<string | null>(null);
  const commit = (): void => {
    if (draft !== null && draft !== value) onCommit(draft);
    setDraft(null);
  };
  return (
    <TextInput
      aria-label={label}
      placeholder={placeholder}
      className={className}
      {...(isMono === undefined ? {} : { isMono })}
      value={draft ?? value}
      onChange={setDraft}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
        else if (event.key === 'Escape' && draft !== null) {
          event.stopPropagation();
          setDraft(null);
        }
      }}
    />
  );
}
