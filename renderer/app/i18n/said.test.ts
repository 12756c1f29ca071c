import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changeLanguage } from 'i18next';
import ts from 'typescript';
import { DIAGNOSTIC_HELP } from '../../../runtime/core/diagnostic-codes.ts';
import { checkConfig } from '../../../runtime/core/config.ts';
import { say } from '../../../runtime/core/say.ts';
import { catalog } from '../../../runtime/operators/catalog.ts';
import './index.ts';
import chineseHelp from './diagnostic-codes.zh-CN.json';
import chinese from './said.zh-CN.json';
import { durationInAppLanguage, helpOf, said, sayInAppLanguage } from './said.ts';

const sources = import.meta.glob<string>(['../../../{runtime,main}/**/*.ts', '!../../../**/*.test.ts'], {
  eager: true,
  query: '?raw',
  import: 'default',
});

/** Every template that runtime/ and main/ mark: `there is no field "{0}"`. */
function markedTemplates(): string[] {
  const found = new Set<string>();
  for (const [path, text] of Object.entries(sources)) {
    if (!text.includes('say`')) continue;
    const visit = (node: ts.Node): void => {
      if (ts.isTaggedTemplateExpression(node) && ts.isIdentifier(node.tag) && node.tag.text === 'say') {
        found.add(templateOf(node.template));
      }
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
  }
  return [...found].sort();
}

function templateOf(template: ts.TemplateLiteral): string {
  if (ts.isNoSubstitutionTemplateLiteral(template)) return template.text;
  return template.head.text + template.templateSpans.map(({ literal }, i) => `{${i}}${literal.text}`).join('');
}

const slotsOf = (text: string): string[] => (text.match(/\{\d+\}/g) ?? []).sort();

describe('what runtime/ says', () => {
  beforeEach(() => changeLanguage('zh-CN'));
  afterEach(() => changeLanguage('en'));

  it('has each of its sentences in Chinese, and none that it does not say', () => {
    // Mend said.zh-CN.json: its keys are the templates as they stand in the code, in alphabetical order.
    expect(Object.keys(chinese)).toEqual(markedTemplates());
  });

  it('has the help of each code in Chinese', () => {
    expect(Object.keys(chineseHelp)).toEqual(Object.keys(DIAGNOSTIC_HELP));
    expect(helpOf('MR1105')).toBe(chineseHelp.MR1105);
  });

  it('keeps the values of every sentence', () => {
    for (const [english, translation] of Object.entries(chinese)) {
      expect(slotsOf(translation), english).toEqual(slotsOf(english));
    }
  });

  it('recognises every sentence among all the others', () => {
    const values = Array.from({ length: 9 }, (_, i) => `VALUE${i}`);
    const filled = (text: string): string => text.replace(/\{(\d+)\}/g, (_, nth: string) => values[Number(nth)]!);
    const letters = (text: string): number => text.replace(/\{\d+\}|[^A-Za-z]/g, '').length;
    const meant = Object.entries(chinese).filter(([english]) => letters(english) >= 3);
    expect(meant.filter(([english, translation]) => said(filled(english)) !== filled(translation))).toEqual([]);
  });

  it('translates what a sentence holds, but no name', () => {
    const name = 'the end';
    expect(said(say`there is no node "${name}"`)).toBe('没有节点“the end”');
    expect(said(say`expected ${say`the end`} but found ${7}`)).toBe('应为 结尾，却是 7');
    expect(said(say`"${'a'}" has no output "${'b'}"${say`; it has none`}`)).toBe('“a”没有输出“b”；它没有');
    expect(said(say`${'{"a": 1}'} is no JSON path`)).toBe('{"a": 1} 不是 JSON 路径');
  });

  it('says what is described here at once, with what the user wrote as it is', async () => {
    const line = catalog['aggregate.window'].describe(
      checkConfig(catalog['aggregate.window'].config, {
        groupBy: ['number', 'line'],
        window: { type: 'hopping', size: '1 minute', slide: '10 seconds' },
        aggregates: [{ as: 'n', fn: 'COUNT', expr: '*' }],
      }).value!,
      sayInAppLanguage,
    );
    expect(line).toBe('1 分钟，每隔 10 秒，按 number, line');
    expect(durationInAppLanguage('1 minute')).toBe('1 分钟');
    expect(sayInAppLanguage`nothing of ${'this'} is known`).toBe('nothing of this is known');
    await changeLanguage('en');
    expect(sayInAppLanguage`all rows`).toBe('all rows');
    expect(durationInAppLanguage('1 minute')).toBe('1 minute');
  });

  it('leaves the sentences of others and the English app as they are', async () => {
    expect(said('ENOENT: no such file or directory')).toBe('ENOENT: no such file or directory');
    await changeLanguage('en');
    expect(said(say`there is no node "${'a'}"`)).toBe('there is no node "a"');
  });
});
