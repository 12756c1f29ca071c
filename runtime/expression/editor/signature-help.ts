/** The parameters of the call that a cursor stands in. */
import { parameterText, signatureText } from '../check-call.ts';
import { findFunction } from '../functions/index.ts';
import { functionDoc } from './completions.ts';
import { cursorAt } from './cursor.ts';

export interface SignatureHelp {
  readonly signatures: readonly {
    readonly label: string;
    /** Markdown. */
    readonly documentation: string;
    /** Each is a part of `label`. */
    readonly parameters: readonly { readonly label: string }[];
  }[];
  /** The first that has room for the arguments typed so far. */
  readonly activeSignature: number;
  readonly activeParameter: number;
}

export function signatureHelp(text: string, offset: number): SignatureHelp | null {
  const call = cursorAt(text, offset)?.call;
  const spec = call && findFunction(call.name);
  if (!call || !spec) return null;
  const fits = spec.signatures.findIndex(
    (s) => call.argument < s.parameters.length || s.parameters.at(-1)?.repeated === true,
  );
  const activeSignature = Math.max(0, fits);
  const { parameters } = spec.signatures[activeSignature]!;
  return {
    signatures: spec.signatures.map((s) => ({
      label: signatureText(call.name.toUpperCase(), s),
      documentation: functionDoc(spec),
      parameters: s.parameters.map((p) => ({ label: parameterText(p) })),
    })),
    activeSignature,
    activeParameter: Math.max(0, Math.min(call.argument, parameters.length - 1)),
  };
}
