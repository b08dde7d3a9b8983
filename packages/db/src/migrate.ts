import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const packageRoot = fileURLToPath(new URL('..', import.meta.url))

/** Applies every migration that the database lacks, with the stock Prisma CLI. Running it twice changes nothing. */
export async function migrate(url: string, signal?: AbortSignal): Promise<void> {
  await prisma(url, ['migrate', 'deploy'], signal)
}

/** What `schema.prisma` says beyond what the migrations made of a database, as text; null when they agree. */
export async function schemaDrift(url: string): Promise<string | null> {
  const script = ['--from-config-datasource', '--to-schema', 'prisma/schema.prisma', '--exit-code']
  try {
    await prisma(url, ['migrate', 'diff', ...script])
    return null
  } catch (error) {
    const { code, stdout } = error as { code?: number; stdout?: string }
    // 2: there is a difference. Anything else is a failure to look.
    if (code !== 2) throw error
    return stdout ?? ''
  }
}

async function prisma(url: string, args: readonly string[], signal?: AbortSignal): Promise<void> {
  const cli = join(dirname(createRequire(import.meta.url).resolve('prisma/package.json')), 'build/index.js')
  await promisify(execFile)(process.execPath, [cli, ...args], {
    cwd: packageRoot,
    env: { ...process.env, DATABASE_URL: url, PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' },
    ...(signal && { signal }),
  })
}
