import { startWorker } from '../support/worker.ts';

/** The worker as a process of its own, to be killed: `server <folder of the database> <port>`. Says when it is ready. */
const [, , persist = '', port = ''] = process.argv;
const worker = startWorker({ persist, port: Number(port) });
await worker.ready;
const response = await fetch(`http://127.0.0.1:${port}/health`);
await response.text();
process.stdout.write(response.ok ? 'ready\n' : `unwell: ${response.status}\n`);
