import { mkdir, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { HostApi } from '../../runtime/protocol/host.ts';
import { connect } from '../../runtime/protocol/remote.ts';
import { webSocket, type WebSocketLike } from '../../runtime/protocol/transport.ts';
import { EngineHost } from '../services/engine-host.ts';
import { HostService } from '../services/host-service.ts';
import { Templates } from '../services/templates.ts';
import { UserData } from '../services/user-data.ts';
import { Workspace } from '../services/workspace.ts';
import { FakeEngine } from '../testing/fake-engine.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { startWebHost } from './web-host.ts';

async function started() {
  const folder = await temporaryFolder();
  const page = path.join(folder, 'page');
  await mkdir(path.join(page, 'assets'), { recursive: true });
  await writeFile(path.join(page, 'index.html'), '<!doctype html>');
  await writeFile(path.join(page, 'dashboard.html'), '<!doctype html><title>Dashboard');
  await writeFile(path.join(page, 'assets/main-abc.js'), 'export {}');
  await writeFile(path.join(folder, 'secret.json'), '{}');
  const engine = new FakeEngine();
  const service = new HostService({
    workspace: new Workspace(folder),
    userData: new UserData(path.join(folder, 'user-data')),
    templates: new Templates(folder),
    engine: new EngineHost(engine.launch),
    describe: () => ({ kind: 'web', version: '1.2.3', systemTheme: null }),
  });
  const host = await startWebHost(0, page, service);
  onTestFinished(() => host.close());
  const link = new URL(host.link);
  const get = (target: string, headers: Record<string, string> = {}, method = 'GET') =>
    ask(link, target, headers, method);
  const entry = await get(link.pathname + link.search);
  const cookie = entry.headers['set-cookie']![0]!.split(';')[0]!;
  return { link, get, entry, cookie, service, engine };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Unlike `fetch`, sends the path and the headers as they are. */
function ask(link: URL, target: string, headers: Record<string, string>, method: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port: link.port, path: target, headers, method }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }));
    });
    request.on('error', reject).end();
  });
}

/** 'open', or the status that the upgrade was refused with. */
function openSocket(link: URL, headers: Record<string, string>, target = '/host'): Promise<'open' | number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://${link.host}${target}`, { headers });
    socket.on('open', () => {
      resolve('open');
      socket.close();
    });
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode!));
    socket.on('error', () => {});
  });
}

describe('the web host', () => {
  it('lets in whoever opens the link, and keeps the token out of the address', async () => {
    const { entry, get, cookie, link } = await started();
    expect(entry).toMatchObject({ status: 303, headers: { location: '/' } });
    expect(entry.headers['set-cookie']![0]).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
    const page = await get('/', { cookie });
    expect(page).toMatchObject({ status: 200, text: '<!doctype html>' });
    expect(page.headers).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'; script-src 'self';") as string,
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cache-control': 'no-store',
    });
    const wall = `/dashboard/sales/big%20day.pipeline.json`;
    expect(await get(`${wall}${link.search}`)).toMatchObject({ status: 303, headers: { location: wall } });
    expect(await get(wall, { cookie })).toMatchObject({ status: 200, text: '<!doctype html><title>Dashboard' });
    expect(await get(wall)).toMatchObject({ status: 403 });
    expect(await get('/assets/main-abc.js', { cookie })).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/javascript; charset=utf-8' },
    });
  });

  it('refuses everyone else', async () => {
    const { get, cookie, link } = await started();
    for (const answer of [
      await get('/'),
      await get('/?token=guess'),
      await get('/', { cookie: `${cookie}x` }),
      await get('/', { cookie, host: 'evil.example' }),
      await get(link.pathname + link.search, { host: `evil.example:${link.port}` }),
    ]) {
      expect(answer.status).toBe(403);
    }
    expect((await get('/', { cookie }, 'POST')).status).toBe(405);
  });

  it('serves nothing beside the page', async () => {
    const { get, cookie } = await started();
    for (const target of [
      '/../secret.json',
      '/%2e%2e/secret.json',
      '/..%2fsecret.json',
      '/assets',
      '/none.js',
      '/%ff',
    ]) {
      expect((await get(target, { cookie })).status, target).toBe(404);
    }
  });

  it('gives the metrics of running jobs to whoever has the token', async () => {
    const { link, get, cookie, service, engine } = await started();
    const token = link.searchParams.get('token')!;
    const authorization = `Bearer ${token}`;
    expect(await get('/metrics', { authorization })).toMatchObject({
      status: 200,
      text: '',
      headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'cache-control': 'no-store' },
    });
    const options = { resume: false, fromSavepoint: null, allowNonRestoredState: false };
    await service.startJob({ path: 'a.pipeline.json', text: '{}', options }, () => {});
    await engine.emit('RUNNING');
    const sample = 'millrace_runningState{job_id="job-1",job_name="fake"} 1\n';
    for (const answer of [
      await get('/metrics', { authorization }),
      await get(`/metrics?token=${token}`),
      await get('/metrics', { cookie }),
    ]) {
      expect(answer.text).toContain(sample);
    }
    for (const answer of [
      await get('/metrics'),
      await get('/metrics?token=guess'),
      await get('/metrics', { authorization: 'Bearer guess' }),
      await get('/metrics', { authorization: `Basic ${token}` }),
      await get('/metrics', { authorization, host: 'evil.example' }),
      await get('/', { authorization }),
    ]) {
      expect(answer.status).toBe(403);
    }
    await engine.emit('FINISHED');
    expect((await get('/metrics', { authorization })).text).toBe('');
  });

  it('opens a socket to its own page only', async () => {
    const { link, cookie } = await started();
    const own = { origin: link.origin, cookie };
    expect(await openSocket(link, own)).toBe('open');
    expect(await openSocket(link, { origin: link.origin })).toBe(403);
    expect(await openSocket(link, { cookie })).toBe(403);
    expect(await openSocket(link, { ...own, origin: 'http://evil.example' })).toBe(403);
    expect(await openSocket(link, { ...own, host: 'evil.example', origin: 'http://evil.example' })).toBe(403);
    expect(await openSocket(link, own, '/other')).toBe(403);
  });

  it('answers calls over the socket', async () => {
    const { link, cookie } = await started();
    const socket = new WebSocket(`ws://${link.host}/host`, { headers: { origin: link.origin, cookie } });
    const { api, dispose } = connect<HostApi>(webSocket(socket as WebSocketLike));
    expect(await api.info()).toMatchObject({ kind: 'web', version: '1.2.3' });
    await expect(api.openDocument('none')).rejects.toMatchObject({ code: 'MR2101' });
    dispose();
  });
});
