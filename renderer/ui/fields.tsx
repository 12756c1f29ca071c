/** Inputs. Every one takes `label` as its accessible name unless an outer <Field> shows it. */
import { Check, ChevronDown, Search, X } from 'lucide-react';
import { Select as RadixSelect, Switch as RadixSwitch } from 'radix-ui';
import { useId, type ComponentProps, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton, join } from './Button.tsx';

interface FieldProps {
  readonly label: string;
  /** A sentence under the input. */
  readonly help?: ReactNode;
  /** Shown in place of `help`, in red. */
  readonly error?: ReactNode;
  readonly isOptional?: boolean;
  /** Gives the ids to put on the input. */
  readonly children: (ids: {
    readonly id: string;
    readonly 'aria-describedby': string | undefined;
    readonly 'aria-invalid': boolean | undefined;
  }) => ReactNode;
}

/** A labelled input with help or error below. */
export function Field({ label, help, error, isOptional = false, children }: FieldProps): ReactNode {
  const { t } = useTranslation();
  const id = useId();
  const hasError = error !== undefined && error !== null && error !== '';
  const text = hasError ? error : help;
  return (
    <div className="ui-field">
      <label className="ui-field-label" htmlFor={id}>
        {label}
        {isOptional && <span className="ui-field-optional">{t('ui:optional')}</span>}
      </label>
      {children({
        id,
        'aria-describedby': text === undefined ? undefined : `${id}-text`,
        'aria-invalid': hasError ? true : undefined,
      })}
      {text !== undefined && (
        <div
          id={`${id}-text`}
          className={hasError ? 'ui-field-error' : 'ui-field-help'}
          role={hasError ? 'alert' : undefined}
        >
          {text}
        </div>
      )}
    </div>
  );
}

interface TextInputProps extends Omit<ComponentProps<'input'>, 'onChange' | 'value'> {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isMono?: boolean;
}

export function TextInput({ value, onChange, isMono = false, className, ...props }: TextInputProps): ReactNode {
  return (
    <input
      type="text"
      spellCheck={false}
      autoComplete="off"
      {...props}
      className={join('ui-input', isMono && 'ui-mono', className)}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

interface SearchInputProps extends Omit<ComponentProps<'input'>, 'onChange' | 'value'> {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function SearchInput({ label, value, onChange, ...props }: SearchInputProps): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="ui-search">
      <Search size={14} aria-hidden />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        spellCheck={false}
        autoComplete="off"
        {...props}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      {value !== '' && (
        <IconButton label={t('ui:clear')} icon={<X size={13} aria-hidden />} isSmall onClick={() => onChange('')} />
      )}
    </div>
  );
}

export interface Option {
  readonly value: string;
  readonly label: string;
}

interface SelectProps {
  readonly value: string | null;
  readonly options: readonly Option[];
  readonly onChange: (value: string) => void;
  readonly label?: string;
  readonly placeholder?: string;
  readonly id?: string;
  readonly isDisabled?: boolean;
  readonly 'aria-describedby'?: string | undefined;
  readonly 'aria-invalid'?: boolean | undefined;
}

export function Select({
  value,
  options,
  onChange,
  label,
  placeholder,
  isDisabled = false,
  ...ids
}: SelectProps): ReactNode {
  return (
    <RadixSelect.Root value={value ?? ''} onValueChange={onChange} disabled={isDisabled}>
      <RadixSelect.Trigger className="ui-input ui-select" aria-label={label} {...ids}>
        <RadixSelect.Value placeholder={placeholder} />
        <RadixSelect.Icon>
          <ChevronDown size={14} aria-hidden />
        </RadixSelect.Icon>
      </RadixSelect.Trigger>
      <RadixSelect.Portal>
        <RadixSelect.Content className="ui-menu ui-select-list" position="popper" sideOffset={4} collisionPadding={8}>
          <RadixSelect.Viewport>
            {options.map((option) => (
              <RadixSelect.Item key={option.value} value={option.value} className="ui-menu-item">
                <span className="ui-menu-icon">
                  <RadixSelect.ItemIndicator>
                    <Check size={14} aria-hidden />
                  </RadixSelect.ItemIndicator>
                </span>
                <RadixSelect.ItemText>{option.label}</RadixSelect.ItemText>
              </RadixSelect.Item>
            ))}
          </RadixSelect.Viewport>
        </RadixSelect.Content>
      </RadixSelect.Portal>
    </RadixSelect.Root>
  );
}

interface SwitchProps {
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly label?: string;
  readonly id?: string;
  readonly isDisabled?: boolean;
  readonly 'aria-describedby'?: string | undefined;
}

export function Switch({ isOn, onChange, label, isDisabled = false, ...ids }: SwitchProps): ReactNode {
  return (
    <RadixSwitch.Root
      className="ui-switch"
      checked={isOn}
      onCheckedChange={onChange}
      aria-label={label}
      disabled={isDisabled}
      {...ids}
    >
      <RadixSwitch.Thumb className="ui-switch-thumb" />
    </RadixSwitch.Root>
  );
}

export interface SegmentedProps<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly label: string; readonly icon?: ReactNode }[];
  readonly onChange: (value: V) => void;
}

/** A few choices side by side, one of them on. */
export function Segmented<V extends string>({ label, value, options, onChange }: SegmentedProps<V>): ReactNode {
  return (
    <div className="ui-segmented" role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
        >
          {option.icon}
          {option.label}
        </button>
      ))}
    </div>
  );
}
