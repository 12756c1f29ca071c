/**
 * The automaton of a row pattern. A state either takes a row for a variable, or forks without one. A fork of a greedy quantifier is
 * exclusive: a row that fits the first way does not go the second, so the automaton never looks ahead and never turns back.
 * That is what Flink's NFA does ("proceed unless it could take").
 */
import { assert } from '../../core/errors.ts';
import type { PatternSyntax } from './pattern-syntax.ts';

export type State =
  | { readonly type: 'take'; readonly variable: string; readonly next: number }
  /** `first` is preferred. */
  | { readonly type: 'fork'; readonly first: number; readonly second: number; readonly isExclusive: boolean }
  | { readonly type: 'accept' };

export interface Automaton {
  readonly states: readonly State[];
  readonly start: number;
  /** By state: whether the match is whole there. */
  readonly isAccepting: readonly boolean[];
}

const ACCEPT = 0;

/** Of a checked pattern: nothing that can be empty is repeated. */
export function compilePattern(pattern: PatternSyntax): Automaton {
  const states: State[] = [{ type: 'accept' }];
  const add = (state: State): number => states.push(state) - 1;

  /** States for `syntax` in front of state `next`; the first of them. */
  const build = (syntax: PatternSyntax, next: number): number => {
    switch (syntax.node) {
      case 'variable':
        return add({ type: 'take', variable: syntax.name, next });
      case 'sequence':
        return syntax.items.reduceRight((after, item) => build(item, after), next);
      case 'alternatives':
        return syntax.items
          .map((item) => build(item, next))
          .reduceRight((second, first) => add({ type: 'fork', first, second, isExclusive: false }));
      case 'repeat': {
        const { min, max } = syntax.quantifier;
        let first = next;
        if (max === Infinity) first = loop(syntax, next);
        else for (let i = min; i < max; i++) first = fork(syntax, build(syntax.item, first), next);
        for (let i = 0; i < min; i++) first = build(syntax.item, first);
        return first;
      }
    }
  };

  const fork = (syntax: Repeat, again: number, next: number): number => {
    const { isGreedy } = syntax.quantifier;
    return add({
      type: 'fork',
      first: isGreedy ? again : next,
      second: isGreedy ? next : again,
      isExclusive: isGreedy,
    });
  };

  const loop = (syntax: Repeat, next: number): number => {
    const head = add({ type: 'accept' });
    const again = build(syntax.item, head);
    const made = states[fork(syntax, again, next)]!;
    states.pop();
    states[head] = made;
    return head;
  };

  const start = build(pattern, ACCEPT);
  const isAccepting = states.map((_, i) => reachesAccept(states, i));
  assert(isAccepting[start] === false, 'a pattern that can be empty reached the compiler');
  return { states, start, isAccepting };
}

type Repeat = Extract<PatternSyntax, { node: 'repeat' }>;

function reachesAccept(states: readonly State[], from: number): boolean {
  const state = states[from]!;
  if (state.type === 'fork') return reachesAccept(states, state.first) || reachesAccept(states, state.second);
  return state.type === 'accept';
}
