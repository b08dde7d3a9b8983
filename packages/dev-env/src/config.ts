import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's root directory. */
export const projectRoot = fileURLToPath(new URL('../../../', import.meta.url))

/** Where the embedded plant keeps its state: `TAKT_STATE`, or `.takt` in the project. */
export const stateDirectoryPath = (env: NodeJS.ProcessEnv = process.env): string =>
  env.TAKT_STATE || join(projectRoot, '.takt')

/** The environment that child processes need to run at all; nothing of the plant's own configuration leaks through it. */
export const childEnvironment = (env: NodeJS.ProcessEnv = process.env): Readonly<Record<string, string>> =>
  Object.fromEntries(
    ['PATH', 'HOME', 'LANG', 'TMPDIR', 'TZ'].flatMap(name => (env[name] === undefined ? [] : [[name, env[name]]])),
  )
