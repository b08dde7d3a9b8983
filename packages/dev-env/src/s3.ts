import { randomUUID } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type CephConfiguration, cephConfiguration, monitorAddresses } from './ceph-configuration.ts'
import { freePort } from './free-port.ts'
import { endLeftover } from './pid-file.ts'
import { runCommand } from './run-command.ts'
import { createBucket } from './s3-create-bucket.ts'
import { startServerProcess, waitUntilReady } from './server-process.ts'

/** An S3 server for contract tests. Its objects live in memory and go with it. */
export interface S3Server extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`. */
  readonly endpoint: string
  readonly accessKey: string
  readonly secretKey: string
  /** Makes a bucket unless it is there and returns its `s3:` URL. */
  createBucket(name: string): Promise<string>
  stop(): Promise<void>
}

export interface S3Options {
  readonly stateDir: string
  readonly signal?: AbortSignal
}

const stepWithinMs = 30_000
const readyWithinMs = 60_000
const daemons = ['s3-mon', 's3-osd', 's3-rgw'] as const

/** A Ceph object gateway of one node, on free ports of 127.0.0.1; about ten seconds to start. */
export const startS3 = async ({ stateDir, signal }: S3Options): Promise<S3Server> => {
  for (const name of daemons) await endLeftover(join(stateDir, 'pids', `${name}.json`), { name, stopSignal: 'SIGTERM' })
  await using started = new AsyncDisposableStack()
  const directory = join(stateDir, 's3')
  const cluster: CephConfiguration = {
    clusterId: randomUUID(),
    directory,
    monitorPort: await freePort(),
    legacyMonitorPort: await freePort(),
  }
  const configuration = join(directory, 'ceph.conf')
  const run = (command: string, ...args: string[]) =>
    runCommand(command, [...args, '-c', configuration], { withinMs: stepWithinMs, signal })
  const serve = async (name: (typeof daemons)[number], command: string, ...args: string[]) =>
    started.use(
      await startServerProcess({
        name,
        command,
        args: [...args, '-c', configuration, '-f'],
        stateDir,
        stopWithinMs: 3_000,
      }),
    )

  await prepareDirectory(cluster, configuration)
  await makeKeyring(cluster, signal)
  const monmap = join(directory, 'monmap')
  const monitor = ['--fsid', cluster.clusterId, '--addv', 'a', monitorAddresses(cluster)]
  await runCommand('monmaptool', ['--create', ...monitor, monmap], { withinMs: stepWithinMs, signal })
  await run('ceph-mon', '--mkfs', '-i', 'a', '--monmap', monmap, '--keyring', join(directory, 'keyring'))
  await serve('s3-mon', 'ceph-mon', '-i', 'a')

  const osdId = randomUUID()
  await run('ceph', '--connect-timeout', '20', 'osd', 'new', osdId)
  await run('ceph', '--connect-timeout', '20', 'auth', 'import', '-i', join(directory, 'keyring'))
  await run('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', osdId)
  await serve('s3-osd', 'ceph-osd', '-i', '0')

  const port = await freePort()
  const endpoint = `http://127.0.0.1:${port}`
  const frontend = `--rgw_frontends=beast endpoint=127.0.0.1:${port}`
  const gateway = await serve('s3-rgw', 'radosgw', '-n', 'client.rgw.a', frontend)
  await waitUntilReady(gateway, { isReady: () => answers(endpoint), withinMs: readyWithinMs, signal })
  const keys = await makeUser(run)

  const running = started.move()
  const stop = () => running.disposeAsync()
  const makeBucket = async (bucket: string) => {
    await createBucket({ endpoint, ...keys, bucket, now: new Date() })
    return `s3://127.0.0.1:${port}/${bucket}?tls=false`
  }
  return { endpoint, ...keys, createBucket: makeBucket, stop, [Symbol.asyncDispose]: stop }
}

const prepareDirectory = async (cluster: CephConfiguration, configuration: string): Promise<void> => {
  await rm(cluster.directory, { recursive: true, force: true })
  for (const part of ['mon', 'osd']) await mkdir(join(cluster.directory, part), { recursive: true })
  await writeFile(configuration, cephConfiguration(cluster))
}

const makeKeyring = async ({ directory }: CephConfiguration, signal: AbortSignal | undefined): Promise<void> => {
  const keyring = join(directory, 'keyring')
  const capabilities = ['mon', 'osd', 'mgr'].flatMap(part => ['--cap', part, 'allow *'])
  const add = (name: string, ...args: string[]) =>
    runCommand('ceph-authtool', [keyring, ...args, '--gen-key', '-n', name, ...capabilities], {
      withinMs: stepWithinMs,
      signal,
    })
  await add('mon.', '--create-keyring')
  for (const name of ['client.admin', 'osd.0', 'client.rgw.a']) await add(name)
}

/** The gateway makes up the keys, so that they are in nobody's process arguments. */
const makeUser = async (run: (command: string, ...args: string[]) => Promise<string>) => {
  const answer = await run('radosgw-admin', 'user', 'create', '--uid=takt', '--display-name=takt')
  const [key] = (JSON.parse(answer) as { keys: { access_key: string; secret_key: string }[] }).keys
  return { accessKey: key!.access_key, secretKey: key!.secret_key }
}

const answers = async (endpoint: string): Promise<boolean> => {
  try {
    const response = await fetch(endpoint, { signal: AbortSignal.timeout(2_000) })
    await response.body?.cancel()
    return true
  } catch {
    // Nobody listens yet.
    return false
  }
}
