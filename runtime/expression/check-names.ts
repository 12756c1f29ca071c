/** What names mean: fields of inputs, fields of rows, functions without parentheses. */
import type { TextRange } from '../core/diagnostics.ts';
import { assert } from '../core/errors.ts';
import { say } from '../core/say.ts';
import { printDataType } from '../core/types.ts';
import type { Checker } from './check.ts';
import { findFunction } from './functions/index.ts';
import { resolvePath, scopeFields } from './scope.ts';
import { nearest } from './suggest.ts';
import type { NamePart } from './syntax.ts';
import type { TypedExpression } from './typed-expression.ts';

export class NameChecker {
  readonly #checker: Checker;

  constructor(checker: Checker) {
    this.#checker = checker;
  }

  name(path: readonly NamePart[], range: TextRange): TypedExpression | null {
    const first = path[0];
    assert(first !== undefined, 'an empty path');
    const resolved = resolvePath(path, this.#checker.scope);
    if (resolved === 'unknown') return this.#unknownName(path, range);
    if ('ambiguous' in resolved) {
      const choices = resolved.ambiguous.map((input) => `${input}.${first.text}`).join(' or ');
      return this.#checker.report('MR1307', say`"${first.text}" is in several inputs: write ${choices}`, first.range);
    }
    const { found, used } = resolved;
    const { name, type, nullable } = found.field;
    const column: TypedExpression = { node: 'column', index: found.index, name, input: found.input, type, nullable };
    return path
      .slice(used)
      .reduce<TypedExpression | null>((operand, part) => operand && this.fieldOf(operand, part), column);
  }

  #unknownName(path: readonly NamePart[], range: TextRange): TypedExpression | null {
    const [first, second] = path;
    const written = first!.text;
    const bare = path.length === 1 ? findFunction(written) : undefined;
    if (bare?.isBare === true) return this.#checker.calls.call(bare, [], first!.range);
    const fields = scopeFields(this.#checker.scope);
    const input = second && this.#checker.scope.inputs.find((i) => i.name === written);
    if (input !== undefined && second !== undefined) {
      if (second.text === '') return null;
      const names = input.schema.fields.map((f) => f.name);
      return this.#checker.report(
        'MR1302',
        say`"${written}" has no field "${second.text}".`,
        second.range,
        nearest(second.text, names),
      );
    }
    if (bare !== undefined) {
      return this.#checker.report(
        'MR1302',
        say`No field "${written}" in the input. To call the function, write ${bare.name}(…)`,
        range,
      );
    }
    const names = fields.map((f) => f.field.name);
    const suggestion = nearest(written, [...names, ...this.#checker.scope.inputs.flatMap((i) => i.name ?? [])]);
    const known = suggestion === null && fields.length > 0 ? listOf(names) : '';
    return this.#checker.report('MR1302', say`No field "${written}" in the input.${known}`, first!.range, suggestion);
  }

  fieldOf(operand: TypedExpression, name: NamePart): TypedExpression | null {
    // The parser has reported a name that is not there yet.
    if (name.text === '') return null;
    if (operand.type.kind !== 'ROW') {
      return this.#checker.report(
        'MR1305',
        say`"${name.text}" is asked of ${printDataType(operand.type)}, and only a ROW has fields`,
        name.range,
      );
    }
    const { fields } = operand.type;
    const index = fields.findIndex((f) => f.name === name.text);
    const found = fields[index];
    if (found === undefined) {
      return this.#checker.report(
        'MR1302',
        say`The ROW has no field "${name.text}".`,
        name.range,
        nearest(
          name.text,
          fields.map((f) => f.name),
        ),
      );
    }
    return {
      node: 'field',
      operand,
      index,
      name: found.name,
      type: found.type,
      nullable: operand.nullable || found.nullable,
    };
  }
}

function listOf(names: readonly string[]): string {
  const shown = names.slice(0, 8);
  return say` It has ${shown.join(', ')}${names.length > shown.length ? say`, …` : ''}.`;
}
