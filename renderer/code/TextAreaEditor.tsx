import { useEffect, useRef, type ReactNode } from 'react';
import { join } from '../ui/Button.tsx';
import type { EditorProps } from './editor-types.ts';
import { takeOnce } from './take-once.ts';

interface TextAreaEditorProps extends EditorProps {
  /** Enter leaves the text as it is; Shift+Enter breaks the line. */
  readonly isSingleLine: boolean;
  readonly onFocusChange: (hasFocus: boolean) => void;
}

/** What an editor is while Monaco is not there. */
export function TextAreaEditor(props: TextAreaEditorProps): ReactNode {
  const {
    ids,
    label,
    value,
    onChange,
    placeholder,
    place = null,
    isReadOnly = false,
    isSingleLine,
    onFocusChange,
  } = props;
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (place === null || area.current === null || !takeOnce(place.request, 'editor')) return;
    area.current.focus({ preventScroll: true });
    if (place.range !== null) area.current.setSelectionRange(place.range.start, place.range.end);
  }, [place]);
  return (
    <textarea
      ref={area}
      {...ids}
      aria-label={label}
      className={join('ui-input', 'code-area', isSingleLine ? 'code-area-line' : 'code-area-full')}
      rows={1}
      spellCheck={false}
      autoComplete="off"
      placeholder={placeholder}
      readOnly={isReadOnly}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onFocus={() => onFocusChange(true)}
      onBlur={() => onFocusChange(false)}
      onKeyDown={(event) => {
        if (isSingleLine && event.key === 'Enter' && !event.shiftKey) event.preventDefault();
        if (event.key === 'Escape') event.currentTarget.blur();
      }}
    />
  );
}
