/** `millrace deploy FILE --flink URL`, and what is done with the job afterwards. */
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Option, type Command } from 'commander';
import { FlinkDeployment } from '../exporters/flink/cluster/deployment.ts';
import { SqlGateway } from '../exporters/flink/cluster/gateway.ts';
import { documentScript } from '../exporters/flink/document-script.ts';
import { printLosses } from '../exporters/loss-report.ts';
import { readDocumentFile, subPipelinesOf } from './document-file.ts';
import { EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import { addParamOption } from './options.ts';
import { printDiagnostic } from './print-diagnostic.ts';

interface DeployOptions {
  readonly flink: string;
  readonly rest?: string;
  readonly param: Readonly<Record<string, string>>;
  readonly fromSavepoint?: string;
  readonly state?: string;
  readonly cancel?: string;
  readonly savepoint?: string;
  readonly to?: string;
  readonly stop?: boolean;
}

export function addDeploy(program: Command, io: CliIo, done: (code: number) => void): void {
  const others = ['state', 'cancel', 'savepoint'];
  const command = program
    .command('deploy')
    .description('run a pipeline in a Flink that is there, through its SQL Gateway; or look after a job in it')
    .argument('[file]', 'pipeline document: its job is begun, and its id is the output')
    .requiredOption('--flink <url>', 'of the SQL Gateway, such as http://localhost:8083')
    .option('--rest <url>', 'of the cluster (default: the one that the gateway is set up for)')
    .option('--from-savepoint <path>', 'state to begin with')
    .addOption(new Option('--state <job>', 'say how a job is').conflicts(others.filter((name) => name !== 'state')))
    .addOption(new Option('--cancel <job>', 'end a job').conflicts(others.filter((name) => name !== 'cancel')))
    .option('--savepoint <job>', 'take a savepoint of a job, in the folder --to')
    .option('--to <dir>', 'folder for the savepoint, as Flink sees it')
    .option('--stop', 'with --savepoint: the job ends with it');
  addParamOption(command).action(async (file: string | undefined, options: DeployOptions) => {
    const gateway = new SqlGateway(options.flink, { delay });
    const deployment = new FlinkDeployment(gateway, delay, options.rest ?? null);
    done(await deploy(io, file, options, deployment));
  });
}

async function deploy(
  io: CliIo,
  file: string | undefined,
  options: DeployOptions,
  deployment: FlinkDeployment,
): Promise<number> {
  const { state, cancel, savepoint, to, stop = false } = options;
  if (state !== undefined) {
    const job = await deployment.job(state);
    const vertices = job.vertices.map(({ name, status, parallelism }) => `  ${status} ${name} × ${parallelism}\n`);
    io.stdout.write(`${job.state} ${job.name}\n${vertices.join('')}`);
    return EXIT.ok;
  }
  if (cancel !== undefined) {
    await deployment.cancel(cancel);
    return EXIT.ok;
  }
  if (savepoint !== undefined) {
    if (to === undefined) return usage(io, '--savepoint needs --to, the folder for it');
    io.stdout.write(`${await deployment.savepoint(savepoint, to, { stop })}\n`);
    return EXIT.ok;
  }
  if (file === undefined) return usage(io, 'name a document, or a job with --state, --cancel or --savepoint');
  return submit(io, file, options, deployment);
}

function usage(io: CliIo, message: string): number {
  io.stderr.write(`error: ${message}\n`);
  return EXIT.usage;
}

async function submit(io: CliIo, file: string, options: DeployOptions, deployment: FlinkDeployment): Promise<number> {
  const { param: params, fromSavepoint } = options;
  const { document, diagnostics } = await readDocumentFile(io, file);
  const baseFolder = path.dirname(path.resolve(io.cwd, file));
  const scripted =
    document === null
      ? { job: null, diagnostics }
      : documentScript(document, { params, baseFolder, subPipelines: await subPipelinesOf(document, baseFolder) });
  for (const diagnostic of scripted.diagnostics) io.stderr.write(printDiagnostic(io, file, diagnostic));
  if (scripted.job === null) return EXIT.failed;
  const { script, report } = scripted.job;
  io.stderr.write(printLosses(report));
  const id = await deployment.submit(script.statements, fromSavepoint === undefined ? {} : { fromSavepoint });
  io.stdout.write(`${id}\n`);
  return EXIT.ok;
}
