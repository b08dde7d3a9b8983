import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's root directory. */
export const projectRoot = fileURLToPath(new URL('../../../', import.meta.url))

/**
 * A path inside the project.
 * @param {string} path
 */
export const inProject = path => join(projectRoot, path)

/** The project's own Node 24; the one that started this may be older. */
export const projectNode = inProject('node_modules/.bin/node')

/** The environment of everything that is run: the project's own programs come first. */
export const projectEnvironment = () => ({
  ...process.env,
  PATH: [inProject('node_modules/.bin'), process.env.PATH].join(delimiter),
})
