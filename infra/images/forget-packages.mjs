import { existsSync, lstatSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

/**
 * Removes packages from pnpm's store and then whatever nobody reaches any more. For a package that one function of a
 * dependency needs and an image never calls.
 * @param {object} options
 * @param {string} options.root the workspace's directory
 * @param {readonly string[]} options.names such as `prisma`
 * @param {readonly string[]} options.users directories of the workspace's packages that stay
 */
export const forgetPackages = ({ root, names, users }) => {
  const store = join(root, 'node_modules/.pnpm')
  const own = users.map(path => join(root, path, 'node_modules'))
  const entriesLinkedFrom = folder =>
    linksIn(folder)
      .filter(link => !names.includes(relative(folder, link)) && existsSync(link))
      .map(link => relative(realpathSync(store), realpathSync(link)).split(sep)[0])
      .filter(entry => entry !== '..')
  const reached = new Set()
  const pending = own.flatMap(entriesLinkedFrom)
  for (let entry = pending.pop(); entry !== undefined; entry = pending.pop()) {
    if (reached.has(entry)) continue
    reached.add(entry)
    pending.push(...entriesLinkedFrom(join(store, entry, 'node_modules')))
  }
  for (const entry of readdirSync(store))
    if (entry !== 'node_modules' && lstatSync(join(store, entry)).isDirectory() && !reached.has(entry))
      rmSync(join(store, entry), { recursive: true })
  const folders = [...reached].map(entry => join(store, entry, 'node_modules'))
  for (const folder of [join(store, 'node_modules'), ...own, ...folders])
    for (const link of linksIn(folder)) if (!existsSync(link)) rmSync(link)
}

/** Links to packages in a `node_modules`, those of a scope too. */
const linksIn = folder =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
        const path = join(folder, entry.name)
        if (entry.isSymbolicLink()) return [path]
        return entry.isDirectory() && entry.name.startsWith('@') ? linksIn(path) : []
      })
    : []
