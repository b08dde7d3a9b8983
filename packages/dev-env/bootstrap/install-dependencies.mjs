import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { waitForLock } from './lock.mjs'
import { inProject, projectRoot } from './paths.mjs'
import { packageManager, pnpm, turbo } from './pnpm.mjs'
import { runOrThrow } from './run-child.mjs'

const stamp = inProject('node_modules/.takt-installed')
const decidesInstall = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json']

/** Installs the lockfile's packages where that has not been done, and generates code; only one process at a time does so. */
export const installDependencies = async () => {
  const lock = await waitForLock(`install ${projectRoot}`, pid => say(`waiting for process ${pid}, which installs`))
  try {
    await installPackages()
    await runOrThrow({ ...(await turbo(['generate'])), output: 'stderr' }, 'generating code')
  } finally {
    await lock.release()
  }
}

const installPackages = async () => {
  const wanted = await fingerprint()
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return
  say(`installing packages with ${await packageManager()}`)
  await runOrThrow(
    {
      ...(await pnpm(['install', '--frozen-lockfile'])),
      // The CPU provider is in the package; its install script would download CUDA libraries.
      env: { ONNXRUNTIME_NODE_INSTALL: 'skip' },
      output: 'stderr',
    },
    'installing packages',
  )
  await writeFile(stamp, wanted)
}

const fingerprint = async () => {
  const hash = createHash('sha256')
  for (const path of decidesInstall) hash.update(await readFile(inProject(path)))
  return hash.digest('hex')
}

const say = (/** @type {string} */ text) => process.stderr.write(`takt: ${text}\n`)
