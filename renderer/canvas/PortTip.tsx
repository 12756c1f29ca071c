import { useConnection } from '@xyflow/react';
import type { ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { nodeId } from '../../runtime/core/ids.ts';
import { printDataType } from '../../runtime/core/types.ts';
import { useNodeInfo } from '../stores/validation-store.ts';
import { portTitle } from './ports.ts';
import { useCanvasStore, type PortTip as Tip } from './canvas-store.ts';

const MAX_FIELDS = 14;

/** What flows through the port under the pointer: one card for the whole canvas instead of a tooltip per port. */
export function PortTip(): ReactNode {
  const tip = useCanvasStore((state) => state.portTip);
  // While an edge is drawn, whether it fits is what matters.
  const isConnecting = useConnection((connection) => connection.inProgress);
  return tip === null || isConnecting ? null : <Card tip={tip} />;
}

function Card({ tip }: { readonly tip: Tip }): ReactNode {
  const { t } = useTranslation();
  const info = useNodeInfo(nodeId(tip.nodeId));
  const isInput = tip.side === 'input';
  const spec = (isInput ? info?.ports.inputs : info?.ports.outputs)?.find((port) => port.name === tip.port);
  const shape = isInput ? info?.inputs.find((input) => input.port === tip.port)?.shape : info?.outputs[tip.port];
  const fields = shape?.schema.fields ?? [];
  const style = isInput
    ? { right: window.innerWidth - tip.screen.x + 12, top: tip.screen.y - 14 }
    : { left: tip.screen.x + 12, top: tip.screen.y - 14 };
  return createPortal(
    <div className="canvas-port-tip" style={style} role="tooltip">
      <div className="canvas-port-tip-title">{portTitle(tip.side, spec?.label ?? tip.port, t)}</div>
      {shape === undefined ? (
        <p>{t(isInput ? 'canvas:port.notConnected' : 'canvas:port.unknown')}</p>
      ) : (
        <dl>
          {fields.slice(0, MAX_FIELDS).map((field) => (
            <div key={field.name}>
              <dt>{field.name}</dt>
              <dd>
                {printDataType(field.type)}
                {field.nullable ? '' : ` ${t('canvas:port.notNull')}`}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {fields.length > MAX_FIELDS && <p>{t('canvas:port.more', { count: fields.length - MAX_FIELDS })}</p>}
    </div>,
    document.body,
  );
}
