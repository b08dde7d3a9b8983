import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { waitForLock } from './lock.mjs'
import { runOrThrow } from './run-child.mjs'

/**
 * A Debian package and what the project needs of it; presence is judged by the thing needed, however it came here.
 * @typedef {{ name: string, programs?: readonly string[], python?: string, commands?: readonly string[] }} SystemPackage
 */

const withGst = "import gi; gi.require_version('Gst', '1.0'); from gi.repository import Gst; Gst.init(None)"
const element = (/** @type {string} */ name) => `${withGst}; assert Gst.ElementFactory.find('${name}')`

/** The system's own interpreter: GStreamer's bindings are installed for that one. */
const python = '/usr/bin/python3'

/** @type {readonly SystemPackage[]} */
export const systemPackages = [
  { name: 'ffmpeg', programs: ['ffmpeg', 'ffprobe'] },
  { name: 'redis-server', programs: ['redis-server'] },
  { name: 'python3-gi', python: 'import gi' },
  { name: 'gir1.2-gst-rtsp-server-1.0', python: "import gi; gi.require_version('GstRtspServer', '1.0')" },
  { name: 'gstreamer1.0-plugins-base', python: element('appsrc') },
  { name: 'gstreamer1.0-plugins-good', python: element('rtph264pay') },
  { name: 'gstreamer1.0-plugins-bad', python: element('h264parse') },
  { name: 'ceph-mon', programs: ['ceph-mon', 'ceph', 'ceph-authtool', 'monmaptool'], commands: ['test'] },
  { name: 'ceph-osd', programs: ['ceph-osd'], commands: ['test'] },
  { name: 'radosgw', programs: ['radosgw', 'radosgw-admin'], commands: ['test'] },
  { name: 'curl', programs: ['curl'], commands: ['test'] },
  { name: 'jq', programs: ['jq'], commands: ['test'] },
  { name: 'prometheus', programs: ['promtool'], commands: ['test'] },
]

/** Commands that neither start a plant nor decode video. */
const commandsWithoutPackages = ['check']

/**
 * Installs what `command` needs and the machine lacks; throws with the exact command to run where it may not.
 * @param {string} command
 */
export const requirePackages = async command => {
  if (missingPackages(command).length === 0) return
  const lock = await waitForLock('system packages', pid => say(`waiting for process ${pid}, which installs packages`))
  try {
    const missing = missingPackages(command)
    if (missing.length > 0) await install(missing)
  } finally {
    await lock.release()
  }
}

/**
 * @param {string} command
 * @returns {readonly string[]}
 */
const missingPackages = command =>
  commandsWithoutPackages.includes(command)
    ? []
    : systemPackages
        .filter(({ commands }) => commands === undefined || commands.includes(command))
        .filter(needed => !isPresent(needed))
        .map(({ name }) => name)

const isPresent = (/** @type {SystemPackage} */ { programs = [], python: code }) =>
  programs.every(onPath) && (code === undefined || spawnSync(python, ['-c', code], { stdio: 'ignore' }).status === 0)

const onPath = (/** @type {string} */ program) =>
  [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'].some(directory => {
    try {
      accessSync(join(directory, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })

/**
 * What to run to install packages, without sudo.
 * @param {readonly string[]} packages
 */
export const aptCommands = packages => [
  ['apt-get', 'update'],
  ['apt-get', 'install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', ...packages],
]

/**
 * What to tell a user who may not install packages.
 * @param {readonly string[]} packages
 */
export const installByHand = packages => {
  const commands = aptCommands(packages).map(line => `sudo ${line.join(' ')}`)
  return `system packages are missing: ${packages.join(', ')}. Install them, then run this again:\n\n  ${commands.join(' && ')}\n`
}

const install = async (/** @type {readonly string[]} */ packages) => {
  const prefix = becomeRoot()
  if (prefix === undefined || !onPath('apt-get')) throw new Error(installByHand(packages))
  say(`installing system packages: ${packages.join(', ')}`)
  for (const line of aptCommands(packages)) {
    const [command = '', ...args] = [...prefix, ...line]
    await runOrThrow({ command, args, output: 'stderr' }, 'installing system packages')
  }
  const still = packages.filter(
    name => !isPresent(/** @type {SystemPackage} */ (systemPackages.find(p => p.name === name))),
  )
  if (still.length > 0)
    throw new Error(`apt-get installed ${still.join(', ')}, but what is needed of them does not work`)
}

/** @returns {readonly string[] | undefined} what to put before a command; undefined where this user may not install */
const becomeRoot = () => {
  if (process.getuid?.() === 0) return ['env', 'DEBIAN_FRONTEND=noninteractive']
  if (spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0)
    return ['sudo', '-n', 'env', 'DEBIAN_FRONTEND=noninteractive']
  return undefined
}

const say = (/** @type {string} */ text) => process.stderr.write(`takt: ${text}\n`)
