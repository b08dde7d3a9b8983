import { rename, writeFile } from 'node:fs/promises'

/** Writes a JSON file that a reader sees whole or not at all, even if this process ends half-way. */
export async function writeWhole(path: string, value: unknown): Promise<void> {
  const temporary = `${path}.tmp`
  await writeFile(temporary, JSON.stringify(value))
  await rename(temporary, path)
}
