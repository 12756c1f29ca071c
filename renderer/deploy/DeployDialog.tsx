import { CloudUpload, PlugZap } from 'lucide-react';
import { useEffect, useMemo, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { targets } from '../../runtime/exporters/targets.ts';
import type { ClusterInfo, DeployProgress, FlinkCluster, RemoteStart } from '../../runtime/protocol/remote-cluster.ts';
import { said, saidError } from '../app/i18n/said.ts';
import { exportOpen } from '../export/exported.ts';
import { LossList } from '../export/LossList.tsx';
import { host } from '../host/host.ts';
import { givenParameters, ParameterFields } from '../run/ParameterFields.tsx';
import { useActiveDocument, type OpenDocument } from '../stores/document-store.ts';
import { deploy, useIsRunning, useRunStore } from '../stores/run-store.ts';
import { changeSettings, useSettingsStore } from '../stores/settings-store.ts';
import { revealOnCanvas } from '../stores/view-store.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field, TextInput } from '../ui/fields.tsx';
import { ClusterJobs } from './ClusterJobs.tsx';
import './deploy.css';

const FORM_ID = 'deploy';
const DEFAULT_GATEWAY = 'http://localhost:8083';
const flinkSql = targets.find(({ id }) => id === 'flink-sql')!;

/** Sends the pipeline to a Flink that runs, or attaches to a job in it. */
export function DeployDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const open = useActiveDocument();
  return open === null ? null : <DeployOf open={open} onClose={onClose} />;
}

/** What the cluster said when it was asked last. */
type Answer = { readonly info: ClusterInfo } | { readonly error: unknown };

function DeployOf({ open, onClose }: { readonly open: OpenDocument; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { path, document } = open;
  const known = useSettingsStore((state) => state.settings.flink);
  const runParams = useRunStore((state) => state.settings.params);
  const isRunning = useIsRunning();
  const [gatewayUrl, setGatewayUrl] = useState(known?.gatewayUrl ?? DEFAULT_GATEWAY);
  const [restUrl, setRestUrl] = useState(known?.restUrl ?? '');
  const [params, setParams] = useState<Readonly<Record<string, string>>>(runParams);
  const [fromSavepoint, setFromSavepoint] = useState('');
  const [savepointFolder, setSavepointFolder] = useState(known?.savepointFolder ?? '');
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [isAsking, setAsking] = useState(false);
  const [progress, setProgress] = useState<DeployProgress | null>(null);
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const exported = useMemo(() => exportOpen(path, document, flinkSql), [path, document]);
  const isRefused = exported.files.length === 0;
  const errors = exported.diagnostics.filter(({ severity }) => severity === 'error');
  const cluster: FlinkCluster = { gatewayUrl: gatewayUrl.trim(), restUrl: orNull(restUrl) };

  // Closing the dialog takes back what is on its way; a job that has begun is shown on the canvas.
  const isUnderWay = useRef(false);
  useEffect(
    () => () => {
      if (isUnderWay.current) void host().cancelDeploy();
    },
    [],
  );

  const ask = async (): Promise<void> => {
    setAsking(true);
    setAnswer(await host().clusterInfo(cluster).then((info) => ({ info }), (error: unknown) => ({ error }))); // prettier-ignore
    setAsking(false);
  };
  const send = async (start: RemoteStart): Promise<void> => {
    changeSettings({ flink: { ...cluster, savepointFolder: orNull(savepointFolder) } });
    setProblem(null);
    setProgress(null);
    setSending(true);
    isUnderWay.current = true;
    const given = givenParameters(document.settings.params, params);
    const options = { cluster, start, params: given, savepointFolder: orNull(savepointFolder) };
    try {
      await deploy(options, setProgress);
      isUnderWay.current = false;
      onClose();
    } catch (error) {
      setProblem(error);
    } finally {
      isUnderWay.current = false;
      setSending(false);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!isRefused && !isSending && !isRunning) void send({ type: 'submit', fromSavepoint: orNull(fromSavepoint) });
  };
  return (
    <Dialog
      title={t('deploy:title', { name: document.name })}
      description={t('deploy:description')}
      onClose={onClose}
      width={860}
      actions={
        <>
          <span className="deploy-status" role="status">
            {isSending
              ? progress === null
                ? t('deploy:connecting')
                : t('deploy:progress', { done: progress.done + 1, all: progress.all, statement: progress.statement })
              : isRunning
                ? t('deploy:running')
                : isRefused
                  ? t('deploy:refused')
                  : ''}
          </span>
          {isSending ? (
            <Button onClick={() => void host().cancelDeploy()}>{t('deploy:cancel')}</Button>
          ) : (
            <Button onClick={onClose}>{t('ui:cancel')}</Button>
          )}
          <Button
            tone="primary"
            type="submit"
            form={FORM_ID}
            icon={<CloudUpload size={14} aria-hidden />}
            disabled={isRefused || isSending || isRunning}
          >
            {t('deploy:submit')}
          </Button>
        </>
      }
    >
      <div className="deploy">
        <form id={FORM_ID} className="deploy-form" onSubmit={submit}>
          <Field label={t('deploy:gateway')} help={t('deploy:gatewayHelp')}>
            {(ids) => <TextInput {...ids} isMono autoFocus required value={gatewayUrl} onChange={setGatewayUrl} />}
          </Field>
          <Field label={t('deploy:rest')} help={t('deploy:restHelp')} isOptional>
            {(ids) => (
              <TextInput {...ids} isMono value={restUrl} placeholder="http://localhost:8081" onChange={setRestUrl} />
            )}
          </Field>
          <div className="deploy-test">
            <Button icon={<PlugZap size={14} aria-hidden />} disabled={isAsking} onClick={() => void ask()}>
              {t(isAsking ? 'deploy:testing' : 'deploy:test')}
            </Button>
            <span role="status">
              {answer === null
                ? ''
                : 'info' in answer
                  ? t('deploy:reached', { version: answer.info.version, url: answer.info.restUrl })
                  : ''}
            </span>
          </div>
          {answer !== null && 'error' in answer && (
            <p className="deploy-problem" role="alert">
              {saidError(answer.error)}
            </p>
          )}
          <Field label={t('deploy:fromSavepoint')} help={t('deploy:fromSavepointHelp')} isOptional>
            {(ids) => <TextInput {...ids} isMono value={fromSavepoint} onChange={setFromSavepoint} />}
          </Field>
          <Field label={t('deploy:savepointFolder')} help={t('deploy:savepointFolderHelp')} isOptional>
            {(ids) => <TextInput {...ids} isMono value={savepointFolder} onChange={setSavepointFolder} />}
          </Field>
          <ParameterFields defined={document.settings.params} values={params} onChange={setParams} />
        </form>
        <div className="deploy-side">
          {problem !== null && (
            <p className="deploy-problem" role="alert">
              {saidError(problem)}
            </p>
          )}
          {answer !== null && 'info' in answer && (
            <ClusterJobs
              jobs={answer.info.jobs}
              own={document.name}
              isDisabled={isSending || isRunning}
              onAttach={(jobId) => void send({ type: 'attach', jobId })}
            />
          )}
          <h3>{t('export:losses', { target: flinkSql.label })}</h3>
          {exported.report === null ? (
            <ul>
              {errors.map(({ code, message }) => (
                <li key={message}>
                  {code} {said(message)}
                </li>
              ))}
            </ul>
          ) : (
            <LossList
              report={exported.report}
              onNode={(node) => {
                onClose();
                revealOnCanvas(node);
              }}
            />
          )}
        </div>
      </div>
    </Dialog>
  );
}

function orNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}
