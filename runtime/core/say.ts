/**
 * Marks a sentence, or a part of one, that runtime/ says to a user: say`there is no field "${name}"`. It gives the English text, which is what the
 * command line, JSON, logs and checkpoints hold. The app knows the sentence by its template, `there is no field "{0}"`, and shows
 * its own language's (renderer/app/i18n/said.ts): what stands in double quotes is kept as it is, other values are translated where they are marked too.
 */
export function say(parts: TemplateStringsArray, ...values: readonly unknown[]): string {
  let text = parts[0]!;
  for (let i = 0; i < values.length; i++) text += String(values[i]) + parts[i + 1]!;
  return text;
}

/** `say`, or a tag like it that gives another language's words at once: for texts that are asked for where the language is known. */
export type Say = typeof say;
