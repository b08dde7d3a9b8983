import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { cameraSealContext, type Database, migrate, openDatabase, openSeal } from '@takt/db'
import { type SimulatedCamera, startCameras, startPostgres, startRedis } from '@takt/dev-env'
import { uuidRandomBytes, uuidV7 } from '@takt/domain'

const secret = 'the-secret-of-a-test-plant'

/** Postgres, Redis and a state directory for the tests of one file. */
export interface Plant extends AsyncDisposable {
  readonly stateDir: string
  /** A film of moving picture, with a key frame a second. */
  readonly film: string
  /** Of the same as motion JPEG. */
  readonly oldFilm: string
  /** A database, a spool and a store of its own. */
  site(name: string): Promise<Site>
  cameras(cameras: readonly SimulatedCamera[]): ReturnType<typeof startCameras>
}

export interface Site extends AsyncDisposable {
  readonly db: Database
  readonly env: Readonly<Record<string, string>>
  readonly spool: string
  readonly store: string
  addCamera(camera: { readonly name: string; readonly url: string }): Promise<string>
}

export async function startPlant(): Promise<Plant> {
  await using building = new AsyncDisposableStack()
  const stateDir = await mkdtemp(join(tmpdir(), 'takt-ingest-'))
  building.defer(() => rm(stateDir, { recursive: true, force: true }))
  const postgres = building.use(await startPostgres({ stateDir, durability: 'fast' }))
  const redis = building.use(await startRedis({ stateDir }))
  const [film, oldFilm] = [join(stateDir, 'film.mp4'), join(stateDir, 'film.mkv')]
  await encodeFilm(film, ['libx264', '-preset', 'ultrafast', '-bf', '0', '-g', '12'])
  await encodeFilm(oldFilm, ['mjpeg'])
  const all = building.move()
  return {
    stateDir,
    film,
    oldFilm,
    site: async name =>
      openSite({ name, stateDir, databaseUrl: await postgres.createDatabase(name), redisUrl: redis.url }),
    cameras: async cameras => {
      const directory = await mkdtemp(join(stateDir, 'cameras-'))
      return startCameras({ cameras, stateDir: directory })
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

async function openSite(site: {
  readonly name: string
  readonly stateDir: string
  readonly databaseUrl: string
  readonly redisUrl: string
}): Promise<Site> {
  await migrate(site.databaseUrl)
  const db = openDatabase({ url: site.databaseUrl, connections: 4 })
  const seal = openSeal(secret)
  const [spool, store] = [join(site.stateDir, site.name, 'spool'), join(site.stateDir, site.name, 'store')]
  await mkdir(store, { recursive: true })
  return {
    db,
    spool,
    store,
    env: {
      DATABASE_URL: site.databaseUrl,
      REDIS_URL: site.redisUrl,
      REDIS_PREFIX: site.name,
      OBJECT_STORE_URL: pathToFileURL(store).href,
      TAKT_SECRET: secret,
      SPOOL_DIRECTORY: spool,
      SEGMENT_SECONDS: '1',
      CAMERA_TIMEOUT: '2s',
      CAMERA_STALL_AFTER: '6s',
      RECONNECT_FIRST: '300ms',
      RECONNECT_CAP: '1s',
      LOG_LEVEL: 'debug',
      HEALTH_HOST: '127.0.0.1',
      HEALTH_PORT: '0',
    },
    addCamera: async ({ name, url }) => {
      const id = uuidV7(Date.now(), randomBytes(uuidRandomBytes))
      const urlShown = url.replace(/\/\/.*@/, '//')
      await db.prisma.camera.create({
        data: { id, name, urlShown, urlSealed: new Uint8Array(seal.seal(url, cameraSealContext(id))) },
      })
      return id
    },
    [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
  }
}

async function encodeFilm(path: string, codec: readonly string[]): Promise<void> {
  const source = ['-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=12:d=10']
  const format = ['-pix_fmt', codec[0] === 'mjpeg' ? 'yuvj420p' : 'yuv420p', '-c:v', ...codec]
  await promisify(execFile)('ffmpeg', ['-nostdin', '-v', 'error', '-threads', '1', ...source, ...format, path])
}
