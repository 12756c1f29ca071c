/** Options that several verbs share. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { isUrl, parseWebHdfsLocation, WEBHDFS_EXAMPLE } from '../core/webhdfs-location.ts';

/** `--param k=v` (again and again) and `--parallelism N`. */
export function addPlanOptions(command: Command): Command {
  return addParamOption(command).option(
    '--parallelism <n>',
    'subtasks of each operator, in place of settings.parallelism',
    integer(1, 128),
  );
}

/** `--param k=v`, again and again. */
export function addParamOption(command: Command): Command {
  return command.addOption(
    new Option('--param <name=value>', 'value of a parameter, in place of the one in the document (repeatable)')
      .argParser(addParam)
      .default({}, 'those of the document'),
  );
}

/** Reads `name=value` again and again. */
export function addParam(text: string, params: Readonly<Record<string, string>>): Record<string, string> {
  const at = text.indexOf('=');
  if (at <= 0) throw new InvalidArgumentError('Write name=value.');
  return { ...params, [text.slice(0, at)]: text.slice(at + 1) };
}

/** `--query NAME`, again and again. */
export function queryOption(names: readonly string[]): Option {
  return new Option('--query <name>', 'only this one (again for more)')
    .default([])
    .argParser((name: string, chosen: readonly string[]) => {
      if (names.includes(name)) return [...chosen, name];
      throw new InvalidArgumentError(`There is no query "${name}"; known are ${names.join(', ')}.`);
    });
}

/** A folder, as it was given, or the URL of one. */
export function stateLocation(text: string): string {
  if (isUrl(text) && parseWebHdfsLocation(text) === null)
    throw new InvalidArgumentError(`Write a folder, or a URL like ${WEBHDFS_EXAMPLE}.`);
  return text;
}

export function integer(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`Write a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}
