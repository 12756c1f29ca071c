/** The one list of widgets: a kind of field in core/config.ts is a component here. */
import { ChoiceWidget } from './ChoiceWidget.tsx';
import { CodeWidget } from './CodeWidget.tsx';
import { DataTypeWidget } from './DataTypeWidget.tsx';
import { DurationWidget } from './DurationWidget.tsx';
import { ExpressionWidget } from './ExpressionWidget.tsx';
import { FieldWidget } from './FieldWidget.tsx';
import { FieldsWidget } from './FieldsWidget.tsx';
import { FlagWidget } from './FlagWidget.tsx';
import { ListWidget } from './ListWidget.tsx';
import { NumberWidget } from './NumberWidget.tsx';
import { ObjectWidget } from './ObjectWidget.tsx';
import { PathWidget } from './PathWidget.tsx';
import { ScriptWidget } from './ScriptWidget.tsx';
import { TextWidget } from './TextWidget.tsx';
import { VariantWidget } from './VariantWidget.tsx';
import type { WidgetMap } from './widget.ts';

export const widgetMap: WidgetMap = {
  text: TextWidget,
  path: PathWidget,
  code: CodeWidget,
  script: ScriptWidget,
  number: NumberWidget,
  flag: FlagWidget,
  choice: ChoiceWidget,
  duration: DurationWidget,
  expression: ExpressionWidget,
  'data-type': DataTypeWidget,
  field: FieldWidget,
  fields: FieldsWidget,
  list: ListWidget,
  object: ObjectWidget,
  variant: VariantWidget,
};
