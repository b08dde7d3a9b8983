import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What a plant keeps secret: it has to outlive a restart, since it seals what lies in the database. */
export interface PlantSecrets {
  readonly sealing: string
  readonly adminKey: string
}

/** The secrets of a state directory, made when it has none. */
export async function plantSecrets(stateDir: string): Promise<PlantSecrets> {
  const path = join(stateDir, 'secrets.json')
  try {
    return JSON.parse(await readFile(path, 'utf8')) as PlantSecrets
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const secrets = { sealing: randomSecret(), adminKey: `takt_admin_${randomSecret()}` }
  await writeFile(path, JSON.stringify(secrets), { mode: 0o600 })
  return secrets
}

const randomSecret = (): string => randomBytes(24).toString('hex')
