import { readFile } from 'node:fs/promises'
import { inProject } from './paths.mjs'

/** The package manager that `package.json` names, such as `pnpm@12.21.0`. */
export const packageManager = async () =>
  /** @type {string} */ (JSON.parse(await readFile(inProject('package.json'), 'utf8')).packageManager)

/**
 * Runs pnpm without its being installed.
 * @param {readonly string[]} args
 * @returns {Promise<import('./run-child.mjs').Child>}
 */
export const pnpm = async args => ({ command: 'npx', args: ['-y', await packageManager(), ...args] })

/**
 * Runs turbo under pnpm, because turbo looks for the package manager on the PATH.
 * @param {readonly string[]} args
 * @returns {Promise<import('./run-child.mjs').Child>}
 */
export const turbo = async args => ({
  ...(await pnpm(['exec', 'turbo', 'run', ...args, '--output-logs=errors-only'])),
  env: { TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' },
})
