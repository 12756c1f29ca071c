/** What a pattern must not ask for. The limits are Flink's, but for groups and alternatives, which it has none of. */
import { say } from '../../core/say.ts';
import { parsePattern, type ParsedPattern, type PatternProblem } from './parse-pattern.ts';
import { fewestRows, sizeOf, type PatternSyntax } from './pattern-syntax.ts';

/** More states than any pattern that someone wrote on purpose. */
const MAX_SIZE = 2000;

/** Reads and checks; the pattern is null iff there are problems. */
export function checkPattern(text: string): ParsedPattern {
  const { pattern, problems } = parsePattern(text);
  if (pattern === null) return { pattern, problems };
  const found = [...problemsOf(pattern)];
  return { pattern: found.length === 0 ? pattern : null, problems: found };
}

function* problemsOf(pattern: PatternSyntax): Generator<PatternProblem> {
  if (sizeOf(pattern) > MAX_SIZE) {
    yield {
      code: 'MR1311',
      message: say`The pattern counts too far: it comes to more than ${MAX_SIZE} states. Count with COUNT(...) in a condition`,
      range: pattern.range,
    };
    return;
  }
  yield* emptyRepeats(pattern);
  if (fewestRows(pattern) === 0) {
    yield {
      code: 'MR1311',
      message: say`The pattern could match no row at all: let at least one variable be there always, as with +`,
      range: pattern.range,
    };
    return;
  }
  for (const { range } of greedyEnds(pattern)) {
    yield {
      code: 'MR1311',
      message: say`A greedy quantifier at the end never knows when to stop: make it reluctant (as in B+?), or add a variable for the row that ends the match`,
      range,
    };
  }
}

function* emptyRepeats(pattern: PatternSyntax): Generator<PatternProblem> {
  if (pattern.node === 'repeat') {
    if (fewestRows(pattern.item) === 0) {
      yield { code: 'MR1311', message: say`What is repeated here could be empty`, range: pattern.range };
    }
    yield* emptyRepeats(pattern.item);
  } else if (pattern.node !== 'variable') {
    for (const item of pattern.items) yield* emptyRepeats(item);
  }
}

/** Greedy quantifiers that may go on where the match is whole already. */
function greedyEnds(pattern: PatternSyntax): readonly PatternSyntax[] {
  switch (pattern.node) {
    case 'variable':
      return [];
    case 'alternatives':
      return pattern.items.flatMap(greedyEnds);
    case 'sequence': {
      const lastNeeded = pattern.items.findLastIndex((item) => fewestRows(item) > 0);
      return pattern.items.slice(Math.max(0, lastNeeded)).flatMap(greedyEnds);
    }
    case 'repeat': {
      const { min, max, isGreedy } = pattern.quantifier;
      return isGreedy && min < max ? [pattern] : greedyEnds(pattern.item);
    }
  }
}
