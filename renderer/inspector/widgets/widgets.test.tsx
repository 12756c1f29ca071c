import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { c, configSpec, type ConfigField } from '../../../runtime/core/config.ts';
import { field, schemaOf } from '../../../runtime/core/schema.ts';
import type { InputStream } from '../../../runtime/core/operator.ts';
import { BIGINT, STRING } from '../../../runtime/core/types.ts';
import { renderForm, type FormOptions, type RenderedForm } from '../test-form.tsx';

afterEach(cleanup);

const named = (label: string): { label: string; help: string } => ({ label, help: `Help of ${label}` });

const INPUT: InputStream = {
  port: 'in',
  shape: {
    schema: schemaOf([field('user', STRING), field('clicks', BIGINT, false)]),
    eventTime: true,
    changelog: 'append',
    bounded: true,
  },
};

function show(builder: ConfigField<unknown>, value: unknown, options: FormOptions = {}): RenderedForm {
  const { fields } = configSpec({ key: builder });
  return renderForm(fields, value === undefined ? {} : { key: value }, options);
}

const type = (element: HTMLElement, text: string): void => {
  fireEvent.change(element, { target: { value: text } });
};

describe('text', () => {
  it('is labelled, described and edited as one step', () => {
    const form = show(c.text(named('Name')), 'a');
    const input = screen.getByLabelText<HTMLInputElement>('Name');
    type(input, 'ab');
    type(input, 'abc');
    expect(form.config()).toEqual({ key: 'abc' });
    expect(form.kinds).toEqual(['typing', 'typing']);
    expect(document.getElementById(input.getAttribute('aria-describedby')!)?.textContent).toBe('Help of Name');
  });

  it('takes an optional value away when it is emptied', () => {
    const form = show(c.optional(c.text(named('Name'))), 'a');
    type(screen.getByLabelText('Name'), '');
    expect(form.config()).toEqual({});
  });

  it('keeps an empty required one, for the validator to name', () => {
    const form = show(c.text(named('Name')), 'a');
    type(screen.getByLabelText('Name'), '');
    expect(form.config()).toEqual({ key: '' });
  });
});

describe('number', () => {
  it('shows what is typed until it means another number', () => {
    const form = show(c.number(named('Rate'), { unit: 'rows/s' }), 5);
    const input = screen.getByLabelText<HTMLInputElement>('Rate');
    type(input, '1.');
    expect(input.value).toBe('1.');
    expect(form.config()).toEqual({ key: 1 });
    type(input, '1.5');
    expect(form.config()).toEqual({ key: 1.5 });
    expect(screen.getByText('rows/s')).toBeTruthy();
  });

  it('passes a parameter and a mistake on as text', () => {
    const form = show(c.integer(named('Rows')), 5);
    type(screen.getByLabelText('Rows'), '${rows}');
    expect(form.config()).toEqual({ key: '${rows}' });
  });

  it('steps with the arrow keys within its range', () => {
    const form = show(c.integer(named('Rows'), { min: 0, max: 6 }), 5);
    const input = screen.getByLabelText('Rows');
    fireEvent.keyDown(input, { key: 'ArrowUp' });
    fireEvent.keyDown(input, { key: 'ArrowUp' });
    expect(form.config()).toEqual({ key: 6 });
  });
});

describe('flag', () => {
  it('shows its default and turns', () => {
    const form = show(c.withDefault(c.flag(named('Keep')), true), undefined);
    const toggle = screen.getByRole('switch', { name: 'Keep' });
    expect(toggle.getAttribute('aria-checked')).toBe('true');
    fireEvent.click(toggle);
    expect(form.config()).toEqual({ key: false });
    expect(form.kinds).toEqual(['step']);
  });
});

describe('choice', () => {
  it('shows the chosen label, and a value that is no option as it is', () => {
    show(c.choice(named('Mode'), { fail: 'Fail the job', reject: 'Reject' }), 'reject');
    expect(screen.getByRole('combobox').textContent).toContain('Reject');
    show(c.choice(named('Mode'), { fail: 'Fail the job' }), 'explode');
    expect(screen.getByRole('combobox').textContent).toContain('explode');
  });
});

describe('duration', () => {
  it('edits amount and unit', () => {
    const form = show(c.duration(named('Size')), '5 minutes');
    const input = screen.getByLabelText<HTMLInputElement>('Size');
    expect(input.value).toBe('5');
    type(input, '1');
    expect(form.config()).toEqual({ key: '1 minute' });
    type(input, '90');
    expect(form.config()).toEqual({ key: '90 minutes' });
    expect(screen.getByRole('combobox', { name: 'Unit of Size' }).textContent).toContain('minutes');
  });

  it('keeps the unit while the amount is empty', () => {
    const form = show(c.duration(named('Size')), '5 hours');
    const input = screen.getByLabelText('Size');
    type(input, '');
    expect(form.config()).toEqual({ key: '' });
    type(screen.getByLabelText('Size'), '2');
    expect(form.config()).toEqual({ key: '2 hours' });
  });

  it('shows anything else as text', () => {
    show(c.duration(named('Size')), '${size}');
    expect(screen.getByLabelText<HTMLInputElement>('Size').value).toBe('${size}');
    expect(screen.queryByRole('combobox')).toBeNull();
  });
});

describe('expression and code', () => {
  it('edits an expression; Enter breaks no line', () => {
    const form = show(c.expression(named('Condition')), 'a = 1', { inputs: [INPUT] });
    const area = screen.getByLabelText('Condition');
    type(area, 'a = 2');
    expect(form.config()).toEqual({ key: 'a = 2' });
    expect(fireEvent.keyDown(area, { key: 'Enter' })).toBe(false);
    expect(fireEvent.keyDown(area, { key: 'Enter', shiftKey: true })).toBe(true);
  });

  it('edits code', () => {
    const form = show(c.code(named('Code'), 'javascript'), 'x');
    type(screen.getByLabelText('Code'), 'y\nz');
    expect(form.config()).toEqual({ key: 'y\nz' });
  });
});

describe('data type, field, path', () => {
  it('offers types and takes one by keyboard', () => {
    const form = show(c.dataType(named('Type')), 'STRING');
    const input = screen.getByLabelText('Type');
    type(input, 'BIG');
    expect(screen.getAllByRole('option').map((option) => option.textContent)).toEqual([
      expect.stringContaining('BIGINT'),
    ]);
    fireEvent.keyDown(input, { key: 'ArrowDown' });
    fireEvent.keyDown(input, { key: 'Enter' });
    expect(form.config()).toEqual({ key: 'BIGINT' });
    expect(screen.queryByRole('option')).toBeNull();
  });

  it('offers the fields of the input with their types', () => {
    const form = show(c.field(named('Field')), '', { inputs: [INPUT] });
    fireEvent.click(screen.getByLabelText('Field'));
    const options = screen.getAllByRole('option');
    expect(options.map((option) => option.textContent)).toEqual(['userSTRING ?', 'clicksBIGINT']);
    fireEvent.click(options[1]!);
    expect(form.config()).toEqual({ key: 'clicks' });
  });

  it('offers the fields that a source declares itself', () => {
    const { fields } = configSpec({ schema: c.columns(named('Schema')), time: c.field(named('Time')) });
    renderForm(fields, { schema: [{ name: 'ts', type: 'TIMESTAMP' }], time: '' }, { isSource: true });
    fireEvent.click(screen.getByLabelText('Time'));
    expect(screen.getByRole('option').textContent).toBe('tsTIMESTAMP');
  });

  it('closes its list with Escape and leaves the text', () => {
    const form = show(c.dataType(named('Type')), 'STRING');
    const input = screen.getByLabelText('Type');
    fireEvent.click(input);
    expect(screen.queryAllByRole('option').length).toBeGreaterThan(0);
    fireEvent.keyDown(input, { key: 'Escape' });
    expect(screen.queryAllByRole('option')).toEqual([]);
    expect(form.config()).toEqual({ key: 'STRING' });
  });

  it('edits a path', () => {
    const form = show(c.path(named('Path')), 'a.csv');
    const input = screen.getByLabelText('Path');
    fireEvent.focus(input);
    type(input, 'b.csv');
    expect(form.config()).toEqual({ key: 'b.csv' });
  });
});

describe('fields', () => {
  it('adds by Enter and by leaving, removes, and moves', () => {
    const form = show(c.fields(named('Keys')), ['user'], { inputs: [INPUT] });
    const input = screen.getByLabelText('Keys', { selector: 'input' });
    type(input, 'clicks');
    fireEvent.keyDown(input, { key: 'Enter' });
    expect(form.config()).toEqual({ key: ['user', 'clicks'] });
    fireEvent.keyDown(screen.getByRole('button', { name: 'Remove clicks' }), { key: 'ArrowLeft', altKey: true });
    expect(form.config()).toEqual({ key: ['clicks', 'user'] });
    fireEvent.click(screen.getByRole('button', { name: 'Remove clicks' }));
    type(input, 'page');
    fireEvent.blur(input);
    expect(form.config()).toEqual({ key: ['user', 'page'] });
  });
});

describe('object, variant, list', () => {
  const window = c.variant(named('Window'), 'type', {
    tumbling: { label: 'Tumbling', fields: { size: c.duration(named('Size')) } },
    session: { label: 'Session', fields: { gap: c.duration(named('Gap')) } },
  });

  it('shows an optional group only when it is set', () => {
    const form = show(c.optional(c.object(named('Time'), { field: c.text(named('Field')) })), undefined);
    expect(screen.queryByLabelText('Field')).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Set' }));
    expect(form.config()).toEqual({ key: { field: '' } });
    type(screen.getByLabelText('Field'), 'ts');
    fireEvent.click(screen.getByRole('button', { name: 'Reset Time to its default' }));
    expect(form.config()).toEqual({});
  });

  it('writes the default of a group with the first change in it', () => {
    const form = show(
      c.withDefault(c.object(named('Time'), { a: c.text(named('A')), b: c.text(named('B')) }), { a: '1', b: '2' }),
      undefined,
    );
    type(screen.getByLabelText('A'), '9');
    expect(form.config()).toEqual({ key: { a: '9', b: '2' } });
  });

  it('shows the fields of the chosen case', () => {
    show(window, { type: 'session', gap: '1 minute' });
    expect(screen.getByLabelText('Gap')).toBeTruthy();
    expect(screen.queryByLabelText('Size')).toBeNull();
  });

  const cases = c.list(
    named('Cases'),
    c.object(named('Case'), { port: c.text(named('Port')), when: c.text(named('When')) }),
    {
      itemLabel: 'case',
    },
  );
  const two = [
    { port: 'a', when: '1' },
    { port: 'b', when: '2' },
  ];

  it('adds and removes rows', () => {
    const form = show(cases, two);
    fireEvent.click(screen.getByRole('button', { name: 'Add case' }));
    expect(form.config()).toEqual({ key: [...two, { port: '', when: '' }] });
    fireEvent.click(screen.getByRole('button', { name: 'Remove case 1' }));
    expect(form.config()).toEqual({ key: [two[1], { port: '', when: '' }] });
    type(screen.getByLabelText('Port 2'), 'c');
    expect(form.config()).toEqual({ key: [two[1], { port: 'c', when: '' }] });
  });

  it('moves rows by keyboard, and says so', () => {
    const form = show(cases, two);
    fireEvent.keyDown(screen.getByRole('button', { name: /^Move case 1/ }), { key: 'ArrowDown' });
    expect(form.config()).toEqual({ key: [two[1], two[0]] });
    expect(screen.getByText('Moved from 1 to 2')).toBeTruthy();
    fireEvent.keyDown(screen.getByRole('button', { name: /^Move case 2/ }), { key: 'ArrowDown' });
    expect(form.config()).toEqual({ key: [two[1], two[0]] });
  });

  it('moves rows by drag', () => {
    const form = show(cases, two);
    const dataTransfer = { setDragImage: () => undefined, setData: () => undefined, effectAllowed: '' };
    fireEvent.dragStart(screen.getByRole('button', { name: /^Move case 2/ }), { dataTransfer });
    const first = screen.getAllByRole('listitem')[0]!;
    fireEvent.dragOver(first);
    fireEvent.drop(first);
    expect(form.config()).toEqual({ key: [two[1], two[0]] });
  });

  it('shows larger items as cards that fold', () => {
    const item = c.object(named('Case'), {
      a: c.text(named('A')),
      b: c.text(named('B')),
      c: c.text(named('C')),
      d: c.flag(named('D')),
    });
    show(c.list(named('Cards'), item, { itemLabel: 'card' }), [{ a: 'x', b: 'y', c: '', d: false }]);
    const title = screen.getByRole('button', { name: 'x · y' });
    expect(screen.getByLabelText('A')).toBeTruthy();
    fireEvent.click(title);
    expect(screen.queryByLabelText('A')).toBeNull();
  });

  it('edits a list of plain values', () => {
    const form = show(c.list(named('Names'), c.text(named('Name')), { itemLabel: 'name' }), ['a']);
    type(screen.getByLabelText('Name 1'), 'b');
    expect(form.config()).toEqual({ key: ['b'] });
  });
});

describe('problems', () => {
  it('are shown at their field and marked on the input', () => {
    show(c.text(named('Name')), '', {
      diagnostics: [{ severity: 'error', code: 'MR1203', message: 'must not be empty', path: 'key' }],
    });
    const input = screen.getByLabelText('Name');
    expect(input.getAttribute('aria-invalid')).toBe('true');
    const described = input
      .getAttribute('aria-describedby')!
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent);
    expect(described.join(' ')).toContain('must not be empty');
  });

  it('of places without a field stand above the form, with a fix', () => {
    const form = renderForm(
      {},
      { colour: 'red' },
      {
        diagnostics: [{ severity: 'error', code: 'MR1202', message: 'unknown key "colour"', path: 'colour' }],
      },
    );
    expect(within(form.container).getByText('colour:', { exact: false })).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Remove colour' }));
    expect(form.config()).toEqual({});
  });

  it('of one chosen field stand under the chips', () => {
    show(c.fields(named('Keys')), ['usr'], {
      diagnostics: [
        { severity: 'error', code: 'MR1403', message: 'no field "usr"', path: 'key[0]', suggestion: 'user' },
      ],
    });
    fireEvent.click(screen.getByRole('button', { name: 'Change to user' }));
    expect(screen.getByText('user')).toBeTruthy();
  });
});
