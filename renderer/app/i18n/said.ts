/**
 * What runtime/ says, in the app's language. runtime/ marks its English sentences (core/say.ts) and sends them as plain text; here the
 * text is recognised by the template it was made of. A sentence of nobody we know, such as one of the operating system, stays as it is.
 */
import i18next from 'i18next';
import { DIAGNOSTIC_HELP, type DiagnosticCode } from '../../../runtime/core/diagnostic-codes.ts';
import { say, type Say } from '../../../runtime/core/say.ts';
import chineseHelp from './diagnostic-codes.zh-CN.json';
import chinese from './said.zh-CN.json';

/** `there is no field "{0}"` is `['there is no field "', '"']`. */
interface Template {
  readonly parts: readonly string[];
  readonly translation: string;
  readonly letters: number;
}

const SLOT = /\{\d+\}/;
const SLOTS = /\{(\d+)\}/g;

/** The most particular first: what `{0}: {1}` would fit as well is rather a sentence that says more. */
const templates: readonly Template[] = Object.entries(chinese)
  .filter(([english]) => SLOT.test(english))
  .map(([english, translation]) => {
    const parts = english.split(SLOT);
    return { parts, translation, letters: parts.join('').replace(/[^A-Za-z]/g, '').length };
  })
  .sort((a, b) => b.letters - a.letters || b.parts.join('').length - a.parts.join('').length);

const whole: ReadonlyMap<string, string> = new Map(Object.entries(chinese));

/** With fewer letters of its own a template says nothing by itself: it counts only if one of its values is known. */
const ENOUGH_LETTERS = 3;
const MAX_KEPT = 1000;
const kept = new Map<string, string>();

/** A text of runtime/, in the app's language. */
export function said(english: string): string {
  if (i18next.language !== 'zh-CN') return english;
  const known = kept.get(english);
  if (known !== undefined) return known;
  const translation = translate(english);
  if (kept.size >= MAX_KEPT) kept.clear();
  kept.set(english, translation);
  return translation;
}

/** A failure in the app's language, and on a line of its own what the user can do about it. */
export function saidError(error: unknown): string {
  const { message, remedy = null } = error as { readonly message: string; readonly remedy?: string | null };
  return remedy === null ? said(message) : `${said(message)}\n${said(remedy)}`;
}

/** The tag `say` of runtime/ in the app's language, for what it describes when it is asked: values are kept as they are, but for durations. */
export const sayInAppLanguage: Say = (parts, ...values) => {
  const template = parts.reduce((text, part, i) => `${text}{${i - 1}}${part}`);
  const translation =
    i18next.language === 'zh-CN' ? (chinese as Readonly<Record<string, string>>)[template] : undefined;
  if (translation === undefined) return say(parts, ...values);
  return translation.replace(SLOTS, (_, nth: string) => durationInAppLanguage(String(values[Number(nth)])));
};

const DURATION = /^(-?[\d.]+) (millisecond|second|minute|hour|day)s?$/;
const UNITS: Readonly<Record<string, string>> = {
  millisecond: '毫秒',
  second: '秒',
  minute: '分钟',
  hour: '小时',
  day: '天',
};

/** `5 seconds` in the app's language; any other text as it is. */
export function durationInAppLanguage(text: string): string {
  const [, amount, unit] = (i18next.language === 'zh-CN' ? DURATION.exec(text) : null) ?? [];
  return unit === undefined ? text : `${amount} ${UNITS[unit]}`;
}

/** What a code means and how it is mended, in the app's language. */
export function helpOf(code: DiagnosticCode): string {
  return i18next.language === 'zh-CN' ? chineseHelp[code] : DIAGNOSTIC_HELP[code];
}

function translate(english: string): string {
  const same = whole.get(english);
  if (same !== undefined) return same;
  if (DURATION.test(english)) return durationInAppLanguage(english);
  for (const { parts, translation, letters } of templates) {
    const values = valuesOf(english, parts);
    if (values === null) continue;
    const translated = values.map((value, i) => (isName(parts, i) || value === english ? value : translate(value)));
    if (letters < ENOUGH_LETTERS && translated.every((value, i) => value === values[i])) continue;
    return translation.replace(SLOTS, (_, nth: string) => translated[Number(nth)]!);
  }
  return english;
}

/** What stands in quotes is the user's, whatever it is called. */
function isName(parts: readonly string[], nth: number): boolean {
  const quote = parts[nth]!.at(-1);
  return (quote === '"' || quote === "'") && parts[nth + 1]!.startsWith(quote);
}

/** What stands between the parts, each as short as can be; null: the text was not made of them. */
function valuesOf(text: string, parts: readonly string[]): string[] | null {
  const last = parts.at(-1)!;
  const end = text.length - last.length;
  if (!text.startsWith(parts[0]!) || !text.endsWith(last)) return null;
  const values: string[] = [];
  let at = parts[0]!.length;
  for (const part of parts.slice(1, -1)) {
    const next = text.indexOf(part, at);
    if (next < 0) return null;
    values.push(text.slice(at, next));
    at = next + part.length;
  }
  if (at > end) return null;
  values.push(text.slice(at, end));
  return values;
}
