import { runChecks } from './checks.mjs'
import { inProject, projectNode } from './paths.mjs'
import { runChild } from './run-child.mjs'
import { runTests } from './run-tests.mjs'

/** @typedef {(args: readonly string[]) => Promise<number>} Run */

/**
 * Runs a TypeScript file of the project with its own Node.
 * @param {string} path
 * @returns {Run}
 */
const script = path => args => runChild({ command: projectNode, args: [inProject(path), ...args] })

/** @type {Readonly<Record<string, Run>>} */
const commands = {
  demo: script('packages/dev-env/src/demo.ts'),
  dev: script('packages/dev-env/src/dev.ts'),
  bench: script('packages/bench/src/main.ts'),
  takt: script('packages/cli/src/main.ts'),
  test: runTests,
  check: runChecks,
}

export const commandNames = Object.keys(commands)

/**
 * @param {string} name one of `commandNames`
 * @param {readonly string[]} args what follows it on the command line
 * @returns {Promise<number>} the exit code
 */
export const runCommandLine = (name, args) => /** @type {Run} */ (commands[name])(args)
