import { useMemo } from 'react';
import type { Diagnostic } from '../../../runtime/core/diagnostics.ts';
import type { EditorProblem } from '../../code/editor-types.ts';
import { useForm } from '../form/form-context.ts';

/** Problems of exactly this place, for an editor; the same list as long as they are the same. */
export function useEditorProblems(place: string): readonly EditorProblem[] {
  const { problemsAt } = useForm();
  // The list is made anew with every change of the form; what it says seldom is.
  const text = JSON.stringify(problemsAt(place));
  return useMemo(
    () => (JSON.parse(text) as Diagnostic[]).map((one): EditorProblem => ({ ...one, range: one.range ?? null })),
    [text],
  );
}
