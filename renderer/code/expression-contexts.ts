/** Which scope belongs to which model: Monaco's providers serve all editors of a language. */
import type { ExpressionContext } from './editor-types.ts';

const contexts = new Map<string, ExpressionContext>();

/** `model`: its address. Null: the editor is gone. */
export function setExpressionContext(model: string, context: ExpressionContext | null): void {
  if (context === null) contexts.delete(model);
  else contexts.set(model, context);
}

export function expressionContext(model: string): ExpressionContext | null {
  return contexts.get(model) ?? null;
}
