import { inProject } from './paths.mjs'
import { runChild } from './run-child.mjs'

const program = (/** @type {string} */ name) => inProject(`node_modules/.bin/${name}`)

/** @type {Readonly<Record<string, { command: string, args: readonly string[] }>>} */
export const checks = {
  lint: { command: program('biome'), args: ['check', '.'] },
  types: { command: program('turbo'), args: ['run', 'typecheck', '--output-logs=errors-only', '--continue'] },
  dependencies: { command: program('depcruise'), args: ['packages', 'services'] },
  'dead-code': { command: program('knip'), args: [] },
  proto: { command: inProject('packages/rpc/node_modules/.bin/buf'), args: ['lint', 'proto'] },
}

/**
 * Runs all checks, or those named, to the end, and says which failed.
 * @param {readonly string[]} names
 * @returns {Promise<number>} 1 if any failed, 2 if a name is unknown
 */
export const runChecks = async names => {
  const unknown = names.filter(name => !(name in checks))
  if (unknown.length > 0) {
    process.stderr.write(`takt: ${unknown.join(', ')}: not among the checks ${Object.keys(checks).join(', ')}\n`)
    return 2
  }
  const failed = []
  for (const [name, check] of Object.entries(checks)) {
    if (names.length > 0 && !names.includes(name)) continue
    process.stderr.write(`takt: check ${name}\n`)
    if ((await runChild(check)) !== 0) failed.push(name)
  }
  process.stderr.write(failed.length === 0 ? 'takt: all checks passed\n' : `takt: failed: ${failed.join(', ')}\n`)
  return failed.length === 0 ? 0 : 1
}
