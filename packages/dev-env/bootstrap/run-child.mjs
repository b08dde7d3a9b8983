import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { projectEnvironment, projectRoot } from './paths.mjs'

/** @typedef {{ command: string, args: readonly string[], env?: Readonly<Record<string, string>>, output?: 'inherit' | 'stderr' }} Child */

/**
 * Runs a program in the project's root, passes signals on to it and returns its exit code (128 + n after signal n).
 * `output: 'stderr'` keeps standard output clean.
 * @param {Child} child
 * @returns {Promise<number>}
 */
export const runChild = ({ command, args, env = {}, output = 'inherit' }) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: projectRoot,
      env: { ...projectEnvironment(), ...env },
      stdio: output === 'inherit' ? 'inherit' : ['ignore', 2, 2],
    })
    const passOn = (/** @type {NodeJS.Signals} */ signal) => {
      // A terminal's Ctrl-C has reached the child already; a second one would mean "at once".
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    }
    for (const signal of signals) process.on(signal, passOn)
    child.once('error', error => reject(new Error(`${command} cannot be started: ${error.message}`, { cause: error })))
    child.once('exit', (code, signal) => {
      for (const name of signals) process.off(name, passOn)
      resolve(code ?? 128 + constants.signals[/** @type {NodeJS.Signals} */ (signal)])
    })
  })

/** @type {readonly NodeJS.Signals[]} */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * @param {Child} child
 * @param {string} doing for the error
 */
export const runOrThrow = async (child, doing) => {
  const code = await runChild(child)
  if (code !== 0) throw new Error(`${doing} failed (exit code ${code}): ${child.command} ${child.args.join(' ')}`)
}
