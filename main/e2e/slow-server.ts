import { createServer, type Server } from 'node:http';

/** Answers each request after a while. */
export async function slowServer(ms: number): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume();
    setTimeout(() => response.end(), ms);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
