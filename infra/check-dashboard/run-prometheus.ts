import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** A service's job name and where it serves `/metrics`. */
export interface Target {
  readonly job: string
  /** `host:port` */
  readonly address: string
}

export interface Prometheus extends AsyncDisposable {
  readonly url: string
}

const rules = fileURLToPath(new URL('../prometheus/rules/takt.yml', import.meta.url))
const readyWithinMs = 20_000

/** The system's Prometheus on a free port of the loopback, with the alert rules that are shipped; its data goes with it. */
export const runPrometheus = async (targets: readonly Target[]): Promise<Prometheus> => {
  await using started = new AsyncDisposableStack()
  const directory = await mkdtemp(join(tmpdir(), 'takt-prometheus-'))
  started.defer(() => rm(directory, { recursive: true }))
  const config = join(directory, 'prometheus.yml')
  await writeFile(config, configuration(targets))
  const address = `127.0.0.1:${await freePort()}`
  const child = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${directory}/data`,
      `--web.listen-address=${address}`,
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const ended: Promise<readonly unknown[]> = once(child, 'exit')
  started.defer(async () => {
    child.kill('SIGTERM')
    await ended
  })
  await waitUntilReady(`http://${address}`, ended)
  const owned = started.move()
  return { url: `http://${address}`, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

const configuration = (targets: readonly Target[]): string =>
  JSON.stringify({
    global: { scrape_interval: '5s', evaluation_interval: '5s' },
    rule_files: [rules],
    scrape_configs: Object.entries(Object.groupBy(targets, ({ job }) => job)).map(([job, those = []]) => ({
      job_name: job,
      static_configs: [{ targets: those.map(({ address }) => address) }],
    })),
  })

const waitUntilReady = async (url: string, ended: Promise<readonly unknown[]>): Promise<void> => {
  const deadline = Date.now() + readyWithinMs
  const failed = ended.then(([code]): never => {
    throw new Error(`prometheus ended with ${code} before it was ready`)
  })
  while (Date.now() < deadline) {
    const ready = fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (await Promise.race([ready, failed])) return
    await sleep(200)
  }
  throw new Error(`prometheus at ${url} was not ready within ${readyWithinMs} ms`)
}

/** Free for the moment; somebody else could take it before Prometheus does, which then ends and says so. */
const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
