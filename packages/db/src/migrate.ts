import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const packageRoot = fileURLToPath(new URL('..', import.meta.url))

/** Applies every migration that the database lacks, with the stock Prisma CLI. Running it twice changes nothing. */
export async function migrate(url: string, signal?: AbortSignal): Promise<void> {
  const prisma = createRequire(import.meta.url).resolve('prisma/package.json')
  await promisify(execFile)(process.execPath, [join(dirname(prisma), 'build/index.js'), 'migrate', 'deploy'], {
    cwd: packageRoot,
    env: { ...process.env, DATABASE_URL: url, PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' },
    ...(signal && { signal }),
  })
}
