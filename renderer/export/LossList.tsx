import { CircleAlert, CircleCheckBig, Info, TriangleAlert, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { NodeId } from '../../runtime/core/ids.ts';
import type { Fidelity } from '../../runtime/core/exporter.ts';
import type { LossReport, NodeLosses } from '../../runtime/exporters/loss-report.ts';
import { said } from '../app/i18n/said.ts';
import { Badge, type Tone } from '../ui/Badge.tsx';
import './export.css';

const LOOKS: Readonly<Record<Fidelity, { readonly tone: Tone; readonly Icon: LucideIcon }>> = {
  exact: { tone: 'ok', Icon: CircleCheckBig },
  note: { tone: 'info', Icon: Info },
  approximate: { tone: 'warning', Icon: TriangleAlert },
  impossible: { tone: 'error', Icon: CircleAlert },
};

export function FidelityBadge({ fidelity }: { readonly fidelity: Fidelity }): ReactNode {
  const { t } = useTranslation();
  const { tone, Icon } = LOOKS[fidelity];
  return (
    <Badge tone={tone}>
      <Icon size={12} aria-hidden />
      {t(`export:fidelity.${fidelity}`)}
    </Badge>
  );
}

interface LossListProps {
  readonly report: LossReport;
  /** A click on a node. */
  readonly onNode: (node: NodeId) => void;
}

/** What stands in the way first; then what concerns the job, and each operator in the order of the flow. */
export function LossList({ report, onNode }: LossListProps): ReactNode {
  const { t } = useTranslation();
  const isImpossible = ({ fidelity }: NodeLosses): boolean => fidelity === 'impossible';
  return (
    <ul className="ui-list export-losses">
      {report.nodes.filter(isImpossible).map((loss) => (
        <OperatorLoss key={loss.node} loss={loss} onNode={onNode} />
      ))}
      {report.job.map(({ fidelity, text }) => (
        <li key={text}>
          <span className="export-loss-name">
            <b>{t('export:job')}</b>
            <FidelityBadge fidelity={fidelity} />
          </span>
          <p>{said(text)}</p>
        </li>
      ))}
      {report.nodes
        .filter((loss) => !isImpossible(loss))
        .map((loss) => (
          <OperatorLoss key={loss.node} loss={loss} onNode={onNode} />
        ))}
    </ul>
  );
}

function OperatorLoss({ loss, onNode }: { readonly loss: NodeLosses } & Pick<LossListProps, 'onNode'>): ReactNode {
  const { t } = useTranslation();
  const { node, label, fidelity, losses } = loss;
  return (
    <li>
      <span className="export-loss-name">
        <button
          type="button"
          className="ui-link is-strong"
          title={t('export:goTo', { name: label })}
          onClick={() => onNode(node)}
        >
          {label}
        </button>
        <FidelityBadge fidelity={fidelity} />
      </span>
      {losses.map(({ text }) => (
        <p key={text}>{said(text)}</p>
      ))}
    </li>
  );
}
