import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inProject } from './paths.mjs'
import { runChild } from './run-child.mjs'
import { totalsOf } from './test-totals.mjs'

/**
 * Runs every test, or those that `args` choose, and ends with one line of totals.
 * @param {readonly string[]} args for vitest
 * @returns {Promise<number>} vitest's exit code
 */
export const runTests = async args => {
  const directory = await mkdtemp(join(tmpdir(), 'takt-tests-'))
  const report = join(directory, 'report.json')
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    const code = await runChild({
      command: inProject('node_modules/.bin/vitest'),
      args: ['run', ...reporters, ...args],
    })
    const text = await readFile(report, 'utf8').catch(() => undefined)
    if (text === undefined) {
      process.stderr.write('takt: vitest ended without a report; nothing is known to have passed\n')
      return code === 0 ? 1 : code
    }
    process.stdout.write(`${totalsOf(JSON.parse(text))}\n`)
    return code
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
